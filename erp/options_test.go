package erp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestRoundingThatDiffersIsWarnedOf(t *testing.T) {
	for _, c := range []struct {
		erp, store erp.Rounding
		warns      bool
	}{
		{erp.RoundLines, erp.RoundLines, false},
		{erp.RoundOrders, erp.RoundOrders, false},
		{erp.RoundLines, erp.RoundOrders, true},
		{erp.RoundOrders, erp.RoundLines, true},
		{"", erp.RoundLines, false},
		{erp.RoundLines, "", false},
	} {
		warning := erp.Info{Name: "Odoo", Rounding: c.erp}.RoundingWarning(c.store)
		require.Equal(t, c.warns, warning != "", "%q and %q", c.erp, c.store)
		if c.warns {
			require.Contains(t, warning, "Odoo rounds taxes by "+string(c.erp)+" and the store by "+string(c.store))
		}
	}
}
