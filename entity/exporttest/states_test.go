package exporttest

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// look names what the ledger holds of an entity by the ledger's ids, as the look for people's edits does.
func (p *pair) look(name string) map[string]string {
	p.t.Helper()
	for _, kind := range entity.Watched() {
		if kind.Name() != name {
			continue
		}
		held := map[string]string{}
		for look := (mapping.Look{}); !look.Done; {
			var err error
			look, err = kind.Look(context.Background(), p.ec, look.Next)
			require.NoError(p.t, err)
			for id, digest := range look.Digests {
				held[id] = digest
			}
		}
		return held
	}
	p.t.Fatalf("changes of %s in the ERP are not told", name)
	return nil
}

// requireNoted checks that what was noted of both sides is what each holds.
func (p *pair) requireNoted(name string, outcomes map[string]flow.Outcome) {
	p.t.Helper()
	require.NotEmpty(p.t, outcomes)
	held := p.look(name)
	for id, o := range outcomes {
		require.True(p.t, o.Landed(), "%s %s: %s", name, id, o.Reason)
		require.Equal(p.t, held[o.ID], o.Sides.ERP, "%s %s: %v", name, id, o.Steps)
		require.NotEmpty(p.t, o.Sides.Store, "%s %s", name, id)
	}
}

var compared = []string{"category", "tag", "brand", "attribute", "shipping_class", "product", "customer", "coupon"}

// S33: an import and an export note the same of both sides, and it is what a look at the ERP finds: only what people edit is a change.
func TestOwnWritesAreNoChanges(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(60, 10, 0))
	p.run(flow.Import, "tax_class")
	imported := map[string]map[string]string{}
	for _, name := range compared {
		outcomes := p.run(flow.Import, name)
		p.requireNoted(name, outcomes)
		imported[name] = map[string]string{}
		for _, o := range outcomes {
			imported[name][o.Key.ID] = o.Sides.Store
		}
	}
	for _, name := range compared {
		outcomes := p.run(flow.Export, name)
		for id, o := range outcomes {
			require.Equal(t, imported[name][o.Key.ID], o.Sides.Store, "%s %s: the store's record is named in one way", name, id)
		}
		p.requireNoted(name, outcomes)
	}
}

// What is made in the ERP gets keys in the store, which are part of what the ERP holds afterwards.
func TestWhatIsMadeInTheStoreIsNoChange(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	attribute := p.makeTerm(erp.Term{Kind: erp.Attribute, Name: "Colour", Values: []erp.Term{{Name: "Red"}, {Name: "Blue"}}})
	p.requireNoted("attribute", p.run(flow.Export, "attribute", attribute))
	p.requireNoted("product", p.run(flow.Export, "product", p.makeProduct(variable(), "20")))
	p.requireNoted("product", p.run(flow.Export, "product", p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp"}, "5")))
}

// Every edit in the ERP is seen, and exporting it makes both sides equal.
func TestEditsInTheERPAreSeen(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(5, 5, 0))
	p.run(flow.Import, "tax_class")
	for _, name := range compared {
		p.run(flow.Import, name)
	}
	for _, c := range []struct{ entity, edit, back string }{
		{"category", `UPDATE ledger.terms SET name = name || ' 2' WHERE kind = 'category'`, ``},
		{"product", `UPDATE ledger.products SET name = name || ' 2'`, `UPDATE ledger.products SET name = left(name, -2)`},
		{"product", `UPDATE ledger.prices SET amount = amount + 1`, `UPDATE ledger.prices SET amount = amount - 1`},
		{"customer", `UPDATE ledger.addresses SET city = city || ' 2'`, `UPDATE ledger.addresses SET city = left(city, -2)`},
		{"coupon", `UPDATE ledger.coupons SET amount = amount + 1`, ``},
	} {
		before := p.look(c.entity)
		p.edit(c.edit)
		edited := p.look(c.entity)
		seen := 0
		for id := range before {
			if before[id] != edited[id] {
				seen++
			}
		}
		require.NotZero(t, seen, c.edit)
		if c.back != "" {
			p.edit(c.back)
			require.Equal(t, before, p.look(c.entity), "an edit that is undone is none")
			p.edit(c.edit)
		}
		p.requireNoted(c.entity, p.run(flow.Export, c.entity))
	}
	changed := p.anyID("products")
	p.ask(http.MethodPut, "products/"+changed, map[string]any{"name": "Other"})
	p.requireNoted("product", p.run(flow.Import, "product", changed))
}

// A pull gives the ERP what the store has, whatever was edited there since, of the record and of what belongs to it.
func TestAPullUndoesEditsInTheERP(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(12, 5, 0))
	p.run(flow.Import, "tax_class")
	for _, name := range compared {
		p.run(flow.Import, name)
	}
	for _, c := range []struct{ entity, edit string }{
		{"category", `UPDATE ledger.terms SET name = name || ' 2' WHERE kind = 'category'`},
		{"attribute", `UPDATE ledger.terms SET name = name || ' 2' WHERE kind = 'attribute_value'`},
		{"product", `UPDATE ledger.products SET name = name || ' 2', sku = ''`},
		{"product", `UPDATE ledger.prices SET amount = amount + 1`},
		{"product", `DELETE FROM ledger.product_terms`},
		{"customer", `UPDATE ledger.partners SET name = name || ' 2'`},
		{"customer", `UPDATE ledger.addresses SET city = city || ' 2'`},
		{"coupon", `UPDATE ledger.coupons SET amount = amount + 1`},
	} {
		before := p.look(c.entity)
		p.edit(c.edit)
		require.NotEqual(t, before, p.look(c.entity), c.edit)
		for id, o := range p.run(flow.Import, c.entity) {
			require.Equal(t, flow.Unchanged, o.Status, "%s %s: an import takes what the store changed", c.entity, id)
		}
		p.ec.Overwrite = true
		p.requireNoted(c.entity, p.run(flow.Import, c.entity))
		require.Equal(t, before, p.look(c.entity), c.edit)
		p.ec.Overwrite = false
		p.requireAll(flow.Import, c.entity, flow.Unchanged)
	}
}

// anyID is the id of some record of the store.
func (p *pair) anyID(path string) string { return jsonNumber(p.list(path)[0]["id"]) }
