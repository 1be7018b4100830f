package entity

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
	"tandem/woo/wootest"
)

// TestImportRefundsOfTheDemoStore reads every refund of a full store, with the list over all orders and without it, as old stores are:
// what was given back in each currency is what the store counts.
func TestImportRefundsOfTheDemoStore(t *testing.T) {
	for name, old := range map[string]bool{"by the list over all orders": false, "by the orders": true} {
		t.Run(name, func(t *testing.T) {
			options := wootest.Demo()
			options.NoRefundList = old
			ec, store := connect(t, options)
			stub := &entitytest.Ledger{}
			ec.Backend = stub
			_, results := pull(t, ec, "refund", flow.Filter{Kind: flow.All}, nil)
			require.Len(t, results, store.Count("refunds"))
			for _, r := range results {
				require.Equal(t, erp.Created, r.Status, "%s: %s", r.Key, r.Reason)
			}
			sums := map[string]decimal.Decimal{}
			for _, r := range stub.Refunds {
				requireRefundConserved(t, r)
				sums[r.Currency] = sums[r.Currency].Add(r.Total)
			}
			for currency, total := range store.OrderTotals() {
				require.Equal(t, total.Refunded.String(), sums[currency].String(), currency)
			}
		})
	}
}

func requireRefundConserved(t *testing.T, r erp.Refund) {
	t.Helper()
	sum := decimal.Zero
	for _, line := range r.Lines {
		sum = sum.Add(line.Total)
	}
	for _, tax := range r.Taxes {
		sum = sum.Add(tax.Amount)
	}
	require.Equal(t, r.Total.String(), sum.String(), r.Key)
}

// sell makes a paid order of some lines and shipping, and gives it as the store has it.
func sell(t *testing.T, ec mapping.Context, lines ...woo.Fields) woo.Order {
	t.Helper()
	o, err := ec.Store.Orders.Create(t.Context(), woo.Fields{
		"status": "processing", "payment_method": "bacs", "line_items": lines,
		"billing":        woo.Fields{"first_name": "A", "last_name": "B", "country": "FR", "email": "a@shop.example"},
		"shipping_lines": []woo.Fields{{"method_id": "flat_rate", "method_title": "Parcel", "total": "4.99"}},
	})
	require.NoError(t, err)
	return o
}

func refundOf(t *testing.T, ec mapping.Context, o woo.Order, fields woo.Fields) woo.Refund {
	t.Helper()
	fields["api_refund"] = false
	r, err := ec.Store.Refunds.Of(o.ID).Create(t.Context(), fields)
	require.NoError(t, err)
	return r
}

// Refunds since the last import are found by their date of creation, by id with their order, and one that is gone is missing.
func TestRefundsByDateAndByID(t *testing.T) {
	ec, _ := connect(t, wootest.Options{Seed: 1, Products: 3})
	stub := &entitytest.Ledger{}
	ec.Backend = stub
	o := sell(t, ec, woo.Fields{"product_id": firstProduct(t, ec), "quantity": 2, "total": "20.00"})
	first, second := refundOf(t, ec, o, woo.Fields{"amount": "3.00"}), refundOf(t, ec, o, woo.Fields{"amount": "2.00"})

	_, results := pull(t, ec, "refund", flow.Filter{Kind: flow.Changes, From: time.Now().Add(-time.Hour)}, nil)
	require.Len(t, results, 2)
	_, results = pull(t, ec, "refund", flow.Filter{Kind: flow.Changes, From: time.Now().Add(time.Hour)}, nil)
	require.Empty(t, results)

	id := func(r woo.ID) string { return o.ID.String() + "/" + r.String() }
	asked := flow.Filter{Kind: flow.IDs, IDs: []string{id(second.ID), id(9_999_999), "9999998/1", o.ID.String() + "/cancellation"}}
	stub.Refunds = nil
	pages, _ := pull(t, ec, "refund", asked, nil)
	require.Len(t, pages, 1)
	require.Len(t, stub.Refunds, 1)
	require.Equal(t, entitytest.Key("refund", id(second.ID)), stub.Refunds[0].Key)
	require.ElementsMatch(t, asked.IDs[1:], entitytest.MissingIDs(pages[0].Missing))

	_, err := ec.Store.Refunds.Of(o.ID).Delete(t.Context(), first.ID, true)
	require.NoError(t, err)
	stub.Bind(entitytest.Key("refund", id(first.ID)), "7")
	_, results = pull(t, ec, "refund", flow.Filter{Kind: flow.IDs, IDs: []string{id(first.ID)}}, nil)
	require.Equal(t, []any{erp.Parked, "refund_deleted"}, []any{results[0].Status, results[0].Code})
}

// Refunds that many orders name are read a hundred with each request, not order by order; a store without a list over all orders is
// asked order by order.
func TestNamedRefundsAreReadTogether(t *testing.T) {
	for name, old := range map[string]bool{"with the list over all orders": false, "without it": true} {
		t.Run(name, func(t *testing.T) {
			ec, store := connect(t, wootest.Options{Seed: 1, Products: 3, NoRefundList: old})
			stub := &entitytest.Ledger{}
			ec.Backend = stub
			var ids []string
			for range 5 {
				o := sell(t, ec, woo.Fields{"product_id": firstProduct(t, ec), "quantity": 2, "total": "20.00"})
				for range 2 {
					r := refundOf(t, ec, o, woo.Fields{"amount": "2.00"})
					ids = append(ids, o.ID.String()+"/"+r.ID.String())
				}
			}
			before := store.Stats().Requests
			pull(t, ec, "refund", flow.Filter{Kind: flow.IDs, IDs: ids}, nil)
			require.Len(t, stub.Refunds, 10)
			after := store.Stats().Requests
			together, alone := after["GET /refunds"]-before["GET /refunds"], after["GET /orders/#/refunds"]-before["GET /orders/#/refunds"]
			if old {
				require.Equal(t, 5, alone)
				return
			}
			require.Equal(t, []int{1, 0}, []int{together, alone})
		})
	}
}

func firstProduct(t *testing.T, ec mapping.Context) woo.ID {
	t.Helper()
	page, err := ec.Store.Products.List(t.Context(), woo.ListOptions{})
	require.NoError(t, err)
	require.NotEmpty(t, page.Records)
	return page.Records[0].ID
}

// TestRefundsOfRandomCarts gives random orders back in random pieces, until nothing is left: what was booked comes to the order's
// total exactly, and to its tax per rate but for the coins by which the store itself rounded the pieces otherwise.
func TestRefundsOfRandomCarts(t *testing.T) {
	for _, inclusive := range []bool{false, true} {
		ec, _ := connect(t, wootest.Options{Seed: 1, Products: 12, PricesIncludeTax: inclusive})
		ec.Instance.Store.PricesIncludeTax = inclusive
		page, err := ec.Store.Products.List(t.Context(), woo.ListOptions{})
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(7, 7))
		for range 25 {
			stub := &entitytest.Ledger{}
			ec.Backend = stub
			var lines []woo.Fields
			for range 1 + r.IntN(3) {
				lines = append(lines, woo.Fields{"product_id": page.Records[r.IntN(len(page.Records))].ID, "quantity": 1 + r.IntN(4),
					"total": decimal.New(int64(100+r.IntN(9000)), -2).String()})
			}
			o := sell(t, ec, lines...)
			refunds := giveBack(t, ec, r, o)
			pull(t, ec, "refund", flow.Filter{Kind: flow.IDs, IDs: idsOf(t, ec, o)}, nil)
			requireNothingLeft(t, o, stub.Refunds, refunds)
		}
	}
}

// giveBack refunds random pieces of an order, and then the rest, and says how many refunds that took.
func giveBack(t *testing.T, ec mapping.Context, r *rand.Rand, o woo.Order) int {
	t.Helper()
	count := 1
	for range r.IntN(3) {
		item := o.LineItems[r.IntN(len(o.LineItems))]
		if r.IntN(2) == 0 {
			refundOf(t, ec, o, woo.Fields{"amount": "0.50"})
			count++
			continue
		}
		net := item.Total.Div(item.Quantity.Decimal).Div(decimal.NewFromInt(4)).Round(2)
		gross, taxes := net, []woo.Fields{}
		for _, tax := range item.Taxes {
			part := tax.Total.Mul(net).DivRound(item.Total.Decimal, 2)
			gross = gross.Add(part)
			taxes = append(taxes, woo.Fields{"id": tax.ID, "refund_total": part.String()})
		}
		refundOf(t, ec, o, woo.Fields{"amount": gross.String(), "line_items": []woo.Fields{
			{"id": item.ID, "quantity": 1, "refund_total": net.String(), "refund_tax": taxes}}})
		count++
	}
	_, err := ec.Store.Orders.Update(t.Context(), o.ID, woo.Fields{"status": "refunded"})
	require.NoError(t, err)
	return count
}

func idsOf(t *testing.T, ec mapping.Context, o woo.Order) []string {
	t.Helper()
	now, err := ec.Store.Orders.Get(t.Context(), o.ID)
	require.NoError(t, err)
	var ids []string
	for _, r := range now.Refunds {
		ids = append(ids, o.ID.String()+"/"+r.ID.String())
	}
	return ids
}

func requireNothingLeft(t *testing.T, o woo.Order, booked []erp.Refund, refunds int) {
	t.Helper()
	require.Len(t, booked, refunds)
	total, rates := decimal.Zero, map[string]decimal.Decimal{}
	for i, r := range booked {
		requireRefundConserved(t, r)
		require.Equal(t, i == len(booked)-1, r.Whole, r.Key)
		total = total.Add(r.Total)
		for _, tax := range r.Taxes {
			rates[tax.Rate.String()] = rates[tax.Rate.String()].Add(tax.Amount)
		}
	}
	require.Equal(t, o.Total.String(), total.String())
	for _, line := range o.TaxLines {
		require.Equal(t, line.TaxTotal.Add(line.ShippingTaxTotal.Decimal).Round(2).String(), rates[line.RatePercent.String()].String(),
			"order %s at %s %%", o.ID, line.RatePercent)
	}
}
