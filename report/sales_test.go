package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/report"
	"tandem/woo"
	"tandem/woo/wootest"
)

// fullShop is a store with every kind of order and refund, in three currencies.
func fullShop() wootest.Options {
	o := wootest.Demo()
	o.Products, o.Variable, o.Customers, o.Orders = 40, 10, 30, 250
	return o
}

// TestSalesAddUp lands a full store in a ledger and adds the same up in three ways: as the report does, straight from the store's orders and
// refunds, and from the postings of the ledger.
func TestSalesAddUp(t *testing.T) {
	s := openShop(t, fullShop())
	s.pullSales()

	t.Run("as the store's orders and refunds", func(t *testing.T) { requireStore(t, s) })
	t.Run("as the ledger's postings", func(t *testing.T) { requirePostings(t, s) })
	t.Run("as the migration fills in", func(t *testing.T) { requireFigures(t, s) })
	t.Run("as what is compared", func(t *testing.T) { requireCompared(t, s) })
	t.Run("whatever they are grouped by", func(t *testing.T) { requireAdditive(t, s) })
	t.Run("imported again", func(t *testing.T) {
		before := s.total()
		s.pullLanding("order")
		s.pull("refund")
		require.Equal(t, before, s.total())
	})
}

// pullSales imports all that is sold and given back, and invoices it.
func (s *shop) pullSales() {
	s.t.Helper()
	s.pullCatalogue()
	orders := s.pullLanding("order")
	var sold []string
	for id := range orders {
		if status(s, id) != woo.OrderCancelled {
			sold = append(sold, id)
		}
	}
	slices.Sort(sold)
	s.invoice(sold...)
	for id, o := range s.pull("refund") {
		require.True(s.t, o.Landed() || status(s, strings.Split(id, "/")[0]) == woo.OrderCancelled, "%s: %s %s", id, o.Code, o.Reason)
	}
}

func status(s *shop, order string) (status string) {
	require.NoError(s.t, s.raw.Get(&status, `SELECT status FROM tandem.raw_records WHERE entity = 'order' AND woo_id = $1`, order))
	return status
}

// requireStore adds up what the store says, knowing nothing of how it is kept.
func requireStore(t *testing.T, s *shop) {
	type sums struct {
		orders                     int64
		total, tax, refunds, units decimal.Decimal
		rates                      map[string]decimal.Decimal
	}
	want := map[string]*sums{}
	for o, err := range s.ec.Store.Orders.All(t.Context(), woo.ListOptions{}) {
		require.NoError(t, err)
		if o.Status == woo.OrderCheckoutDraft || o.Status == woo.OrderTrash {
			continue
		}
		sum := want[o.Currency]
		if sum == nil {
			sum = &sums{rates: map[string]decimal.Decimal{}}
			want[o.Currency] = sum
		}
		sum.orders++
		sum.total, sum.tax = sum.total.Add(o.Total.Decimal), sum.tax.Add(o.TotalTax.Decimal)
		for _, item := range o.LineItems {
			sum.units = sum.units.Add(item.Quantity.Decimal)
		}
		for _, line := range o.TaxLines {
			rate := line.RatePercent.String()
			sum.rates[rate] = sum.rates[rate].Add(line.TaxTotal.Decimal).Add(line.ShippingTaxTotal.Decimal)
		}
		for _, r := range o.Refunds {
			if o.Status != woo.OrderCancelled { // nothing was invoiced that could be given back
				sum.refunds = sum.refunds.Sub(r.Total.Decimal)
			}
		}
	}
	got := s.total()
	require.Len(t, got, len(want))
	for currency, sum := range want {
		c := got[currency]
		require.Equal(t, sum.orders, c.Orders, currency)
		require.Equal(t, sum.total.String(), c.Gross.Sub(c.Credit).String(), currency)
		require.Equal(t, sum.tax.String(), c.Tax.String(), currency)
		require.Equal(t, sum.units.String(), c.Units.String(), currency)
		require.Equal(t, sum.refunds.String(), c.Refunds.String(), currency)
		require.Equal(t, texts(sum.rates), texts(perRate(c.Taxes)), currency)
		require.Equal(t, c.Gross.DivRound(decimal.NewFromInt(c.Orders), 2).String(), c.Average.String(), currency)
		require.False(t, c.Refunds.IsZero(), "the store gave something back")
	}
}

// requirePostings adds up what is posted of the orders that are invoiced, which are all but cancelled ones.
func requirePostings(t *testing.T, s *shop) {
	var rows []struct {
		Currency string
		Kind     string
		Account  string
		Rate     decimal.Decimal
		Amount   decimal.Decimal
	}
	require.NoError(t, s.raw.Select(&rows, `
		SELECT e.currency, e.kind, a.kind AS account, coalesce(t.rate, 0) AS rate, sum(p.credit - p.debit) AS amount
		FROM ledger.postings p JOIN ledger.journal_entries e ON e.id = p.entry_id JOIN ledger.accounts a ON a.id = p.account_id
		LEFT JOIN ledger.taxes t ON t.id = p.tax_id
		WHERE e.kind IN ('invoice', 'credit_note') GROUP BY 1, 2, 3, 4`))
	posted := map[string]decimal.Decimal{}
	for _, r := range rows {
		amount := r.Amount
		if r.Kind == "credit_note" {
			amount = amount.Neg()
		}
		account := strings.TrimSuffix(r.Account, "_refund")
		if account == "rounding" {
			account = "income"
		}
		name := fmt.Sprintf("%s %s %s", r.Currency, r.Kind, account)
		posted[name] = posted[name].Add(amount)
		if account == "tax" {
			name += " " + r.Rate.String()
			posted[name] = posted[name].Add(amount)
		}
	}
	counted := map[string]decimal.Decimal{}
	add := func(name string, amount decimal.Decimal) { counted[name] = counted[name].Add(amount) }
	statuses := []string{"pending", "processing", "on-hold", "completed", "refunded", "failed", "packed"}
	for _, c := range s.sales(report.Request{Filter: report.Filter{Statuses: statuses}}).Cells {
		add(c.Currency+" invoice income", c.Net)
		add(c.Currency+" invoice tax", c.Tax)
		add(c.Currency+" invoice credit", c.Credit.Neg())
		add(c.Currency+" invoice receivable", c.Credit.Sub(c.Gross))
		add(c.Currency+" credit_note income", c.RefundNet)
		add(c.Currency+" credit_note tax", c.RefundTax)
		add(c.Currency+" credit_note credit", c.Refunds.Sub(c.RefundNet).Sub(c.RefundTax))
		add(c.Currency+" credit_note receivable", c.Refunds.Neg())
		for rate, amount := range perRate(c.Taxes) {
			add(c.Currency+" invoice tax "+rate, amount)
		}
		for rate, amount := range perRate(c.RefundTaxes) {
			add(c.Currency+" credit_note tax "+rate, amount)
		}
	}
	require.Equal(t, texts(posted), texts(counted))
}

// requireAdditive adds the cells of every dimension up to the total: nothing is left out, and nothing counts twice.
func requireAdditive(t *testing.T, s *shop) {
	all := report.Filter{Statuses: []string{report.AnyStatus}}
	want := s.total()
	for _, by := range [][]report.Dimension{
		{report.Day}, {report.Week}, {report.Month}, {report.Quarter}, {report.Year}, {report.Instance}, {report.Product}, {report.Variant},
		{report.Category}, {report.Customer}, {report.Country}, {report.Status}, {report.Gateway}, {report.Currency},
		{report.Month, report.Product}, {report.Category, report.Quarter}, {report.Country, report.Gateway, report.Status},
		{report.Product, report.Variant, report.Year},
	} {
		t.Run(fmt.Sprint(by), func(t *testing.T) {
			sales := s.sales(report.Request{Filter: all, Dimensions: by})
			sums := map[string]*report.Cell{}
			for _, c := range sales.Cells {
				if len(sales.Dimensions) == 0 || !c.IsTotal() {
					if sums[c.Currency] == nil {
						sums[c.Currency] = &report.Cell{}
					}
					addCell(sums[c.Currency], c)
				}
			}
			for currency, total := range want {
				requireAmounts(t, total, *sums[currency])
				grand := grandTotal(t, sales, currency)
				requireAmounts(t, total, grand)
				require.Equal(t, total.Orders, grand.Orders, "in the total an order counts once")
			}
			requireOrders(t, s, sales)
		})
	}
}

func addCell(sum *report.Cell, c report.Cell) {
	sum.Units, sum.Goods, sum.Shipping = sum.Units.Add(c.Units), sum.Goods.Add(c.Goods), sum.Shipping.Add(c.Shipping)
	sum.Fees, sum.Net, sum.Discounts = sum.Fees.Add(c.Fees), sum.Net.Add(c.Net), sum.Discounts.Add(c.Discounts)
	sum.Tax, sum.Gross, sum.Credit = sum.Tax.Add(c.Tax), sum.Gross.Add(c.Gross), sum.Credit.Add(c.Credit)
	sum.Refunds, sum.RefundUnits = sum.Refunds.Add(c.Refunds), sum.RefundUnits.Add(c.RefundUnits)
	sum.RefundNet, sum.RefundTax = sum.RefundNet.Add(c.RefundNet), sum.RefundTax.Add(c.RefundTax)
	sum.Taxes, sum.RefundTaxes = append(sum.Taxes, c.Taxes...), append(sum.RefundTaxes, c.RefundTaxes...)
}

func requireAmounts(t *testing.T, want, got report.Cell) {
	t.Helper()
	amounts := func(c report.Cell) []string {
		var texts []string
		for _, d := range []decimal.Decimal{c.Units, c.Goods, c.Shipping, c.Fees, c.Net, c.Discounts, c.Tax, c.Gross, c.Credit, c.Refunds,
			c.RefundUnits, c.RefundNet, c.RefundTax} {
			texts = append(texts, d.String())
		}
		return texts
	}
	require.Equal(t, amounts(want), amounts(got))
	require.Equal(t, texts(perRate(want.Taxes)), texts(perRate(got.Taxes)))
	require.Equal(t, texts(perRate(want.RefundTaxes)), texts(perRate(got.RefundTaxes)))
}

// grandTotal finds the cell over all values of all dimensions.
func grandTotal(t *testing.T, sales report.Sales, currency string) report.Cell {
	t.Helper()
	for _, c := range sales.Cells {
		all := !slices.ContainsFunc(c.Keys, func(k report.Key) bool { return !k.All })
		if c.Currency == currency && all {
			return c
		}
	}
	require.Fail(t, "there is no grand total", currency)
	return report.Cell{}
}

// requireOrders counts the orders of products and variants one by one.
func requireOrders(t *testing.T, s *shop, sales report.Sales) {
	t.Helper()
	if len(sales.Dimensions) != 1 || sales.Dimensions[0] != report.Product && sales.Dimensions[0] != report.Variant {
		return
	}
	for _, c := range sales.Cells {
		if c.Keys[0].All || c.Keys[0].Value == "" {
			continue
		}
		var orders int64
		require.NoError(t, s.raw.Get(&orders, `SELECT count(DISTINCT s.id) FROM tandem.sales s JOIN tandem.sale_lines l ON l.sale = s.id
			WHERE s.kind = 'order' AND s.currency = $1 AND 'demo/' || l.`+string(sales.Dimensions[0])+` = $2`, c.Currency, c.Keys[0].Value))
		require.Equal(t, orders, c.Orders, c.Keys[0].Value)
		require.NotEmpty(t, c.Keys[0].Label, c.Keys[0].Value)
	}
}
