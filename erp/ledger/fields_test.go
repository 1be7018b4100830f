package ledger

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/landing"
)

func TestFieldsOfAMetaMapping(t *testing.T) {
	key := erp.Key{Instance: "demo", Entity: "product", ID: "1"}
	for name, c := range map[string]struct {
		fields map[string]string
		code   string // empty: nothing is wrong
	}{
		"none":                     {},
		"a column and one's own":   {fields: map[string]string{"reference": "A1", "x_gift": "yes"}},
		"a field nobody knows":     {fields: map[string]string{"gift": "yes"}, code: "unknown_field"},
		"a column not to be given": {fields: map[string]string{"id": "5"}, code: "unknown_field"},
	} {
		t.Run(name, func(t *testing.T) {
			order := erp.Order{Partner: key, Date: time.Unix(0, 0), Fields: c.fields}
			product := erp.Product{Key: key, Kind: erp.Simple, Fields: c.fields, Variants: []erp.Variant{{Key: key}}}
			variant := erp.Product{Key: key, Kind: erp.Simple, Variants: []erp.Variant{{Key: key, Fields: c.fields}}}
			partner := erp.Partner{Key: key, Fields: c.fields}
			for _, r := range []*landing.Refusal{checkOrder(&order), checkProduct(&product), checkProduct(&variant), checkPartner(&partner)} {
				if c.code == "" {
					require.Nil(t, r)
					continue
				}
				require.Equal(t, c.code, r.Code)
				require.Contains(t, r.Reason, "reference")
			}
		})
	}
}

func TestWhatIsWrongByItselfComesBeforeItsFields(t *testing.T) {
	fields := map[string]string{"gift": "yes"}
	require.Equal(t, "invalid", checkOrder(&erp.Order{Fields: fields}).Code)
	require.Equal(t, "invalid_kind", checkProduct(&erp.Product{Fields: fields}).Code)
	require.Equal(t, "invalid_kind", checkPartner(&erp.Partner{Fields: fields, Addresses: []erp.Address{{}}}).Code)
}
