package e2e

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// requireReport compares the report of everything with the store's own orders, and with the credit notes of the ERP.
func requireReport(t *testing.T, x *tandem, orders []shopOrder) {
	type sums struct {
		orders     int
		total, tax decimal.Decimal
	}
	want := map[string]sums{}
	for _, o := range orders {
		s := want[o.Currency]
		want[o.Currency] = sums{s.orders + 1, s.total.Add(o.Total), s.tax.Add(o.Tax)}
	}
	refunds := map[string]string{}
	totals, err := x.backend.Totals(t.Context(), instanceID)
	require.NoError(t, err)
	for _, r := range totals.Refunds {
		refunds[r.Currency] = r.Total.String()
	}
	report := get[gen.SalesReport](x, "/reports/sales?status=any&by=month&by=status&instance="+instanceID)
	require.Empty(t, report.Uncounted)
	seen := 0
	for _, c := range report.Cells {
		if len(c.TotalOver) < 2 {
			continue
		}
		seen++
		charged := decimal.RequireFromString(c.Gross).Sub(decimal.RequireFromString(c.Credit))
		require.Equal(t, want[c.Currency].orders, c.Orders)
		require.Equal(t, want[c.Currency].total.String(), charged.String(), c.Currency)
		require.Equal(t, want[c.Currency].tax.String(), c.Tax, c.Currency)
		require.Equal(t, refunds[c.Currency], c.Refunds, c.Currency)
	}
	require.Len(t, want, seen)
}
