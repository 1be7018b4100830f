package sales

import (
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/salebatch"
	"tandem/instance"
	"tandem/schema/schematest"
	"tandem/woo"
)

func TestMain(m *testing.M) { schematest.Main(m) }

// finerThanCoins counts the postings that no bank could pay.
const finerThanCoins = `
SELECT count(*)
FROM ledger.postings p
JOIN ledger.journal_entries e ON e.id = p.entry_id
JOIN ledger.currencies c ON c.code = e.currency
WHERE p.debit <> round(p.debit, c.decimals) OR p.credit <> round(p.credit, c.decimals)`

// receivedWrongly counts the invoices whose postings are not what the order says: the total receivable, each rate's tax on
// its tax, nothing for rounding, and the rest as income.
const receivedWrongly = `
SELECT count(*)
FROM ledger.orders o
JOIN ledger.journal_entries e ON e.order_id = o.id AND e.kind = 'invoice'
CROSS JOIN LATERAL (
    SELECT coalesce(sum(p.debit - p.credit) FILTER (WHERE a.kind = 'receivable'), 0) AS receivable,
           coalesce(sum(p.credit - p.debit) FILTER (WHERE a.kind = 'tax'), 0) AS tax,
           coalesce(sum(p.credit - p.debit) FILTER (WHERE a.kind = 'income'), 0) AS income,
           count(*) FILTER (WHERE a.kind = 'rounding') AS rounding
    FROM ledger.postings p JOIN ledger.accounts a ON a.id = p.account_id
    WHERE p.entry_id = e.id
) sums
WHERE sums.receivable <> o.total OR sums.tax <> o.tax OR sums.income <> o.untaxed OR sums.rounding > 0`

// TestRecordedOrdersInTheLedger lands and invoices every recorded order: the books have the store's total and its tax per
// rate, in whole coins and without a posting for rounding, and landing them again changes nothing.
func TestRecordedOrdersInTheLedger(t *testing.T) {
	db := schematest.New(t)
	ec := entitytest.Demo()
	ec.Backend = ledger.Open(db)
	ec.Instance.Config.General.Currencies = []string{"JPY", "KWD", "CAD", "USD"}
	ec.Instance.Config.Order.SalesTeam, ec.Instance.Config.Order.Salesperson = "website", "admin"
	ec.Instance.Config.Order.Placeholder = "99"

	var records []orderRecord
	for i, name := range recordedExactly(t) {
		o := entitytest.RecordedOrder(t, name)
		o.ID = woo.ID(i + 1)
		records = append(records, orderRecord{Order: o})
	}
	stockUp(t, ec, records)
	for _, status := range []erp.Status{erp.Created, erp.Unchanged} {
		results, err := entitytest.Land(t.Context(), ec, Orders, entitytest.PageOf(Orders, records...))
		require.NoError(t, err)
		for _, result := range results {
			require.Equal(t, status, result.Status, "%s: %s", result.Code, result.Reason)
		}
	}
	requireBooked(t, ec, db, records)
}

// stockUp lands a product for everything that orders sold.
func stockUp(t *testing.T, ec mapping.Context, records []orderRecord) {
	t.Helper()
	seen := map[erp.Key]bool{}
	var products []erp.Product
	stock := func(sold erp.Key) {
		if !seen[sold] && !sold.IsZero() {
			seen[sold] = true
			products = append(products, erp.Product{Key: sold, Kind: erp.Simple, Name: "Product", Variants: []erp.Variant{{Key: sold, Active: true}}})
		}
	}
	stock(mapping.NamedKey(ec, mapping.ProductName, ec.Instance.Config.Order.Placeholder))
	for _, r := range records {
		for _, line := range r.LineItems {
			stock(soldProduct(ec, line))
		}
	}
	outcomes, err := ec.Backend.UpsertProducts(t.Context(), products)
	require.NoError(t, err)
	for _, outcome := range outcomes {
		require.True(t, outcome.Landed(), outcome.Reason)
	}
}

func requireBooked(t *testing.T, ec mapping.Context, db *sqlx.DB, records []orderRecord) {
	t.Helper()
	steps := salebatch.New(ec.Backend)
	keys := make([]erp.Key, len(records))
	for i, r := range records {
		keys[i] = mapping.KeyOf(ec, mapping.OrderName, r.ID)
		if r.Status == woo.OrderCancelled {
			continue
		}
		_, err := steps.ConfirmOrder(t.Context(), keys[i])
		require.NoError(t, err)
		state, err := steps.InvoiceOrder(t.Context(), keys[i], erp.InvoiceRequest{})
		require.NoError(t, err)
		require.True(t, state.Due.Equal(r.Total.Decimal), "%s is due of %s", state.Due, r.Total)
	}
	figures, err := ec.Backend.OrderFigures(t.Context(), keys)
	require.NoError(t, err)
	for i, r := range records {
		require.True(t, figures[i].Total.Equal(r.Total.Decimal), "order %d", i)
		for j, tax := range r.TaxLines {
			requireNear(t, tax.TaxTotal.Add(tax.ShippingTaxTotal.Decimal), figures[i].Taxes[j].Amount, instance.CurrencyDecimals(r.Currency))
		}
	}
	for _, wrong := range []string{finerThanCoins, receivedWrongly} {
		var count int
		require.NoError(t, db.Get(&count, wrong))
		require.Zero(t, count, wrong)
	}
}
