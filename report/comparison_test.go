package report_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/report"
	"tandem/woo"
)

// compare lists what the store says and what the ledger holds of all orders and refunds.
func (s *shop) compare() []report.Compared {
	s.t.Helper()
	list, err := report.ReadCompared(s.t.Context(), s.db, []report.Zone{{Instance: "demo", Location: time.UTC}}, report.Filter{})
	require.NoError(s.t, err)
	keys := make([]erp.Key, len(list))
	for i, c := range list {
		keys[i] = erp.Key{Instance: c.Instance, Entity: c.Kind, ID: c.WooID}
	}
	totals, err := s.ec.Backend.(erp.SaleTotals).SaleTotals(s.t.Context(), keys)
	require.NoError(s.t, err)
	for i, total := range totals {
		require.True(s.t, total.Valid, list[i].WooID)
		require.Equal(s.t, list[i].ERP.String(), total.Decimal.String(), "what landed and what the ledger holds of %s", list[i].WooID)
		list[i].ERP = total.Decimal
	}
	return list
}

// requireCompared compares all orders and refunds of a store with the ledger: they are equal, and add up to what the report says.
func requireCompared(t *testing.T, s *shop) {
	list := s.compare()
	require.NotEmpty(t, list)
	sums := map[string]decimal.Decimal{}
	for _, d := range report.CompareDays([]report.Zone{{Instance: "demo", Location: time.UTC}}, list) {
		require.Equal(t, []any{0, 0, "0"}, []any{d.Differing, d.Incomplete, d.Difference().String()}, "%s %s", d.Day, d.Currency)
		sums[d.Currency] = sums[d.Currency].Add(d.Store)
	}
	for currency, c := range s.total() {
		require.Equal(t, c.Gross.Sub(c.Credit).Sub(c.Refunds).String(), sums[currency].String(), currency)
	}
}

// An order that the store changed and that did not land again differs, on the day it was placed by the clock of the store.
func TestComparisonFindsWhatDiffers(t *testing.T) {
	s := openShop(t, smallShop)
	s.pullCatalogue()
	line := []woo.Fields{{"product_id": s.products()[0].ID, "quantity": 1, "subtotal": "10.00", "total": "10.00"}}
	first, second := s.sell(woo.Fields{"line_items": line}), s.sell(woo.Fields{"line_items": line})
	s.pullLanding("order")
	s.raw.MustExec(`UPDATE tandem.sales SET at = '2026-03-29T22:30:00Z'`)
	s.raw.MustExec(`
		UPDATE tandem.raw_records SET raw = convert_to(jsonb_set(convert_from(raw, 'UTF8')::jsonb, '{total}', '"15.5"')::text, 'UTF8')
		WHERE entity = 'order' AND woo_id = $1`, first.ID.String())
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	zones := []report.Zone{{Instance: "demo", Location: paris}}

	list := s.compare()
	var differing []string
	for _, c := range list {
		if c.Differs() {
			differing = append(differing, c.WooID)
		}
	}
	require.Equal(t, []string{first.ID.String()}, differing)
	days := report.CompareDays(zones, list)
	require.Len(t, days, 1)
	require.Equal(t, "2026-03-30", days[0].Day.Format(time.DateOnly), "it is half past midnight in Paris")
	require.Equal(t, []any{2, 1, 0, "-3.5"}, []any{days[0].Sales, days[0].Differing, days[0].Incomplete, days[0].Difference().String()})

	s.raw.MustExec(`DELETE FROM tandem.raw_records WHERE entity = 'order' AND woo_id = $1`, second.ID.String())
	days = report.CompareDays(zones, s.compare())
	require.Equal(t, []any{1, 1, 1}, []any{days[0].Sales, days[0].Differing, days[0].Incomplete})
}
