package entity_test

import (
	"context"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// says requires that the reason or the log line of a record contains some words.
func (r *caseRun) says(kind, id string, words ...string) {
	r.t.Helper()
	result := r.first[erp.Key{Instance: "odd", Entity: kind, ID: id}]
	require.NotNil(r.t, result, id)
	for _, word := range words {
		require.Contains(r.t, result.Reason+strings.Join(result.Steps, "\n"), word)
	}
}

func (r *caseRun) figures(order string) erp.OrderFigures {
	r.t.Helper()
	figures, err := r.ec.Backend.OrderFigures(context.Background(), []erp.Key{{Instance: "odd", Entity: "order", ID: order}})
	require.NoError(r.t, err)
	return figures[0]
}

// total requires an order's total and tax.
func (r *caseRun) total(order, total, tax string) {
	r.t.Helper()
	f := r.figures(order)
	require.Equal(r.t, []string{total, tax}, []string{f.Total.String(), f.Tax.String()})
}

// taxed requires that all tax of an order is of one rate.
func (r *caseRun) taxed(order, rate, amount string) {
	r.t.Helper()
	f := r.figures(order)
	require.Len(r.t, f.Taxes, 1)
	require.Equal(r.t, []string{rate, amount}, []string{f.Taxes[0].Rate.String(), f.Taxes[0].Amount.String()})
}

// prices requires what a product costs in the regular list, and that it is in no sale.
func (r *caseRun) prices(product, regular string) {
	r.t.Helper()
	for kind, want := range map[erp.PriceKind]string{erp.Regular: regular, erp.Sale: ""} {
		list := erp.Key{Instance: "odd", Entity: "price_list", ID: erp.PriceListID(kind, "EUR")}
		listed, _, err := r.ec.Backend.Prices(context.Background(), list, "", 100)
		require.NoError(r.t, err)
		got := ""
		for _, p := range listed {
			if p.Product.ID == product {
				got = p.Amount.String()
			}
		}
		require.Equal(r.t, want, got, kind)
	}
}

// distinct requires that records are as many in the ledger as in the store.
func (r *caseRun) distinct(kind string, ids ...string) {
	r.t.Helper()
	var keys []erp.Key
	for _, id := range ids {
		keys = append(keys, erp.Key{Instance: "odd", Entity: kind, ID: id})
	}
	found, err := r.ec.Backend.Lookup(context.Background(), keys)
	require.NoError(r.t, err)
	seen := map[string]bool{}
	for i, id := range found {
		require.NotEmpty(r.t, id, ids[i])
		require.False(r.t, seen[id], ids[i])
		seen[id] = true
	}
}

// lines requires what an order is made of: the kind of each line, the SKU of what it sold, and its total.
func (r *caseRun) lines(order string, want ...string) {
	r.t.Helper()
	var rows []struct {
		Kind  string
		SKU   string
		Total decimal.Decimal
	}
	require.NoError(r.t, r.books.Select(&rows, `
		SELECT l.kind, coalesce(v.sku, '') AS sku, l.total FROM ledger.order_lines l LEFT JOIN ledger.variants v ON v.id = l.variant_id
		WHERE l.order_id = $1::bigint ORDER BY l.position`, r.figures(order).ID))
	var got []string
	for _, row := range rows {
		got = append(got, strings.TrimSpace(row.Kind+" "+row.SKU)+": "+row.Total.String())
	}
	require.Equal(r.t, want, got)
}

// variants requires the SKUs of what is sold of a product.
func (r *caseRun) variants(product string, want ...string) {
	r.t.Helper()
	ids, err := r.ec.Backend.Lookup(context.Background(), []erp.Key{{Instance: "odd", Entity: "product", ID: product}})
	require.NoError(r.t, err)
	var got []string
	require.NoError(r.t, r.books.Select(&got, `SELECT sku FROM ledger.variants WHERE product_id = $1::bigint AND active ORDER BY sku`, ids[0]))
	require.Equal(r.t, want, got)
}

// sales requires how much was sold in a currency, over all orders, and that nothing was in another.
func (r *caseRun) sales(currency, total string) {
	r.t.Helper()
	totals, err := r.ec.Backend.Totals(context.Background(), "odd")
	require.NoError(r.t, err)
	require.Len(r.t, totals.Orders, 1)
	require.Equal(r.t, []string{currency, total}, []string{totals.Orders[0].Currency, totals.Orders[0].Total.String()})
}

// guest requires that an order was sold to a guest of that e-mail address.
func (r *caseRun) guest(order, email string) {
	r.t.Helper()
	var got string
	require.NoError(r.t, r.books.Get(&got, `SELECT p.email FROM ledger.orders o JOIN ledger.partners p ON p.id = o.partner_id
		WHERE o.id = $1::bigint AND p.guest`, r.figures(order).ID))
	require.Equal(r.t, email, got)
}

// soldTo requires that an order was sold to that customer of the store, whatever address it bears.
func (r *caseRun) soldTo(order, customer string) {
	r.t.Helper()
	ids, err := r.ec.Backend.Lookup(context.Background(), []erp.Key{{Instance: "odd", Entity: "customer", ID: customer}})
	require.NoError(r.t, err)
	var got string
	require.NoError(r.t, r.books.Get(&got, `SELECT partner_id::text FROM ledger.orders WHERE id = $1::bigint`, r.figures(order).ID))
	require.Equal(r.t, ids[0], got)
}
