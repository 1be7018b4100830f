package instance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/instance"
)

func TestWhereShipmentsAreKept(t *testing.T) {
	for _, c := range []struct {
		target string
		has    []string
		want   string
	}{
		{"", []string{"fulfillments", "shipment_tracking", "note"}, "fulfillments"},
		{"auto", []string{"shipment_tracking", "ast", "note"}, "shipment_tracking"},
		{"auto", []string{"ast", "note"}, "ast"},
		{"auto", []string{""}, "note"}, // connected by an older version
		{"note", []string{"fulfillments", "note"}, "note"},
	} {
		require.Equal(t, c.want, instance.Tracking{Target: c.target}.TargetFor(c.has), "%q of %v", c.target, c.has)
	}
}
