package erp_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestMeasuresAreConverted(t *testing.T) {
	for _, c := range []struct {
		convert                  func(decimal.Decimal, string, string) (decimal.Decimal, bool)
		amount, from, to, wanted string
		known                    bool
	}{
		{erp.ConvertWeight, "1.5", "kg", "kg", "1.5", true},
		{erp.ConvertWeight, "1", "kg", "lbs", "2.204622621849", true},
		{erp.ConvertWeight, "16", "oz", "lbs", "1", true},
		{erp.ConvertWeight, "1", "stone", "kg", "0", false},
		{erp.ConvertWeight, "1", "kg", "", "0", false},
		{erp.ConvertLength, "1", "m", "in", "39.370078740157", true},
		{erp.ConvertLength, "25.4", "mm", "in", "1", true},
		{erp.ConvertLength, "1", "m", "ell", "0", false},
	} {
		got, known := c.convert(decimal.RequireFromString(c.amount), c.from, c.to)
		require.Equal(t, c.known, known, "%+v", c)
		require.Equal(t, c.wanted, got.String(), "%+v", c)
	}
}
