package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestSaleOrderWaitsForGoods sells more than there is. The order is invoiced and paid, and waits for the goods, also when a
// person retries it too early; it goes on automatically once they are there.
func TestSaleOrderWaitsForGoods(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(30, 5, 5))
	product := store.oneManaged()
	store.setStock(product, 2)
	retried, cancelled := store.sell(product, 5), store.sell(product, 3)
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)

	blocked := x.order(retried, "blocked")
	require.Equal(t, "ship", blocked.Step)
	require.NotEmpty(t, blocked.Reason)
	require.True(t, blocked.Figures.Invoiced && blocked.Figures.Paid && !blocked.Figures.Shipped, "%+v", blocked.Figures)

	path := "/orders/" + instanceID + "/" + retried
	x.steer(path + "/pause")
	x.order(retried, "paused")
	require.Equal(t, fault.Conflict, x.refusal(path+"/retry"))
	x.steer(path + "/resume")
	eventually(t, "the order to accept a retry", func() bool { return x.api.Post(t.Context(), path+"/retry", nil, nil) == nil })
	x.order(retried, "blocked") // there are no more goods than before

	x.order(cancelled, "blocked")
	x.steer("/orders/" + instanceID + "/" + cancelled + "/cancel")
	x.order(cancelled, "cancelled")

	store.setStock(product, 20)
	x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{strconv.Itoa(product)}}, "product")
	done := x.order(retried, "done")
	require.True(t, done.Figures.Shipped)
	require.Equal(t, []string{"validate", "invoice", "pay", "ship"}, done.Planned)

	for name, wooID := range map[string]string{
		"sale_order_blocked_retried": retried, "sale_order_cancelled": cancelled, "sale_order_done": store.seededSale(),
	} {
		x.keep(name, workflows.SaleOrderID(instanceID, wooID))
	}
}

// oneManaged gives a simple product whose stock the store counts.
func (s *shop) oneManaged() int {
	s.t.Helper()
	for _, p := range s.products() {
		if p.Type == "simple" && p.Managed == true {
			return p.ID
		}
	}
	require.Fail(s.t, "the store counts no simple product")
	return 0
}

// seededSale gives an order that goes through the sale workflow without trouble.
func (s *shop) seededSale() string {
	s.t.Helper()
	for _, o := range s.orders() {
		if o.sold() {
			return strconv.Itoa(o.ID)
		}
	}
	require.Fail(s.t, "the store has sold nothing")
	return ""
}

func (s *shop) setStock(product, quantity int) {
	s.t.Helper()
	s.write(http.MethodPut, fmt.Sprintf("products/%d", product), map[string]any{"stock_quantity": quantity, "backorders": "yes"}, nil)
}

// sell makes an order that is being processed and gives its id. The store sells on credit: its stock may go below zero.
func (s *shop) sell(product, quantity int) string {
	s.t.Helper()
	var made shopOrder
	s.write(http.MethodPost, "orders", map[string]any{
		"status": "processing", "line_items": []map[string]int{{"product_id": product, "quantity": quantity}},
		"billing": map[string]string{"first_name": "Ada", "email": "ada@example.com", "country": "FR"},
	}, &made)
	return strconv.Itoa(made.ID)
}
