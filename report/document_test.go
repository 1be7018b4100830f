package report_test

import (
	"context"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/report"
)

// A printed report has the figures of the reports of its days, and lists all that they count.
func TestADocumentHasTheFiguresOfItsDays(t *testing.T) {
	s := openShop(t, fullShop())
	s.pullSales()
	zone := report.Zone{Instance: s.ec.Instance.ID, Location: time.UTC}
	var first, last time.Time
	require.NoError(t, s.raw.QueryRow(`SELECT date_trunc('day', min(at)), date_trunc('day', max(at)) FROM tandem.sales`).Scan(&first, &last))
	d, err := report.ReadDocument(t.Context(), s.db, report.DocumentRequest{Zone: zone, From: first, To: last, Listed: true})
	require.NoError(t, err)

	want, err := report.ReadSales(t.Context(), s.db, []report.Zone{zone}, report.Request{})
	require.NoError(t, err)
	require.Equal(t, want.Cells, d.Total.Cells)
	for _, total := range d.Total.Cells {
		var sold, back, listed report.Cell
		for _, o := range d.Orders {
			if o.Currency != total.Currency {
				continue
			}
			if o.Kind == "order" {
				sold.Net, sold.Tax, sold.Gross, sold.Orders = sold.Net.Add(o.Net), sold.Tax.Add(o.Tax), sold.Gross.Add(o.Gross), sold.Orders+1
			} else {
				back.Net, back.Tax = back.Net.Add(o.Net), back.Tax.Add(o.Tax)
			}
		}
		require.Equal(t, amounts(total.Net, total.Tax, total.Gross), amounts(sold.Net, sold.Tax, sold.Gross))
		require.Equal(t, amounts(total.RefundNet, total.RefundTax), amounts(back.Net, back.Tax))
		require.Equal(t, total.Orders, sold.Orders)
		for _, c := range d.Periods.Cells {
			if c.Currency == total.Currency && !c.IsTotal() {
				addCell(&listed, c)
			}
		}
		require.Equal(t, amounts(total.Gross), amounts(listed.Gross))
	}
	require.NotEmpty(t, d.Products.Cells)
	perCurrency := map[string]int{}
	for i, c := range d.Products.Cells {
		perCurrency[c.Currency]++
		require.NotEmpty(t, c.Keys[0].Label)
		if i > 0 && d.Products.Cells[i-1].Currency == c.Currency {
			require.False(t, c.Net.GreaterThan(d.Products.Cells[i-1].Net), "the first brought in most")
		}
	}
	for _, n := range perCurrency {
		require.LessOrEqual(t, n, 10)
	}
	require.True(t, d.Orders[0].At.Before(d.Orders[len(d.Orders)-1].At))

	_, err = report.ReadDocument(t.Context(), s.db, report.DocumentRequest{Zone: zone, From: last})
	require.ErrorContains(t, err, "first and its last day")
}

func TestPeriodsOfADocument(t *testing.T) {
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for days, want := range map[int]report.Dimension{1: report.Day, 31: report.Day, 90: report.Week, 365: report.Month, 3000: report.Quarter, 9000: report.Year} {
		d, err := report.ReadDocument(t.Context(), nothing{}, report.DocumentRequest{From: first, To: first.AddDate(0, 0, days-1)})
		require.NoError(t, err)
		require.Equal(t, want, d.Period, days)
		require.LessOrEqual(t, len(d.AllPeriods()), 50)
	}
}

// nothing is a database that is not asked.
type nothing struct{}

func (nothing) ReadOnly(context.Context, string, time.Duration, func(*sqlx.Tx) error) error {
	return nil
}
