package e2e

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo/wootest"
)

// TestEditedOrderWaitsForADecision changes orders in the store after they were confirmed. Each is held with what differs, and its sale
// workflow waits, until a person accepts the change or refuses it; what was decided holds for that change alone.
func TestEditedOrderWaitsForADecision(t *testing.T) {
	t.Parallel()
	store, x, order := orderWithoutGoods(t)

	store.changeQuantity(order, 2)
	x.importAll(changes, "order")
	held := x.parkedFor("order", "order_edited")
	require.Len(t, held, 1)
	require.Contains(t, fieldsOf(held[0]), "total")
	x.blockedWith(order, "order_edited")
	before := x.order(order, "blocked").Figures.Total

	x.decide(t, "order", "order_edited", "keep")
	require.Equal(t, "ship", x.order(order, "blocked").Step, "it looks again and lacks goods as before")
	require.Equal(t, before, x.order(order, "blocked").Figures.Total)
	x.importAll(everything, "order")
	require.Empty(t, x.parkedFor("order", "order_edited"), "the same change is not asked about again")

	store.changeQuantity(order, 1)
	x.importAll(changes, "order")
	x.decide(t, "order", "order_edited", "accept")
	done := x.order(order, "done")
	require.NotEqual(t, before, done.Figures.Total)
	require.True(t, done.Figures.Shipped)

	store.changeQuantity(order, 2)
	x.importAll(changes, "order")
	x.decide(t, "order", "order_locked", "keep")
	require.Equal(t, done.Figures.Total, x.order(order, "done").Figures.Total, "what is shipped stays")
	requireBalanced(t, x)
}

// TestAnOrderWaitsForAnEditThatCannotBeImported adds a product to an order in the store that is not imported yet. The order's sale workflow
// waits, with the reason, until the product is there and a person has accepted the change.
func TestAnOrderWaitsForAnEditThatCannotBeImported(t *testing.T) {
	t.Parallel()
	store, x, order := orderWithoutGoods(t)

	var added struct {
		ID int `json:"id"`
	}
	store.write(http.MethodPost, "products", map[string]any{"name": "Late", "type": "simple", "regular_price": "1.00", "status": "publish"}, &added)
	store.changeQuantity(order, 1)
	store.write(http.MethodPut, "orders/"+order, map[string]any{"line_items": []map[string]any{{"product_id": added.ID, "quantity": 1, "subtotal": "1.00", "total": "1.00"}}}, nil)
	x.importAll(changes, "order")
	require.Len(t, x.parkedFor("order", "unknown_product"), 1)
	x.blockedWith(order, "newer_version_waits")
	require.Contains(t, x.order(order, "blocked").Reason, "unknown_product")

	x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{strconv.Itoa(added.ID)}}, "product")
	x.blockedWith(order, "order_edited")
	x.decide(t, "order", "order_edited", "accept")
	require.True(t, x.order(order, "done").Figures.Shipped)
	requireBalanced(t, x)
}

// orderWithoutGoods connects a shop with an order that is confirmed, and blocked at its shipment for want of goods.
func orderWithoutGoods(t *testing.T) (store *shop, x *tandem, order string) {
	t.Helper()
	store = openShop(t, wootest.Sized(30, 5, 5))
	product := store.oneManaged()
	store.setStock(product, 2)
	x = serve(t)
	x.connect(store.URL)
	x.shipUninvoiced()
	order = store.sell(product, 5)
	x.importAll(everything)
	require.Equal(t, "ship", x.order(order, "blocked").Step)
	return store, x, order
}

// blockedWith waits until an order is blocked with a code. It is asked to look again, as a person would.
func (x *tandem) blockedWith(order, code string) {
	x.t.Helper()
	eventually(x.t, "the sale workflow to wait with "+code, func() bool {
		var o gen.Order
		if x.api.Get(x.t.Context(), "/orders/"+instanceID+"/"+order, nil, &o) != nil || o.State != "blocked" {
			return false
		}
		if o.Code != code {
			_ = x.api.Post(x.t.Context(), "/orders/"+instanceID+"/"+order+"/retry", nil, nil) // refused while it runs of its own accord
		}
		return o.Code == code
	})
}

func fieldsOf(job gen.Job) (fields []string) {
	for _, d := range job.Differences {
		fields = append(fields, d.Field)
	}
	return fields
}

// shipUninvoiced has orders that are being processed confirmed and shipped only.
func (x *tandem) shipUninvoiced() {
	x.t.Helper()
	post[gen.SaleWorkflow](x, "/sale-workflows", instance.SaleWorkflow{ID: "ship", Name: "Validate and ship", ValidateOrder: true, ConfirmShipment: true})
	config := get[gen.Instance](x, "/instances/"+instanceID).Config
	config.Order.Workflows = []instance.WorkflowRule{{Match: "processing", Workflow: "ship"}}
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+instanceID, map[string]any{"config": config}, nil))
}

// changeQuantity changes how much the first line of an order sold, each for one and a half.
func (s *shop) changeQuantity(order string, quantity int) {
	s.t.Helper()
	var o struct {
		Lines []struct {
			ID int `json:"id"`
		} `json:"line_items"`
	}
	s.ask(http.MethodGet, "orders/"+order, nil, &o)
	total := map[int]string{1: "1.50", 2: "3.00"}[quantity]
	s.write(http.MethodPut, "orders/"+order, map[string]any{"line_items": []map[string]any{
		{"id": o.Lines[0].ID, "quantity": quantity, "subtotal": total, "total": total}}}, nil)
}
