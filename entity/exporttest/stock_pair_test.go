package exporttest

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// stockPair is a pair of which the stock is pushed, with a mug of which 10 are free, and a shirt with sizes.
type stockPair struct {
	*pair
	book    *stockBook
	cursor  flow.Cursor
	mug     string
	shirt   string
	s, m, l string // sizes of the shirt: two share the product's stock, l counts its own
}

func connectStock(t *testing.T) *stockPair {
	t.Helper()
	x := &stockPair{pair: connect(t, wootest.Options{}), book: newStockBook()}
	x.ec.Stock, x.ec.Noted = x.book, x.book
	x.ec.Instance.Config.Stock.AutoUpdate = true
	config := &x.ec.Instance.Config
	config.Order.SalesTeam, config.Order.Salesperson, config.Payment.Term = "", "", ""
	x.mug = jsonNumber(x.ask(http.MethodPost, "products", map[string]any{
		"name": "Mug", "sku": "MUG", "regular_price": "5", "manage_stock": true, "stock_quantity": 4, "description": "A mug"})["id"])
	x.shirt = jsonNumber(x.ask(http.MethodPost, "products", map[string]any{
		"name": "Shirt", "type": "variable", "manage_stock": true, "stock_quantity": 1,
		"attributes": []map[string]any{{"name": "Size", "variation": true, "options": []string{"S", "M", "L"}}}})["id"])
	for size, id := range map[string]*string{"S": &x.s, "M": &x.m, "L": &x.l} {
		v := map[string]any{"regular_price": "9", "sku": "SHIRT-" + size, "attributes": []map[string]string{{"name": "Size", "option": size}}}
		if size == "L" {
			v["manage_stock"], v["stock_quantity"] = true, 1
		}
		*id = jsonNumber(x.ask(http.MethodPost, "products/"+x.shirt+"/variations", v)["id"])
	}
	for _, name := range append(terms, "tax", "product") {
		x.importIt(name)
	}
	x.edit(`UPDATE ledger.variants SET track_stock = true`)
	x.count("10", x.mug)
	return x
}

// importIt imports an entity and takes up what became of it.
func (x *stockPair) importIt(name string, ids ...string) {
	x.t.Helper()
	filter := flow.Filter{Kind: flow.All}
	if len(ids) > 0 {
		filter = flow.Filter{Kind: flow.IDs, IDs: ids}
	}
	r := x.record(flow.Import, name, filter, nil)
	for _, o := range r.Outcomes() {
		require.True(x.t, o.Landed(), "%s: %s %s", name, o.Code, o.Reason)
	}
	x.book.take(name, r)
}

// count counts products in the ERP, as a person does.
func (x *stockPair) count(free string, ids ...string) {
	x.t.Helper()
	for _, id := range ids {
		outcomes, err := x.ec.Backend.SetStock(context.Background(), []erp.StockCount{{
			Key: mapping.NamedKey(x.ec, "product", id), Warehouse: x.warehouse(), Free: decimal.RequireFromString(free),
			CountedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		}})
		require.NoError(x.t, err)
		require.True(x.t, outcomes[0].Landed(), outcomes[0].Reason)
	}
}

func (x *stockPair) warehouse() string { return x.ec.Instance.Config.General.Warehouse }

// push pushes what moved since the last push.
func (x *stockPair) push() map[string]flow.Outcome {
	x.t.Helper()
	return x.pushed(flow.Filter{Kind: flow.Changes})
}

// pushUntil pushes until products moved, and gives what became of them: the ledger tells a change late while older ones, of other tests
// on the same server too, are still being written.
func (x *stockPair) pushUntil(ids ...string) map[string]flow.Outcome {
	x.t.Helper()
	outcomes := map[string]flow.Outcome{}
	require.Eventually(x.t, func() bool {
		maps.Copy(outcomes, x.push())
		return !slices.ContainsFunc(ids, func(id string) bool { return outcomes[id].Key.ID == "" })
	}, time.Minute, 10*time.Millisecond)
	return outcomes
}

// requireSettled pushes until a product is not pushed any more: nothing moved, and as much is kept back as before. What was pushed for
// another reason may be told as moved afterwards.
func (x *stockPair) requireSettled(id string) {
	x.t.Helper()
	require.Eventually(x.t, func() bool { _, pushed := x.push()[id]; return !pushed }, time.Minute, 10*time.Millisecond)
}

// pushed pushes and gives the outcomes by the store's ids.
func (x *stockPair) pushed(f flow.Filter) map[string]flow.Outcome {
	x.t.Helper()
	from := x.cursor
	if f.Kind != flow.Changes {
		from = nil
	}
	r := x.record(flow.Export, "stock", f, from)
	if f.Kind == flow.Changes {
		x.cursor = r.Pages[len(r.Pages)-1].Next
	}
	outcomes := map[string]flow.Outcome{}
	for _, o := range r.Outcomes() {
		outcomes[o.Key.ID] = o
	}
	return outcomes
}

// held gives what the store holds of a product or variation.
func (x *stockPair) held(id string) int {
	x.t.Helper()
	return int(x.ask(http.MethodGet, "products/"+id, nil)["stock_quantity"].(float64))
}

// sell sells in the store, in an order of that status.
func (x *stockPair) sell(status string, quantity int, id string, variation ...string) string {
	x.t.Helper()
	line := map[string]any{"product_id": id, "quantity": quantity}
	if len(variation) > 0 {
		line["variation_id"] = variation[0]
	}
	return jsonNumber(x.ask(http.MethodPost, "orders", map[string]any{
		"status": status, "line_items": []map[string]any{line}, "payment_method": "bacs",
		"billing": map[string]string{"first_name": "Ada", "email": "ada@example.com", "country": "FR"},
	})["id"])
}
