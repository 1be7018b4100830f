package wootest

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestConcurrentUse: readers, writers and auditors at once; the sums must be those of a quiet store.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	product := c.post("products", fields{"regular_price": "10", "manage_stock": true, "stock_quantity": 1000}).id()
	before := c.store.Count("orders")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				c.api(http.MethodPost, "orders", fields{"status": "processing", "line_items": []fields{{"product_id": product, "quantity": 2}}})
				c.get("orders?per_page=20&orderby=modified")
				c.get("products?per_page=20")
				c.store.Stock()
				c.store.Stats()
			}
		})
	}
	all.Wait()
	require.Equal(t, 1000-80, c.store.Stock()[product])
	require.Equal(t, before+40, c.store.Count("orders"))
}
