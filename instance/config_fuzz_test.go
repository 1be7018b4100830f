package instance_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

// FuzzConfig: whatever a configuration says, checking it ends and refuses it by the names of its fields.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"order":{"rounding_limit":"1e999999999"}}`, `{"order":{"rounding_limit":"1e-999999999","cut_off":"2026-02-30"}}`,
		`{"general":{"currency":"§","currencies":["EUR","EUR"]},"order":{"workflows":[{"match":"","workflow":""}],"placeholder_product":"-1"}}`,
		`{"meta":{"enabled":true,"mappings":[{"entity":"order","key":"","field":"x_","type":"date"}]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c instance.Config
		if json.Unmarshal(raw, &c) != nil {
			return
		}
		if err := c.Validate(); err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		}
		if _, err := c.Order.RoundingLimitOf(2, 3); err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		}
	})
}
