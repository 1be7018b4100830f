package e2e

import (
	"fmt"
	"net/http"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
)

var changed = flow.Filter{Kind: flow.Changes}

// edit is a busy day of a store: it changes one in so many products, customers and unpaid orders, those from the given place
// on, and sells some goods. What comes of it does not depend on when it is imported.
func (s *shop) edit(from, oneIn int) {
	s.t.Helper()
	for i, p := range s.products() {
		if i%oneIn != from || p.Type != "simple" {
			continue
		}
		fields := map[string]any{"regular_price": fmt.Sprintf("%d.5%d", 20+i, from), "sale_price": ""}
		if p.Managed == true {
			fields["stock_quantity"] = 100 + i + from
		}
		s.write(http.MethodPut, fmt.Sprintf("products/%d", p.ID), fields, nil)
	}
	for i, c := range s.customers() {
		if i%oneIn == from {
			s.write(http.MethodPut, fmt.Sprintf("customers/%d", c.ID), map[string]string{"first_name": fmt.Sprintf("Edited %d", i)}, nil)
		}
	}
	for i, o := range s.orders() {
		if i%oneIn == from && o.Status == "pending" {
			s.write(http.MethodPut, fmt.Sprintf("orders/%d", o.ID), map[string]string{"status": "processing"}, nil)
		}
	}
	product := s.oneManaged()
	s.setStock(product, 500)
	for quantity := range 5 {
		s.sell(product, 1+quantity)
	}
}

// retrySales has the sale workflows that lacked goods try again: orders may come in before the count of what they sold.
func (x *tandem) retrySales() {
	x.t.Helper()
	eventually(x.t, "all sale workflows to be done", func() bool {
		states := x.salesMoved()
		if states["blocked"] > 0 {
			post[gen.OrderCommands](x, "/orders/retry", gen.OrderSelection{Instance: instanceID})
		}
		return len(states) == 1 && states["done"] > 0
	})
}

// requireNothingMissed reads the whole store once more and finds nothing new.
func (x *tandem) requireNothingMissed() {
	x.t.Helper()
	op := x.importAll(everything)
	var missed []string
	require.NoError(x.t, x.database.SelectContext(x.t.Context(), &missed, `
		SELECT entity || ' ' || woo_id || ' ' || status || ': ' || array_to_string(steps, ', ')
		FROM tandem.logs WHERE operation = $1 AND status <> 'unchanged' ORDER BY id LIMIT 5`, op.ID))
	for _, p := range op.Progress {
		if p.Entity == "refund" {
			continue // they are booked once the sale workflows of their orders are done
		}
		require.Equal(x.t, p.Read, p.Unchanged, "%s: %v", p.Entity, missed)
	}
}
