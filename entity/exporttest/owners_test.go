package exporttest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// lamp is a product that both sides have, and whose price is 50.
type lamp struct {
	*pair
	id, wooID string
}

func newLamp(t *testing.T, owners string) lamp {
	t.Helper()
	l := lamp{pair: connect(t, wootest.Options{})}
	l.keepLinks()
	l.giveOwners(owners)
	l.run(flow.Import, "tax_class")
	l.run(flow.Import, "category")
	l.id = l.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"}, "50")
	o := l.run(flow.Export, "product", l.id)[l.id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	l.wooID = o.Key.ID
	return l
}

func (l lamp) inERP(price string) {
	l.t.Helper()
	l.edit(`UPDATE ledger.prices SET amount = $1::numeric`, price)
}

func (l lamp) inStore(price string) {
	l.t.Helper()
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"regular_price": price})
}

func (l lamp) prices() (inERP, inStore string) {
	l.t.Helper()
	require.NoError(l.t, l.books.Get(&inERP, `SELECT trim_scale(amount)::text FROM ledger.prices`))
	inStore, _ = l.ask(http.MethodGet, "products/"+l.wooID, nil)["regular_price"].(string)
	return inERP, inStore
}

func (l lamp) requirePrices(inERP, inStore string) {
	l.t.Helper()
	nowERP, nowStore := l.prices()
	require.Equal(l.t, []string{inERP, inStore}, []string{nowERP, nowStore})
}

func (l lamp) imported() flow.Outcome { return l.run(flow.Import, "product", l.wooID)[l.wooID] }
func (l lamp) exported() flow.Outcome { return l.run(flow.Export, "product", l.id)[l.id] }

// requireQuiet checks that neither direction has anything left to write.
func (l lamp) requireQuiet() {
	l.t.Helper()
	before := l.writes()
	for _, o := range []flow.Outcome{l.imported(), l.exported(), l.imported()} {
		require.Equal(l.t, []any{flow.Unchanged, false, false}, []any{o.Status, o.Partial, o.StoreAhead}, "%s: %s", o.Code, o.Reason)
	}
	require.Equal(l.t, before, l.writes(), "no echo")
}

// Whoever owns the price, an edit of the other side neither reaches the owner nor stays.
func TestTheOwnersValueCounts(t *testing.T) {
	t.Parallel()
	for owner, c := range map[string]struct {
		exported, imported flow.Status
		price              string
	}{
		"store": {flow.Unchanged, flow.Updated, "60"},
		"erp":   {flow.Updated, flow.Unchanged, "70"},
	} {
		t.Run(owner, func(t *testing.T) {
			t.Parallel()
			l := newLamp(t, `{"product":{"price":"`+owner+`"}}`)
			l.inStore("60")
			l.inERP("70")
			for range 2 { // whichever direction is first
				out, in := l.exported(), l.imported()
				if out.Status == flow.Unchanged && in.Status == flow.Unchanged {
					break
				}
				require.Equal(t, []flow.Status{c.exported, c.imported}, []flow.Status{out.Status, in.Status}, "%v %v", out.Steps, in.Steps)
			}
			l.requirePrices(c.price, c.price)
			l.requireQuiet()

			l.inERP("71")
			if owner == "store" {
				o := l.exported()
				require.Equal(t, []any{flow.Unchanged, true}, []any{o.Status, o.StoreAhead})
				l.requirePrices("71", "60")
				require.Equal(t, flow.Updated, l.imported().Status, "what the ERP made of it is undone")
				l.requirePrices("60", "60")
			} else {
				l.inStore("61")
				o := l.imported()
				require.True(t, o.Landed() && o.Partial, "%s: %s", o.Code, o.Reason)
				l.requirePrices("71", "61")
				require.Equal(t, flow.Updated, l.exported().Status)
				l.requirePrices("71", "71")
			}
			l.requireQuiet()
		})
	}
}

// What nobody owns of a record goes as before, and what is owned stays, though the record is written for something else.
func TestOtherPartsAreWrittenAlong(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"erp"}}`)
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"regular_price": "60", "name": "Better lamp"})
	l.inERP("70")
	o := l.imported()
	require.Equal(t, []any{flow.Updated, true}, []any{o.Status, o.Partial}, "%s: %s", o.Code, o.Reason)
	var name string
	require.NoError(t, l.books.Get(&name, `SELECT name FROM ledger.products`))
	require.Equal(t, "Better lamp", name)
	l.requirePrices("70", "60")
	o = l.exported()
	require.Equal(t, []any{flow.Updated, false}, []any{o.Status, o.Partial})
	require.Equal(t, "Better lamp", l.stored("products", o)["name"])
	l.requirePrices("70", "70")
	l.requireQuiet()
}

// Where a person is asked, the record waits with both values in whichever direction goes first, and the choice holds for both, for these
// What the ERP holds already is not written once more, though the store changed the record: neither the same edit on both sides, nor one that
// Variants that a person made in the ERP, and terms that no store has, stay when an import lands what the store changed: they are the ERP's
