package exporttest

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/entity/stock"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/instance"
	"tandem/woo/wootest"
)

func TestStockFollowsTheERP(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	before := x.ask(http.MethodGet, "products/"+x.mug, nil)
	o := x.pushUntil(x.mug)[x.mug]
	require.Equal(t, []string{"updated", "4", "10"}, []string{string(o.Status), o.Before, o.After}, o.Reason)

	after := x.ask(http.MethodGet, "products/"+x.mug, nil)
	require.EqualValues(t, 10, after["stock_quantity"])
	for _, field := range []string{"stock_quantity", "date_modified", "date_modified_gmt"} {
		delete(before, field)
		delete(after, field)
	}
	require.Equal(t, before, after, "nothing else is written")

	x.requireSettled(x.mug)
	x.pushed(flow.Filter{Kind: flow.All})
	writes := x.writes()
	require.Equal(t, flow.Unchanged, x.pushed(flow.Filter{Kind: flow.All})[x.mug].Status)
	require.Equal(t, writes, x.writes(), "what the store holds already is not sent")

	all := x.record(flow.Export, "stock", flow.Filter{Kind: flow.All}, nil)
	x.cursor = all.Pages[len(all.Pages)-1].Next
	x.count("2", x.mug)
	x.count("7", x.mug)
	require.Eventually(t, func() bool { return x.push()[x.mug].After == "7" }, time.Minute, 10*time.Millisecond, "the last value counts")
	require.Equal(t, 7, x.held(x.mug))
	require.Equal(t, "7", x.book.pushed[x.mug])
}

// C25, N14: variations are written by their product, and those that share its stock count together.
func TestStockOfVariations(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.count("3", x.s, x.l)
	x.count("4.5", x.m)
	outcomes := x.pushUntil(x.s, x.m, x.l)
	require.Equal(t, "3", outcomes[x.l].After)
	require.Equal(t, 3, x.held(x.l))
	require.Equal(t, "7", outcomes[x.s].After, "3 and 4.5 of one stock are 7 whole pieces")
	require.Equal(t, "7", outcomes[x.m].After)
	require.Equal(t, 7, x.held(x.shirt))

	x.sell("processing", 2, x.shirt, x.s)
	x.count("6", x.m)
	require.Equal(t, "7", x.pushUntil(x.m)[x.m].After, "3 and 6, of which 2 are sold")
	require.Equal(t, 7, x.held(x.shirt))

	all := x.pushed(flow.Filter{Kind: flow.All})
	require.Len(t, all, 4)
	byID := x.record(flow.Export, "stock", flow.Filter{Kind: flow.IDs, IDs: []string{x.book.links["product"][x.shirt]}}, nil)
	require.Len(t, byID.Results, 3, "a product is all that is sold of it")
	unknown := x.record(flow.Export, "stock", flow.Filter{Kind: flow.IDs, IDs: []string{"987654", "987654/1"}}, nil)
	require.Equal(t, []string{"987654", "987654/1"}, unknown.MissingIDs())
}

func TestStockThatIsOffered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		free   string
		change func(*stockPair)
		want   int
	}{
		"whole pieces":                    {free: "2.9", want: 2},
		"what is owed is not offered":     {free: "-3", want: 0},
		"what may be owed":                {free: "-3", change: func(x *stockPair) { x.setMug("backorders", "yes") }, want: -3},
		"a buffer":                        {free: "10", change: func(x *stockPair) { x.ec.Instance.Config.Stock.Buffer = 3 }, want: 7},
		"less than the buffer":            {free: "2", change: func(x *stockPair) { x.ec.Instance.Config.Stock.Buffer = 3 }, want: 0},
		"several warehouses":              {free: "10", change: func(x *stockPair) { x.secondWarehouse("5") }, want: 15},
		"N16: only the warehouses chosen": {free: "10", change: func(x *stockPair) { x.secondWarehouse("5"); x.ec.Instance.Config.Stock.Warehouses = []string{"W2"} }, want: 5},
		"N15: free is on hand less reserved": {free: "80", change: func(x *stockPair) {
			x.edit(`UPDATE ledger.stock_quants SET reserved = 29, outgoing = 29, incoming = 50, changed = pg_current_xact_id()`)
		}, want: 51},
		"forecast": {free: "80", change: func(x *stockPair) {
			x.ec.Instance.Config.Stock.Field = instance.ForecastQuantity
			x.edit(`UPDATE ledger.stock_quants SET reserved = 29, outgoing = 29, incoming = 50, changed = pg_current_xact_id()`)
		}, want: 101},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := connectStock(t)
			x.count(test.free, x.mug)
			if test.change != nil {
				test.change(x)
			}
			x.pushUntil(x.mug)
			require.Equal(t, test.want, x.held(x.mug))
		})
	}
}

// N21: a product of which nobody ever said whether more may be sold than there is would be on backorder once it is sold out.
func TestWhatIsSoldOutIsNotOnBackorder(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.setMug("backorders", "")
	x.count("0", x.mug)
	x.pushUntil(x.mug)
	mug := x.ask(http.MethodGet, "products/"+x.mug, nil)
	require.Equal(t, []any{"no", "outofstock"}, []any{mug["backorders"], mug["stock_status"]})
}

func (x *stockPair) setMug(field string, value any) {
	x.t.Helper()
	x.ask(http.MethodPut, "products/"+x.mug, map[string]any{field: value})
}

// secondWarehouse puts mugs into another warehouse, out of which the store sells too.
func (x *stockPair) secondWarehouse(free string) {
	x.t.Helper()
	x.edit(`INSERT INTO ledger.warehouses (code, name) VALUES ('W2', 'Second')`)
	x.ec.Instance.Config.Stock.Warehouses = []string{x.warehouse(), "W2"}
	first := x.warehouse()
	x.ec.Instance.Config.General.Warehouse = "W2"
	x.count(free, x.mug)
	x.ec.Instance.Config.General.Warehouse = first
}

// Another buffer makes every figure another one, although nothing moved.
func TestOtherSettingsPushEverything(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.push()
	x.ec.Instance.Config.Stock.Buffer = 1
	require.Equal(t, "9", x.pushUntil(x.mug)[x.mug].After)
	x.requireSettled(x.mug)
}

func TestWhatTheStoreDoesNotCountIsLeftAlone(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.setMug("manage_stock", false)
	require.NotContains(t, x.pushed(flow.Filter{Kind: flow.All}), x.mug)
	writes := x.writes()
	r := x.record(flow.Export, "stock", flow.Filter{Kind: flow.IDs, IDs: []string{x.book.links["product"][x.mug]}}, nil)
	require.Equal(t, "not_counted", r.Pages[0].Missing[0].Code)
	require.Equal(t, writes, x.writes())

	x.ask(http.MethodDelete, "products/"+x.mug, nil)
	x.count("3", x.mug)
	r = x.record(flow.Export, "stock", flow.Filter{Kind: flow.All}, nil)
	require.Equal(t, "not_in_store", r.Pages[0].Missing[0].Code)
}

// B09: what the store sold and the ERP does not have yet is kept back, whatever keeps the order from landing.
func TestOrdersOnTheirWayAreKeptBack(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.sell("on-hold", 1, x.mug)
	require.Equal(t, "9", x.pushUntil(x.mug)[x.mug].After, "orders were never imported")

	x.book.imported = time.Now().UTC().Add(time.Second)
	sold := x.sell("processing", 2, x.mug)
	done := x.sell("completed", 3, x.mug)
	x.sell("pending", 4, x.mug) // takes nothing yet
	require.Equal(t, "4", x.pushed(flow.Filter{Kind: flow.All})[x.mug].After)
	require.Equal(t, 4, x.held(x.mug))
	require.Equal(t, "6", x.book.keptBack[x.mug])

	x.importIt("order", sold, done)
	outcome := x.pushUntil(x.mug)[x.mug]
	require.Equal(t, []string{"unchanged", "4"}, []string{string(outcome.Status), outcome.After}, "the ERP has set aside what it knows")
	require.Equal(t, "1", x.book.keptBack[x.mug], "the order on hold is not imported")
	x.requireSettled(x.mug)
}

// What the store took off its stock for an edit that waits for a person is kept back: the ERP does not have it.
func TestAnEditThatWaitsForAPersonIsKeptBack(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.book.imported = time.Now().UTC().Add(time.Hour)
	sold := x.sell("processing", 2, x.mug)
	x.importIt("order", sold)
	key := mapping.NamedKey(x.ec, "order", sold)
	require.NoError(t, x.ec.Backend.ConfirmOrders(t.Context(), []erp.Ask[erp.ConfirmRequest]{{Order: key}})[0].Err)
	require.NoError(t, x.ec.Backend.InvoiceOrders(t.Context(), []erp.Ask[erp.InvoiceRequest]{{Order: key}})[0].Err)
	require.Equal(t, "8", x.pushUntil(x.mug)[x.mug].After)

	order := x.ask(http.MethodGet, "orders/"+sold, nil)
	line := order["line_items"].([]any)[0].(map[string]any)["id"]
	x.ask(http.MethodPut, "orders/"+sold, map[string]any{"line_items": []map[string]any{{"id": line, "quantity": 5, "subtotal": "25.00", "total": "25.00"}}})
	require.Equal(t, 5, x.held(x.mug), "the store takes three more")
	r := x.record(flow.Import, "order", flow.Filter{Kind: flow.IDs, IDs: []string{sold}}, nil)
	require.Equal(t, []any{flow.Parked, "order_locked"}, []any{r.Outcomes()[0].Status, r.Outcomes()[0].Code}, r.Outcomes()[0].Reason)
	x.book.take("order", r)
	o := x.pushed(flow.Filter{Kind: flow.All})[x.mug]
	require.Equal(t, []string{"unchanged", "5"}, []string{string(o.Status), o.After}, "what is sold is not on offer again")
	require.Equal(t, "3", x.book.keptBack[x.mug])
}

// A quotation keeps nothing of the stock that the store takes only once it is paid: until that lands, it is kept back.
func TestAnOrderThatIsPaidAndParkedIsKeptBack(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.book.imported = time.Now().UTC().Add(time.Hour)
	sold := x.sell("pending", 2, x.mug)
	x.importIt("order", sold)
	require.Equal(t, "10", x.pushUntil(x.mug)[x.mug].After)
	unknown := jsonNumber(x.ask(http.MethodPost, "products", map[string]any{"name": "Not imported", "regular_price": "1"})["id"])
	x.ask(http.MethodPut, "orders/"+sold, map[string]any{"status": "processing", "line_items": []map[string]any{{"product_id": unknown, "quantity": 1}}})
	require.Equal(t, 8, x.held(x.mug))
	r := x.record(flow.Import, "order", flow.Filter{Kind: flow.IDs, IDs: []string{sold}}, nil)
	require.Equal(t, []any{flow.Parked, "unknown_product"}, []any{r.Outcomes()[0].Status, r.Outcomes()[0].Code}, r.Outcomes()[0].Reason)
	x.book.take("order", r)
	o := x.pushed(flow.Filter{Kind: flow.All})[x.mug]
	require.Equal(t, []string{"unchanged", "8"}, []string{string(o.Status), o.After})
	require.Equal(t, "2", x.book.keptBack[x.mug])
}

// An order that is given up in the store moves nothing in the ERP. The store has put its goods back itself.
func TestAnOrderOnItsWayThatIsCancelled(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	sold := x.sell("on-hold", 4, x.mug)
	require.Equal(t, "6", x.pushUntil(x.mug)[x.mug].After)
	x.ask(http.MethodPut, "orders/"+sold, map[string]string{"status": "cancelled"})
	require.Equal(t, 10, x.held(x.mug))
	o := x.pushUntil(x.mug)[x.mug]
	require.Equal(t, []string{"unchanged", "10"}, []string{string(o.Status), o.After})
	x.requireSettled(x.mug)
}

// What a count already shows is not kept back once more.
func TestOrdersBeforeTheCountAreNotKeptBack(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.sell("on-hold", 4, x.mug)
	_, err := x.ec.Backend.SetStock(context.Background(), []erp.StockCount{{
		Key: mapping.NamedKey(x.ec, "product", x.mug), Warehouse: x.warehouse(), Free: decimal.NewFromInt(6), CountedAt: time.Now().UTC().Add(time.Hour),
	}})
	require.NoError(t, err)
	require.Equal(t, "6", x.pushUntil(x.mug)[x.mug].After)
}

// N13: a sale between reading the orders and writing the figure is not put back on offer.
func TestASaleWhileAFigureIsWritten(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	sales := 0
	x.ec.Confirm = func(context.Context) error {
		if sales++; sales < 3 {
			x.sell("processing", 2, x.mug)
		}
		return nil
	}
	o := x.pushUntil(x.mug)[x.mug]
	require.Equal(t, flow.Updated, o.Status, o.Reason)
	require.Equal(t, 6, x.held(x.mug))
	require.Equal(t, "6", o.After)
	require.Equal(t, 3, sales, "written once, and corrected for either sale")
}

// A figure that the store does not take is written once more and then parked; nothing of the others is held up.
func TestAFigureThatTheStoreDoesNotTake(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.count("3", x.l)
	x.ec.Confirm = func(context.Context) error {
		x.setMug("manage_stock", false)
		return nil
	}
	outcomes := x.pushUntil(x.mug, x.l)
	require.Equal(t, []string{"parked", "store_differs"}, []string{string(outcomes[x.mug].Status), outcomes[x.mug].Code})
	require.Equal(t, flow.Updated, outcomes[x.l].Status)
}

func TestLostRepliesToAStockPush(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.count("3", x.l)
	x.shop.SetFaults(wootest.Faults{Seed: 3, RateCut: 0.3})
	var outcomes map[string]flow.Outcome
	require.Eventually(t, func() bool {
		var r flowtest.Recorder
		err := stock.Pushes.Run(t.Context(), x.ec, flow.Scan{Filter: flow.Filter{Kind: flow.All}}, &r)
		outcomes = map[string]flow.Outcome{}
		for _, o := range r.Outcomes() {
			outcomes[o.Key.ID] = o
		}
		return err == nil
	}, time.Minute, time.Millisecond)
	x.shop.SetFaults(wootest.Faults{})
	require.True(t, outcomes[x.mug].Landed(), outcomes[x.mug].Reason)
	require.Equal(t, []int{10, 3}, []int{x.held(x.mug), x.held(x.l)})
}

// A push of all costs a reading and a writing request per hundred products or per product with variations, and three looks at orders.
func TestRequestsOfAStockPush(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	const products = 450
	for from := 0; from < products; from += 50 {
		var create []map[string]any
		for i := range 50 {
			create = append(create, map[string]any{"name": fmt.Sprint("P", from+i), "regular_price": "1", "manage_stock": true, "stock_quantity": 3})
		}
		x.ask(http.MethodPost, "products/batch", map[string]any{"create": create})
	}
	x.importIt("product")
	x.edit(`INSERT INTO ledger.stock_quants (variant_id, warehouse_id, on_hand, reserved) SELECT v.id, w.id, 8, 0
		FROM ledger.variants v, ledger.warehouses w ON CONFLICT (variant_id, warehouse_id) DO UPDATE SET on_hand = 8, changed = pg_current_xact_id()`)
	before := x.allRequests()
	outcomes := x.pushed(flow.Filter{Kind: flow.All})
	require.Len(t, outcomes, products+4)
	require.Equal(t, flow.Updated, outcomes[x.mug].Status)
	// Of 451 simple products, and of the shirt: its variation and its own stock.
	const reads, writes, looks = 5 + 1, 5 + 1, 3
	require.LessOrEqual(t, x.allRequests()-before, reads+writes+looks)
}

// N16: "why this number", by warehouse.
func TestAFigureIsExplained(t *testing.T) {
	t.Parallel()
	x := connectStock(t)
	x.secondWarehouse("5")
	x.ec.Instance.Config.Stock.Buffer = 1
	sold := x.sell("on-hold", 2, x.mug)
	e, err := stock.Explain(t.Context(), x.ec, x.mug)
	require.NoError(t, err)
	require.Equal(t, []string{x.mug, x.book.links["product"][x.mug]}, []string{e.ID, e.ERPID})
	require.Len(t, e.Places, 2)
	require.Equal(t, []string{"WH", "10", "W2", "5"}, []string{
		e.Places[0].Warehouse, e.Places[0].Free().String(), e.Places[1].Warehouse, e.Places[1].Free().String()})
	require.Len(t, e.Orders, 1)
	require.Equal(t, []string{sold, "2"}, []string{e.Orders[0].ID, e.Orders[0].Quantity.String()})
	require.Equal(t, []string{"15", "2", "12"}, []string{e.Figure.String(), e.KeptBack.String(), e.Quantity.String()})
	require.Equal(t, []any{true, "2", false}, []any{e.Store.Counted, e.Store.Quantity.String(), e.Store.Backorders})

	e, err = stock.Explain(t.Context(), x.ec, x.s)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{x.s, x.m}, e.Shared)
	_, err = stock.Explain(t.Context(), x.ec, x.shirt)
	require.True(t, fault.Is(err, fault.Conflict), "%v", err)
	_, err = stock.Explain(t.Context(), x.ec, "987654")
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
}
