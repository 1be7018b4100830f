package exporttest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// buying is a pair whose catalogue, taxes and customers are linked, with the ids of a customer and of goods that it sells.
type buying struct {
	*pair
	customer, mug, shirt int
	requests             int // made by hand so far
}

func connectBuyers(t *testing.T, o wootest.Options) *buying {
	t.Helper()
	o.Customers = 2
	p := connect(t, o)
	config := &p.ec.Instance.Config
	config.Order.SalesTeam, config.Order.Salesperson, config.Order.Statuses = "website", "admin", []string{"pending", "processing", "on-hold"}
	b := &buying{pair: p}
	b.mug = b.add("products", map[string]any{"name": "Mug", "sku": "MUG", "regular_price": "19.99", "manage_stock": true, "stock_quantity": 50})
	parent := b.add("products", map[string]any{"name": "Shirt", "type": "variable", "attributes": []map[string]any{
		{"name": "Size", "options": []string{"S", "L"}, "variation": true},
	}})
	b.shirt = b.add(fmt.Sprintf("products/%d/variations", parent), map[string]any{
		"regular_price": "35.50", "sku": "SHIRT-L", "attributes": []map[string]any{{"name": "Size", "option": "L"}},
	})
	b.customer, _ = strconv.Atoi(jsonNumber(p.list("customers")[0]["id"]))
	p.importCatalogue()
	p.run(flow.Import, "tax_class")
	p.run(flow.Import, "tax")
	p.run(flow.Import, "customer")
	return b
}

func (b *buying) add(path string, in map[string]any) int {
	b.t.Helper()
	id, err := strconv.Atoi(jsonNumber(b.ask(http.MethodPost, path, in)["id"]))
	require.NoError(b.t, err)
	return id
}

// cart is an order as the store is asked to make it.
func (b *buying) cart() map[string]any {
	return map[string]any{
		"customer_id":   b.customer,
		"billing":       map[string]any{"first_name": "Ada", "last_name": "Lovelace", "address_1": "1 Road", "city": "Paris", "postcode": "75001", "country": "FR"},
		"customer_note": "Ring twice",
		"line_items": []map[string]any{
			{"product_id": b.mug, "quantity": 3, "subtotal": "59.97", "total": "53.97"}, {"product_id": b.shirt, "quantity": 1},
		},
		"shipping_lines": []map[string]any{{"method_id": "flat_rate", "method_title": "Parcel", "total": "4.90"}},
		"fee_lines":      []map[string]any{{"name": "Gift wrap", "total": "2.50", "tax_status": "none"}},
	}
}

// sell is an order as it is made in the ERP: it is imported from the store, which then forgets it.
func (b *buying) sell() (id string) {
	b.t.Helper()
	order := b.ask(http.MethodPost, "orders", b.cart())
	store := jsonNumber(order["id"])
	o := b.run(flow.Import, "order", store)[store]
	require.Equal(b.t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	b.ask(http.MethodDelete, "orders/"+store+"?force=true", nil)
	b.edit(`DELETE FROM ledger.external_ids WHERE model = 'order'`)
	return o.ID
}

func TestAnOrderMadeInTheERPReachesTheStoreOnce(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]wootest.Options{"prices without tax": {}, "prices with tax": {PricesIncludeTax: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := connectBuyers(t, o)
			b.ec.Instance.Config.Export.OrderStatus = "processing"
			id := b.sell()
			stock := func() string {
				return jsonNumber(b.ask(http.MethodGet, fmt.Sprintf("products/%d", b.mug), nil)["stock_quantity"])
			}
			require.Equal(t, "50", stock())

			made := b.run(flow.Export, "order", id)[id]
			require.Equal(t, flow.Created, made.Status, "%s: %s", made.Code, made.Reason)
			order := b.stored("orders", made)
			require.Equal(t, []any{"processing", "Ring twice", "Paris"},
				[]any{order["status"], order["customer_note"], order["billing"].(map[string]any)["city"]})
			require.NotEmpty(t, order["billing"].(map[string]any)["email"], "the store's own customer says where to write to")
			var total string
			require.NoError(t, b.books.Get(&total, `SELECT total::numeric(20, 2) FROM ledger.orders WHERE id = $1`, id))
			require.Equal(t, total, order["total"])
			require.Equal(t, "47", stock(), "the store reserves at the status that was asked for")

			before := b.writes()
			require.Equal(t, flow.Unchanged, b.run(flow.Export, "order", id)[id].Status)
			require.Equal(t, before, b.writes(), "an order that the store has is not written again")

			back := b.run(flow.Import, "order", made.Key.ID)[made.Key.ID]
			require.Equal(t, []any{flow.Unchanged, id}, []any{back.Status, back.ID}, "no echo: %s: %s", back.Code, back.Reason)
			require.Nil(t, back.Plan, "its steps are taken in the ERP")
			var addresses int
			require.NoError(t, b.books.Get(&addresses, `SELECT count(*) FROM ledger.addresses a JOIN ledger.orders o ON o.invoice_address_id = a.id`))
			require.Equal(t, 1, addresses)
			var aside string
			require.NoError(t, b.books.Get(&aside, `SELECT sum(set_aside)::int FROM ledger.order_lines WHERE order_id = $1`, id))
			require.Equal(t, "3", aside, "the ERP knows what the store has set aside")
		})
	}
}

func TestAnOrderIsExportedByItsIDOnly(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	_, err := b.try(flow.Export, "order")
	require.ErrorContains(t, err, "choose the orders")
	require.Equal(t, "not_in_erp", b.run(flow.Export, "order", "4711")["4711"].Code)
}

func TestAnOrderWaitsForItsCustomerAndProducts(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	id := b.sell()
	b.edit(`DELETE FROM ledger.external_ids WHERE model IN ('product', 'variant') AND ext_id = $1`, strconv.Itoa(b.mug))
	b.edit(`DELETE FROM ledger.external_ids WHERE model = 'partner'`)
	before := b.writes()
	o := b.run(flow.Export, "order", id)[id]
	require.Equal(t, []any{"unlinked_reference", 2}, []any{o.Code, len(o.Waits)}, o.Reason)
	require.Equal(t, before, b.writes())
	require.Contains(t, o.Reason, "customer")
	require.Contains(t, o.Reason, "product")
}

// What the store would charge otherwise is not left in it.
func TestAnOrderThatTheStoreCalculatesOtherwiseIsDeletedAgain(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	id := b.sell()
	b.edit(`UPDATE ledger.order_taxes SET amount = amount - 1 WHERE order_id = $1`, id)
	b.edit(`UPDATE ledger.orders SET tax = tax - 1, total = total - 1 WHERE id = $1`, id)
	orders := len(b.list("orders"))
	o := b.run(flow.Export, "order", id)[id]
	require.Equal(t, "store_differs", o.Code)
	require.Regexp(t, `the total is [0-9.]+ EUR instead of [0-9.]+ EUR; the tax at 20 % is [0-9.]+ instead of [0-9.]+`, o.Reason)
	require.Len(t, b.list("orders"), orders)

	cancelled := b.sell()
	b.edit(`UPDATE ledger.orders SET stage = 'cancelled' WHERE id = $1`, cancelled)
	require.Equal(t, "cancelled", b.run(flow.Export, "order", cancelled)[cancelled].Code)
	odd := b.sell()
	b.edit(`UPDATE ledger.order_lines SET quantity = 2.5 WHERE order_id = $1 AND position = 1`, odd)
	require.Equal(t, "odd_quantity", b.run(flow.Export, "order", odd)[odd].Code)
	elsewhere := b.sell()
	b.edit(`INSERT INTO ledger.external_ids VALUES ('other', 'order', '5', 'order', $1)`, elsewhere)
	require.Equal(t, "linked_elsewhere", b.run(flow.Export, "order", elsewhere)[elsewhere].Code)
}

// The same amounts in another currency, which a plugin of the store may choose, are others.
func TestAnOrderThatTheStoreMakesInAnotherCurrencyIsDeletedAgain(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	id := b.sell()
	orders := len(b.list("orders"))
	cart := b.cart()
	cart["currency"], cart["meta_data"] = "USD", []map[string]any{{"key": "_tandem_erp_id", "value": "demo/" + id}}
	b.ask(http.MethodPost, "orders", cart)
	o := b.run(flow.Export, "order", id)[id]
	require.Equal(t, "store_differs", o.Code, o.Reason)
	require.Contains(t, o.Reason, "USD instead of")
	require.Len(t, b.list("orders"), orders)
}

func TestAnOrderIsNotGivenAStatusThatTheStoreLacks(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	b.ec.Instance.Config.Export.OrderStatus = "packed"
	id := b.sell()
	before := b.writes()
	require.Equal(t, "unknown_status", b.run(flow.Export, "order", id)[id].Code)
	require.Equal(t, before, b.writes())
}

// An import that reads an order while it is being exported does not land it as a second one; of a copy, which has the mark too, it does.
func TestAnOrderThatIsBeingExportedIsNotImported(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	id := b.sell()
	mark := []map[string]any{{"key": "_tandem_erp_id", "value": "demo/" + id}}
	created := b.ask(http.MethodPost, "orders", map[string]any{
		"customer_id": b.customer, "billing": map[string]any{"first_name": "Ada", "country": "FR"}, "meta_data": mark,
		"line_items": []map[string]any{{"product_id": b.shirt, "quantity": 1}},
	})
	store := jsonNumber(created["id"])
	o := b.run(flow.Import, "order", store)[store]
	require.Equal(t, []any{"export_unfinished", []erp.Key{erp.PendingKey("demo", "order", id)}}, []any{o.Code, o.Waits}, o.Reason)
	b.ask(http.MethodDelete, "orders/"+store+"?force=true", nil)

	made := b.run(flow.Export, "order", id)[id]
	require.Equal(t, flow.Created, made.Status, "%s: %s", made.Code, made.Reason)
	require.Contains(t, made.Also, o.Waits[0], "what waits for it goes on")
	require.Contains(t, b.run(flow.Export, "order", id)[id].Also, o.Waits[0], "also when the process died before that was noted")
	copied := b.ask(http.MethodPost, "orders", map[string]any{
		"customer_id": b.customer, "billing": map[string]any{"first_name": "Ada", "country": "FR"}, "meta_data": mark,
		"line_items": []map[string]any{{"product_id": b.shirt, "quantity": 1}},
	})
	store = jsonNumber(copied["id"])
	o = b.run(flow.Import, "order", store)[store]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	require.NotEqual(t, id, o.ID)
}

// Two exports of an order at the same time leave one of it: the one that creates it later finds the other's, and removes its own.
func TestExportsAtTheSameTimeMakeNoOrderTwice(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	b.ec.Instance.Config.Export.OrderStatus = "processing"
	id := b.sell()
	before := len(b.list("orders"))
	var other flow.Outcome
	b.ec.Confirm = func(context.Context) error { // right before the order is created
		b.ec.Confirm = nil
		other = b.run(flow.Export, "order", id)[id]
		return nil
	}
	mine := b.run(flow.Export, "order", id)[id]
	require.Equal(t, flow.Created, other.Status, "%s: %s", other.Code, other.Reason)
	require.Equal(t, []any{flow.Unchanged, other.Key}, []any{mine.Status, mine.Key}, "%s: %s", mine.Code, mine.Reason)
	require.Len(t, b.list("orders"), before+1)
	require.Equal(t, "processing", b.stored("orders", mine)["status"])
}

// An order that somebody changes or links while it is exported is held, and keeps the others of its page from nothing.
func TestAnOrderThatIsChangedWhileItIsExportedIsHeld(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	edited, linked, untouched := b.sell(), b.sell(), b.sell()
	b.ec.Confirm = func(context.Context) error { // right before the orders are created
		b.ec.Confirm = nil
		b.edit(`UPDATE ledger.order_lines SET total = total + 1 WHERE order_id = $1 AND position = 1`, edited)
		b.edit(`INSERT INTO ledger.external_ids VALUES ('demo', 'order', '4711', 'order', $1)`, linked)
		return nil
	}
	outcomes := b.run(flow.Export, "order", edited, linked, untouched)
	require.Equal(t, []any{flow.Parked, "store_differs"}, []any{outcomes[edited].Status, outcomes[edited].Code}, outcomes[edited].Reason)
	require.Equal(t, []any{flow.Parked, "order_taken"}, []any{outcomes[linked].Status, outcomes[linked].Code}, outcomes[linked].Reason)
	require.Equal(t, flow.Created, outcomes[untouched].Status, outcomes[untouched].Reason)
	require.Equal(t, flow.Unchanged, b.run(flow.Export, "order", untouched)[untouched].Status)
}

// Lost replies make no order twice, wherever they are lost.
func TestLostRepliesMakeNoOrderTwice(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	b.ec.Instance.Config.Export.OrderStatus = "on-hold"
	var ids []string
	for range 8 {
		ids = append(ids, b.sell())
	}
	before := len(b.list("orders"))
	b.shop.SetFaults(wootest.Faults{RateCut: 0.3, RateTimeout: 0.2, TimeoutAfter: 1, Seed: 7})
	b.untilThrough(flow.Export, "order", ids...)
	b.shop.SetFaults(wootest.Faults{})
	for id, o := range b.run(flow.Export, "order", ids...) {
		require.Equal(t, flow.Unchanged, o.Status, "%s: %s %s", id, o.Code, o.Reason)
		require.Equal(t, "on-hold", b.stored("orders", o)["status"])
	}
	require.Len(t, b.list("orders"), before+len(ids))
}
