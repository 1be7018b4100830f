package entity_test

import (
	"context"
	"encoding/json"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
)

// titles requires what the lines of an order are called.
func (r *caseRun) titles(order string, want ...string) {
	r.t.Helper()
	var got []string
	require.NoError(r.t, r.books.Select(&got, `SELECT description FROM ledger.order_lines WHERE order_id = $1::bigint ORDER BY position`, r.figures(order).ID))
	require.Equal(r.t, want, got)
}

// delivers confirms and ships an order, and requires which goods leave the house.
func (r *caseRun) delivers(order string, want ...string) {
	r.t.Helper()
	key := erp.Key{Instance: "odd", Entity: "order", ID: order}
	require.NoError(r.t, r.ec.Backend.ConfirmOrders(context.Background(), []erp.Ask[erp.ConfirmRequest]{{Order: key}})[0].Err)
	require.NoError(r.t, r.ec.Backend.ShipOrders(context.Background(), []erp.Ask[erp.ShipRequest]{{Order: key}})[0].Err)
	var rows []struct {
		SKU     string
		Shipped decimal.Decimal
	}
	require.NoError(r.t, r.books.Select(&rows, `SELECT v.sku, l.shipped FROM ledger.order_lines l JOIN ledger.variants v ON v.id = l.variant_id
		WHERE l.order_id = $1::bigint AND l.shipped > 0 ORDER BY l.position`, r.figures(order).ID))
	var got []string
	for _, row := range rows {
		got = append(got, row.SKU+": "+row.Shipped.String())
	}
	require.Equal(r.t, want, got)
}

// vatOf requires the VAT number of an order's contact, and the remark about one that is none.
func (r *caseRun) vatOf(order, number, comment string) {
	r.t.Helper()
	var got struct {
		TaxID   string `db:"tax_id"`
		Comment string
	}
	require.NoError(r.t, r.books.Get(&got, `SELECT p.tax_id, p.comment FROM ledger.orders o JOIN ledger.partners p ON p.id = o.partner_id
		WHERE o.id = $1::bigint`, r.figures(order).ID))
	require.Equal(r.t, []string{number, comment}, []string{got.TaxID, got.Comment})
}

// notes requires the notes on an order.
func (r *caseRun) notes(order string, want ...string) {
	r.t.Helper()
	var got []string
	require.NoError(r.t, r.books.Select(&got, `SELECT n->>'Text' FROM ledger.orders o CROSS JOIN LATERAL jsonb_array_elements(o.notes) n
		WHERE o.id = $1::bigint`, r.figures(order).ID))
	require.Equal(r.t, want, got)
}

// steps requires which steps a sale workflow takes of an order.
func (r *caseRun) steps(order string, want ...string) {
	r.t.Helper()
	var plan instance.SalePlan
	require.NoError(r.t, json.Unmarshal(r.first[erp.Key{Instance: "odd", Entity: "order", ID: order}].Plan, &plan))
	var got []string
	for _, step := range plan.Steps {
		got = append(got, string(step))
	}
	require.Equal(r.t, want, got)
}

// paidAt requires the day on which an order was paid, empty for one that is not.
func (r *caseRun) paidAt(order, want string) {
	r.t.Helper()
	var got string
	require.NoError(r.t, r.books.Get(&got, `SELECT coalesce(to_char(paid_at, 'YYYY-MM-DD'), '') FROM ledger.orders WHERE id = $1::bigint`, r.figures(order).ID))
	require.Equal(r.t, want, got)
}

// absent requires that records of the store were read and are none of the ledger's.
func (r *caseRun) absent(kind string, ids ...string) {
	r.t.Helper()
	for _, id := range ids {
		key := erp.Key{Instance: "odd", Entity: kind, ID: id}
		found, err := r.ec.Backend.Lookup(context.Background(), []erp.Key{key})
		require.NoError(r.t, err)
		require.Empty(r.t, found[0], id)
		require.Nil(r.t, r.first[key], id)
	}
}

// askedFor asks for a record by its id, and requires what is said of it and which one is imported in its place.
func (r *caseRun) askedFor(kind, id, code, instead string) {
	r.t.Helper()
	e, err := entity.Get(flow.Import, kind)
	require.NoError(r.t, err)
	results := map[erp.Key]*flow.Outcome{}
	require.NoError(r.t, r.importOne(e, flow.Filter{Kind: flow.IDs, IDs: []string{id}}, results))
	key := func(id string) erp.Key { return erp.Key{Instance: "odd", Entity: kind, ID: id} }
	require.Equal(r.t, code, results[key(id)].Code)
	require.Contains(r.t, results[key(id)].Reason, kind+" "+instead)
	require.Equal(r.t, erp.Unchanged, results[key(instead)].Status)
}

// sold requires what the lines of an order sold, by the keys of the store.
func (r *caseRun) sold(order string, want ...string) {
	r.t.Helper()
	lines, err := r.ec.Backend.OrderLines(context.Background(), []erp.Key{{Instance: "odd", Entity: "order", ID: order}})
	require.NoError(r.t, err)
	var got []string
	for _, line := range lines[0] {
		got = append(got, line.Product.Entity+"/"+line.Product.ID)
	}
	require.Equal(r.t, want, got)
}
