package report_test

import (
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/entity/mapping"
	"tandem/report"
	"tandem/woo"
	"tandem/woo/wootest"
)

var smallShop = wootest.Options{Seed: 1, Products: 3}

// amounts gives some amounts of a cell as text.
func amounts(list ...decimal.Decimal) []string {
	var texts []string
	for _, d := range list {
		texts = append(texts, d.String())
	}
	return texts
}

// What was given back counts by line where the store says of which, and of no product where it names an amount or shipping only.
func TestPartialAmountOnlyAndShippingOnlyRefunds(t *testing.T) {
	s := openShop(t, smallShop)
	s.pullCatalogue()
	product := s.products()[0].ID
	o := s.sell(woo.Fields{
		"line_items":     []woo.Fields{{"product_id": product, "quantity": 2, "subtotal": "20.00", "total": "20.00"}},
		"shipping_lines": []woo.Fields{{"method_id": "flat_rate", "method_title": "Parcel", "total": "4.90"}},
	})
	s.pullLanding("order")
	s.invoice(o.ID.String())
	tax := func(id woo.String, amount string) []woo.Fields {
		return []woo.Fields{{"id": id, "refund_total": amount}}
	}
	line, ship := o.LineItems[0], o.ShippingLines[0]
	s.refund(o, woo.Fields{"amount": "12.00", "line_items": []woo.Fields{
		{"id": line.ID, "quantity": 1, "refund_total": "10.00", "refund_tax": tax(line.Taxes[0].ID, "2.00")}}})
	s.refund(o, woo.Fields{"amount": "3.00"})
	s.refund(o, woo.Fields{"amount": "5.88", "line_items": []woo.Fields{
		{"id": ship.ID, "refund_total": "4.90", "refund_tax": tax(ship.Taxes[0].ID, "0.98")}}})
	s.pullLanding("refund")

	total := s.total()["EUR"]
	require.Equal(t, []string{"24.9", "4.98", "29.88"}, amounts(total.Net, total.Tax, total.Gross))
	require.Equal(t, []string{"20.88", "17.4", "3.48", "1"}, amounts(total.Refunds, total.RefundNet, total.RefundTax, total.RefundUnits))
	cells := s.byProduct()
	sold, other := cells["demo/"+product.String()], cells[""]
	require.Equal(t, []string{"20", "4", "12", "10", "2", "1"},
		amounts(sold.Net, sold.Tax, sold.Refunds, sold.RefundNet, sold.RefundTax, sold.RefundUnits))
	require.Equal(t, []string{"4.9", "0.98", "8.88", "0"}, amounts(other.Net, other.Tax, other.Refunds, other.RefundUnits))
	require.Equal(t, int64(1), sold.Orders)
}

func TestCouponsAndNegativeFees(t *testing.T) {
	s := openShop(t, smallShop)
	s.pullCatalogue()
	s.sell(woo.Fields{
		"line_items": []woo.Fields{{"product_id": s.products()[0].ID, "quantity": 3, "subtotal": "30.00", "total": "25.00"}},
		"fee_lines":  []woo.Fields{{"name": "Goodwill", "total": "-2.50", "tax_status": "taxable"}},
	})
	s.pullLanding("order")
	total := s.total()["EUR"]
	require.Equal(t, []string{"3", "25", "-2.5", "22.5", "5", "4.5", "27"},
		amounts(total.Units, total.Goods, total.Fees, total.Net, total.Discounts, total.Tax, total.Gross))
}

// An order that is edited counts as it is now; one whose product the store deleted goes on counting as that product's.
func TestEditedOrdersAndDeletedProducts(t *testing.T) {
	s := openShop(t, smallShop)
	s.pullCatalogue()
	products := s.products()
	o := s.sell(woo.Fields{"line_items": []woo.Fields{
		{"product_id": products[0].ID, "quantity": 1, "total": "10.00"}, {"product_id": products[1].ID, "quantity": 1, "total": "5.00"}}})
	s.pullLanding("order")
	_, err := s.ec.Store.Products.Delete(t.Context(), products[0].ID, true)
	require.NoError(t, err)
	_, err = s.ec.Store.Orders.Update(t.Context(), o.ID, woo.Fields{"status": "completed", "line_items": []woo.Fields{
		{"id": o.LineItems[1].ID, "quantity": 4, "subtotal": "20.00", "total": "20.00"}}})
	require.NoError(t, err)
	s.pullLanding("order", o.ID.String())

	deleted := s.byProduct()["demo/"+products[0].ID.String()]
	require.Equal(t, []string{"10", "1"}, amounts(deleted.Net, deleted.Units))
	require.Equal(t, products[0].Name, deleted.Keys[0].Label)
	edited := s.byProduct()["demo/"+products[1].ID.String()]
	require.Equal(t, []string{"20", "4"}, amounts(edited.Net, edited.Units))
	total := s.total()["EUR"]
	require.Equal(t, int64(1), total.Orders)
	require.Equal(t, []string{"30", "6"}, amounts(total.Net, total.Tax))
	s.pullLanding("order", o.ID.String())
	require.Equal(t, total, s.total()["EUR"], "the same order again changes nothing")
}

// A refund bears the status of its order, also when that changes later, and counts no more once it is taken back.
func TestRefundsFollowTheirOrder(t *testing.T) {
	s := openShop(t, smallShop)
	s.pullCatalogue()
	o := s.sell(woo.Fields{"line_items": []woo.Fields{{"product_id": s.products()[0].ID, "quantity": 2, "total": "20.00"}}})
	s.pullLanding("order")
	s.invoice(o.ID.String())
	id := s.refund(o, woo.Fields{"amount": "3.00"})
	s.pullLanding("refund")
	_, err := s.ec.Store.Orders.Update(t.Context(), o.ID, woo.Fields{"status": "completed"})
	require.NoError(t, err)
	s.pullLanding("order")
	completed := report.Request{Filter: report.Filter{Statuses: []string{"completed"}}}
	require.Equal(t, "3", s.sales(completed).Cells[0].Refunds.String())

	kept, err := s.ec.Store.Refunds.Of(o.ID).List(t.Context(), woo.ListOptions{})
	require.NoError(t, err)
	_, err = s.ec.Store.Refunds.Of(o.ID).Delete(t.Context(), kept.Records[0].ID, true)
	require.NoError(t, err)
	require.Equal(t, "refund_deleted", s.pull("refund", id)[id].Code)
	require.Equal(t, "3", s.sales(completed).Cells[0].Refunds.String(), "it is in the books until somebody decides")
	jobs, _, err := s.db.Jobs(t.Context(), db.JobFilter{Entity: "refund", WooID: id, State: db.JobParked}, db.Page{})
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	require.NoError(t, s.db.Decide(t.Context(), jobs[0], mapping.Reverse, "a person"))
	s.pullLanding("refund", id)
	require.Equal(t, "0", s.sales(completed).Cells[0].Refunds.String())
}

// TestRandomCarts sells and gives back at random, and adds up the same as the store and the ledger do.
func TestRandomCarts(t *testing.T) {
	for name, inclusive := range map[string]bool{"prices without tax": false, "prices with tax": true} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, wootest.Options{Seed: 1, Products: 12, PricesIncludeTax: inclusive})
			s.ec.Instance.Store.PricesIncludeTax = inclusive
			s.pullCatalogue()
			r := rand.New(rand.NewPCG(12, 12))
			var ids []string
			var orders []woo.Order
			for range 30 {
				o := s.sell(randomCart(r, s.products()))
				ids, orders = append(ids, o.ID.String()), append(orders, o)
			}
			s.pullLanding("order")
			s.invoice(ids...)
			for _, o := range orders {
				s.giveBack(r, o)
			}
			s.pullLanding("order")
			s.pullLanding("refund")
			requireStore(t, s)
			requirePostings(t, s)
		})
	}
}

func randomCart(r *rand.Rand, products []woo.Product) woo.Fields {
	amount := func(most int64) string { return decimal.New(1+r.Int64N(most), -2).String() }
	var lines []woo.Fields
	for range 1 + r.IntN(3) {
		before := decimal.New(200+r.Int64N(9000), -2)
		lines = append(lines, woo.Fields{"product_id": products[r.IntN(len(products))].ID, "quantity": 1 + r.IntN(4),
			"subtotal": before.String(), "total": before.Sub(decimal.New(r.Int64N(200), -2)).String()})
	}
	fields := woo.Fields{"line_items": lines, "shipping_lines": []woo.Fields{{"method_id": "flat_rate", "method_title": "Parcel", "total": amount(900)}}}
	if r.IntN(2) == 0 {
		fields["fee_lines"] = []woo.Fields{{"name": "Goodwill", "total": "-" + amount(150), "tax_status": "taxable"}}
	}
	return fields
}

// giveBack refunds a part of an order in one of the ways there are, or nothing, or all of it.
func (s *shop) giveBack(r *rand.Rand, o woo.Order) {
	s.t.Helper()
	item := o.LineItems[r.IntN(len(o.LineItems))]
	switch r.IntN(4) {
	case 0:
		s.refund(o, woo.Fields{"amount": "0.50"})
	case 1:
		net := item.Total.Div(item.Quantity.Decimal).Round(2)
		tax := item.Taxes[0].Total.Mul(net).DivRound(item.Total.Decimal, 2)
		s.refund(o, woo.Fields{"amount": net.Add(tax).String(), "line_items": []woo.Fields{{"id": item.ID, "quantity": 1,
			"refund_total": net.String(), "refund_tax": []woo.Fields{{"id": item.Taxes[0].ID, "refund_total": tax.String()}}}}})
	case 2:
		_, err := s.ec.Store.Orders.Update(s.t.Context(), o.ID, woo.Fields{"status": "refunded"})
		require.NoError(s.t, err)
	}
}
