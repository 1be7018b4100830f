package stock

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// N17: the store's figure is a whole number, so fractions are rounded down.
func TestOffer(t *testing.T) {
	for _, test := range []struct {
		left       string
		buffer     int
		backorders bool
		want       string
	}{
		{"10", 0, false, "10"}, {"2.9", 0, false, "2"}, {"0.5", 0, false, "0"}, {"-0.5", 0, false, "0"}, {"-0.5", 0, true, "-1"},
		{"10", 3, false, "7"}, {"2", 3, false, "0"}, {"2", 3, true, "-1"}, {"3.9", 3, false, "0"},
	} {
		got := offer(decimal.RequireFromString(test.left), test.buffer, test.backorders)
		require.Equal(t, test.want, got.String(), "%+v", test)
	}
}

func TestIDsOfTheERP(t *testing.T) {
	for id, want := range map[string]bool{"17": true, "17/21": true, "": false, "x": false, "17/": false, "/21": false, "17/x": false, "17/21/3": false} {
		require.Equal(t, want, isERPID(id), id)
	}
}
