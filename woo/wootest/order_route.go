package wootest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

var errNoOrder = fail(http.StatusNotFound, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")

func (s *Server) routeOrders() {
	res := s.orderResource()
	res.mountBatch(&s.router)
	res.mount(&s.router)
}

func (s *Server) orderResource() *resource[order] {
	return &resource[order]{
		pattern:  "orders",
		records:  s.orders,
		orders:   []string{"date", "id", "include", "title", "slug", "modified"},
		dated:    true,
		statuses: s.orderStatusFilter,
		filter:   orderFilter,
		encode:   s.encodeOrder,
		links:    s.linkOrder,
		write:    s.writeOrder,
		remove: func(c *call, o *order, force bool) error {
			return trashOrRemove(s.orders, o, force, "shop_order", func(o *order) {
				o.Status, o.modified = "trash", c.now
				c.fire(o.ID, "order.deleted")
			})
		},
		missing:    errNoOrder,
		missingPut: http.StatusBadRequest,
	}
}

// orderStatuses are those an order can be set to.
func (s *Server) orderStatuses() []string {
	statuses := []string{"auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"}
	statuses = append(statuses, s.opts.CustomStatuses...)
	return append(statuses, "checkout-draft")
}

// orderStatusFilter: the default "any" leaves out the trash, but not the drafts of the block checkout.
func (s *Server) orderStatusFilter(c *call) (func(string) bool, error) {
	wanted := c.params("status")
	allowed := append([]string{"any", "trash"}, s.orderStatuses()...)
	for i, status := range wanted {
		if err := oneOf("status", "status["+strconv.Itoa(i)+"]", status, allowed); err != nil {
			return nil, err
		}
	}
	if len(wanted) == 0 || slices.Contains(wanted, "any") {
		return func(status string) bool { return status != "trash" && status != "auto-draft" }, nil
	}
	return func(status string) bool { return slices.Contains(wanted, status) }, nil
}

func orderFilter(c *call) (func(*order) bool, error) {
	customers, products, parents := c.ids("customer"), c.ids("product"), c.ids("parent")
	search, via := c.param("search"), c.params("created_via")
	if len(customers)+len(products)+len(parents)+len(via) == 0 && search == "" {
		return nil, nil
	}
	return func(o *order) bool {
		return (len(customers) == 0 || slices.Contains(customers, int(o.CustomerID))) &&
			(len(parents) == 0 || slices.Contains(parents, int(o.Parent))) &&
			(len(via) == 0 || slices.Contains(via, string(o.CreatedVia))) &&
			(len(products) == 0 || o.holds(products)) &&
			(search == "" || o.mentions(search))
	}, nil
}

func (o *order) holds(products []int) bool {
	return slices.ContainsFunc(o.lines, func(l orderLine) bool {
		return slices.Contains(products, l.Product) || slices.Contains(products, l.Variation)
	})
}

// mentions searches where WooCommerce does: ids, names, e-mails, item names, and custom fields nowhere.
func (o *order) mentions(word string) bool {
	var all strings.Builder
	for _, a := range []address{o.Billing, o.Shipping} {
		for _, part := range []text{a.FirstName, a.LastName, a.Company, a.Email, a.Address1, a.City} {
			all.WriteString(string(part) + " ")
		}
	}
	for i := range o.lines {
		all.WriteString(o.lines[i].Name + " ")
	}
	return strconv.Itoa(o.ID) == word || o.number == word || containsFold(all.String(), word)
}
