package exporttest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// Variations have their own values: one changed in the store and another in the ERP are no conflict.
func TestVariationsAreComparedEachByItself(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.keepLinks()
	p.giveOwners(`{"product":{"price":"ask","basic":"ask","status":"ask","stock":"ask"}}`)
	p.run(flow.Import, "tax_class")
	p.run(flow.Import, "category")
	id := p.makeProduct(variable(), "20")
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	path := "products/" + o.Key.ID + "/variations"
	bySKU := func(sku string) map[string]any {
		for _, v := range p.list(path) {
			if v["sku"] == sku {
				return v
			}
		}
		return nil
	}
	p.ask(http.MethodPut, path+"/"+jsonNumber(bySKU("")["id"]), map[string]any{"regular_price": "21"})
	p.edit(`UPDATE ledger.prices SET amount = 22 WHERE variant_id = (SELECT id FROM ledger.variants WHERE sku = 'S-S')`)
	in, out := p.run(flow.Import, "product", o.Key.ID)[o.Key.ID], p.run(flow.Export, "product", id)[id]
	require.Equal(t, []flow.Status{flow.Updated, flow.Updated}, []flow.Status{in.Status, out.Status}, "%s %s", in.Reason, out.Reason)
	require.Equal(t, []any{"22", "21"}, []any{bySKU("S-S")["regular_price"], bySKU("")["regular_price"]})
	var inERP []string
	require.NoError(t, p.books.Select(&inERP, `SELECT trim_scale(amount)::text FROM ledger.prices ORDER BY amount`))
	require.Equal(t, []string{"21", "22"}, inERP)
	before := p.writes()
	p.requireAll(flow.Import, "product", flow.Unchanged)
	p.requireAll(flow.Export, "product", flow.Unchanged)
	require.Equal(t, before, p.writes())

	p.ask(http.MethodPut, path+"/"+jsonNumber(bySKU("S-S")["id"]), map[string]any{"regular_price": "23"})
	p.edit(`UPDATE ledger.prices SET amount = 24 WHERE variant_id = (SELECT id FROM ledger.variants WHERE sku = 'S-S')`)
	in = p.run(flow.Import, "product", o.Key.ID)[o.Key.ID]
	require.Equal(t, []flow.Difference{{Field: "variation S-S S: Regular price", ERP: "24", Store: "23"}}, in.Differences)
}

// to export.
func TestWhatTheStoreLacksStays(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.keepLinks()
	p.giveOwners(`{"product":{"basic":"erp","price":"store"}}`)
	p.run(flow.Import, "tax_class")
	p.run(flow.Import, "category")
	id := p.makeProduct(variable(), "20")
	o := p.run(flow.Export, "product", id)[id]
	p.edit(`INSERT INTO ledger.variants SELECT (jsonb_populate_record(v, jsonb_build_object('sku', 'S-L', 'position', 2,
		'id', nextval(pg_get_serial_sequence('ledger.variants', 'id'))))).* FROM ledger.variants v WHERE sku = 'S-S'`)
	p.edit(`INSERT INTO ledger.variant_options (variant_id, position, attribute, value) SELECT id, 0, 'Size', 'L' FROM ledger.variants WHERE sku = 'S-L'`)
	p.edit(`UPDATE ledger.product_attributes SET options = '{S,M,L}'`)
	tag := p.makeTerm(erp.Term{Kind: erp.Tag, Name: "New"})
	p.edit(`INSERT INTO ledger.product_terms VALUES ($1, $2)`, id, tag)
	path := "products/" + o.Key.ID + "/variations"
	p.ask(http.MethodPut, path+"/"+jsonNumber(p.list(path)[0]["id"]), map[string]any{"regular_price": "21"})
	landed := p.run(flow.Import, "product", o.Key.ID)[o.Key.ID]
	require.Equal(t, []any{flow.Updated, true}, []any{landed.Status, landed.Partial}, "%s: %s", landed.Code, landed.Reason)
	requireHeld := func() {
		t.Helper()
		var held struct{ Active, Tags, Priced int }
		require.NoError(t, p.books.Get(&held, `SELECT (SELECT count(*) FROM ledger.variants WHERE active) AS active,
			(SELECT count(*) FROM ledger.product_terms WHERE term_id = $1) AS tags, (SELECT count(*) FROM ledger.prices WHERE amount = 21) AS priced`, tag))
		require.Equal(t, []int{3, 1, 1}, []int{held.Active, held.Tags, held.Priced})
	}
	requireHeld()

	p.run(flow.Export, "tag", tag)
	out := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Updated, out.Status, "%s: %s", out.Code, out.Reason)
	require.Len(t, p.list(path), 3)
	require.Len(t, p.stored("products", out)["tags"], 1)
	require.True(t, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Landed())
	requireHeld()
}

// A new record gets all its parts, whoever owns them.
func TestNewRecordsGetAllParts(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(5, 0, 0))
	p.keepLinks()
	p.giveOwners(`{"product":{"basic":"erp","price":"erp","status":"erp","stock":"erp"},"category":{"basic":"erp"}}`)
	p.importCatalogue()
	p.requireAll(flow.Export, "product", flow.Unchanged)
	p.giveOwners(`{"product":{"basic":"store","price":"store","status":"store","stock":"store"}}`)
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"}, "50")
	made := p.stored("products", p.run(flow.Export, "product", id)[id])
	require.Equal(t, []any{"Lamp", "50", "publish"}, []any{made["name"], made["regular_price"], made["status"]})
}

// Every kind of record with an owner keeps what it owns, and asks where it has to: terms have no dates in the store.
func TestEveryKindHasOwners(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ entity, path, field, edit, look string }{
		{"category", "products/categories", "description", `UPDATE ledger.terms SET description = 'ERP' WHERE kind = 'category'`, `SELECT min(description) FROM ledger.terms WHERE kind = 'category'`},
		{"tag", "products/tags", "description", `UPDATE ledger.terms SET description = 'ERP' WHERE kind = 'tag'`, `SELECT min(description) FROM ledger.terms WHERE kind = 'tag'`},
		{"attribute", "products/attributes", "name", `UPDATE ledger.terms SET name = 'ERP' WHERE kind = 'attribute'`, `SELECT min(name) FROM ledger.terms WHERE kind = 'attribute'`},
		{"shipping_class", "products/shipping_classes", "description", `UPDATE ledger.terms SET description = 'ERP' WHERE kind = 'shipping_class'`, `SELECT min(description) FROM ledger.terms WHERE kind = 'shipping_class'`},
		{"coupon", "coupons", "description", `UPDATE ledger.coupons SET description = 'ERP'`, `SELECT min(description) FROM ledger.coupons`},
		{"customer", "customers", "last_name", `UPDATE ledger.partners SET last_name = 'ERP'`, `SELECT min(last_name) FROM ledger.partners`},
	} {
		t.Run(c.entity, func(t *testing.T) {
			t.Parallel()
			p := connect(t, wootest.Options{})
			p.keepLinks()
			fresh := map[string]any{"name": "Name", "code": "code", "email": "a@example.com", "first_name": "A"}
			fresh[c.field] = "First"
			id := jsonNumber(p.ask(http.MethodPost, c.path, fresh)["id"])
			p.giveOwners(`{"` + c.entity + `":{"basic":"ask"}}`)
			o := p.run(flow.Import, c.entity, id)[id]
			require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
			p.edit(c.edit)
			p.ask(http.MethodPut, c.path+"/"+id, map[string]any{c.field: "Store"})
			in, out := p.run(flow.Import, c.entity, id)[id], p.run(flow.Export, c.entity, o.ID)[o.ID]
			require.Equal(t, []string{mapping.BothChanged, mapping.BothChanged}, []string{in.Code, out.Code})
			require.Equal(t, in.Subject, out.Subject)
			require.Equal(t, []string{"ERP", "Store"}, []string{in.Differences[0].ERP, in.Differences[0].Store})

			p.giveOwners(`{"` + c.entity + `":{"basic":"erp"}}`)
			require.Equal(t, flow.Updated, p.run(flow.Export, c.entity, o.ID)[o.ID].Status)
			p.ask(http.MethodPut, c.path+"/"+id, map[string]any{c.field: "Again"})
			in = p.run(flow.Import, c.entity, id)[id]
			require.True(t, in.Landed() && in.Partial, "%s: %s", in.Code, in.Reason)
			var held string
			require.NoError(t, p.books.Get(&held, c.look))
			require.Equal(t, "ERP", held)
			require.Equal(t, flow.Updated, p.run(flow.Export, c.entity, o.ID)[o.ID].Status)
			require.Equal(t, "ERP", p.ask(http.MethodGet, c.path+"/"+id, nil)[c.field])

			p.giveOwners(`{"` + c.entity + `":{"basic":"store"}}`)
			p.ask(http.MethodPut, c.path+"/"+id, map[string]any{c.field: "Store"})
			require.True(t, p.run(flow.Export, c.entity, o.ID)[o.ID].StoreAhead)
			require.Equal(t, flow.Updated, p.run(flow.Import, c.entity, id)[id].Status)
			require.NoError(t, p.books.Get(&held, c.look))
			require.Equal(t, "Store", held)
			before := p.writes()
			require.Equal(t, flow.Unchanged, p.run(flow.Export, c.entity, o.ID)[o.ID].Status)
			require.Equal(t, flow.Unchanged, p.run(flow.Import, c.entity, id)[id].Status)
			require.Equal(t, before, p.writes())
		})
	}
}
