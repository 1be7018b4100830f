//go:build odoo

package e2e

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/odoodev"
	"tandem/woo/wootest"
)

// clerk is somebody who works in Odoo.
type clerk struct {
	t  *testing.T
	at odoodev.Access
}

func (c clerk) find(model string, domain ...any) []any {
	c.t.Helper()
	var ids []any
	require.NoError(c.t, c.at.Execute(c.t.Context(), &ids, model, "search", []any{append([]any{}, domain...)}, map[string]any{"order": "id"}))
	require.NotEmpty(c.t, ids, model)
	return ids
}

func (c clerk) write(model string, id any, values map[string]any) {
	c.t.Helper()
	require.NoError(c.t, c.at.Execute(c.t.Context(), nil, model, "write", []any{[]any{id}, values}, nil))
}

func (c clerk) create(model string, values map[string]any) {
	c.t.Helper()
	require.NoError(c.t, c.at.Execute(c.t.Context(), nil, model, "create", []any{values}, nil))
}

// TestExportFromOdoo takes a store's records into a real Odoo and back: what nobody edited is not written, what a person edits or makes in
// Odoo makes both sides equal, and nothing comes back.
func TestExportFromOdoo(t *testing.T) {
	store := openShop(t, wootest.Sized(12, 6, 0))
	x := serve(t)
	access := odooDatabase(t)
	x.connectOdoo(store.URL, access)
	x.importAll(everything)
	x.allowExports()

	linked := map[string]int{}
	for _, p := range x.export(everything, exportedKinds...).Progress {
		require.Zero(t, p.Updated+p.Failed, "%s: %+v", p.Entity, p)
		linked[p.Entity] = p.Unchanged
	}
	require.Equal(t, 12, linked["product"])

	odoo := clerk{t, access}
	templates := odoo.find("product.template", []any{"x_tandem", "!=", false})
	odoo.write("product.template", templates[0], map[string]any{"name": "Renamed in Odoo"})
	names := odoo.find("ir.model.data", []any{"module", "=", "tandem"}, []any{"name", "=like", "price_%regular-EUR%"})
	var last []struct {
		Item int `json:"res_id"`
	}
	require.NoError(t, access.Execute(t.Context(), &last, "ir.model.data", "read", []any{names[len(names)-1:], []any{"res_id"}}, nil))
	odoo.write("product.pricelist.item", last[0].Item, map[string]any{"fixed_price": 987.65})
	category := odoo.find("product.category", []any{"x_tandem", "!=", false})[0]
	odoo.create("product.template", map[string]any{
		"name": "Made in Odoo", "default_code": "ODOO-1", "list_price": 12.5, "sale_ok": true, "categ_id": category,
	})

	op := x.export(changed, "product")
	require.Equal(t, []int{1, 2, 0}, []int{op.Progress[0].Created, op.Progress[0].Updated, op.Progress[0].Failed}, "%+v", op.Progress[0])
	products := list[map[string]any](store, "products", nil)
	made := products[slices.IndexFunc(products, func(p map[string]any) bool { return p["sku"] == "ODOO-1" })]
	require.Equal(t, []any{"Made in Odoo", "12.5", "draft"}, []any{made["name"], made["regular_price"], made["status"]})

	again := x.export(changed, "product").Progress[0]
	require.Zero(t, again.Created+again.Updated+again.Failed, "%+v", again)
	for _, p := range x.importAll(changed, exportedKinds...).Progress {
		require.Zero(t, p.Created+p.Updated, "what was written comes back as no change: %+v", p)
	}
	require.Zero(t, x.export(changed, "product").Progress[0].Updated, "no echo")
}
