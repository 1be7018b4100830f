package contract

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// checkRefunds: lines come back negative, too much is refused with a bare number, and all of it moves the status.
func checkRefunds(t *testing.T, s *store) {
	for _, m := range []mode{{}, {inclusive: true}, {atSubtotal: true}, {true, true}} {
		t.Run(m.String(), func(t *testing.T) {
			s.taxed(t, m)
			p := s.sell(t, "50.00", "", 50)
			s.refundTwice(t, s.order(t, object{"status": "processing", "line_items": []object{
				{"product_id": p["id"], "quantity": 2, "subtotal": "100.00", "total": "100.00"}}}))
		})
	}
}

func (s *store) refundTwice(t *testing.T, o object) {
	t.Helper()
	path := "orders/" + number(o["id"])
	line := at(o, "line_items", 0, "id")
	rate := at(o, "tax_lines", 0, "rate_id")
	part := s.post(t, path+"/refunds", object{"amount": "60.00", "reason": "Damaged", "api_refund": false, "api_restock": false,
		"line_items": []object{{"id": line, "quantity": 1, "refund_total": "50.00", "refund_tax": []object{{"id": rate, "refund_total": 10.0}}}}})
	require.Equal(t, http.StatusCreated, part.status, "%v", part.body)
	require.Equal(t, "-50.00", at(part.body, "line_items", 0, "total"))
	require.Equal(t, "-10.00", at(part.body, "line_items", 0, "total_tax"))
	require.Equal(t, float64(-1), at(part.body, "line_items", 0, "quantity"))
	require.Equal(t, "-60.00", at(s.get(t, path).body, "refunds", 0, "total"))
	require.Equal(t, "processing", s.get(t, path).object()["status"])

	tooMuch := s.post(t, path+"/refunds", object{"amount": "60.01", "api_refund": false})
	require.Equal(t, http.StatusInternalServerError, tooMuch.status)
	require.Equal(t, "woocommerce_rest_cannot_create_order_refund", tooMuch.code())
	require.Equal(t, float64(http.StatusInternalServerError), tooMuch.object()["data"])

	rest := s.post(t, path+"/refunds", object{"amount": "60.00", "api_refund": false})
	require.Equal(t, http.StatusCreated, rest.status, "%v", rest.body)
	require.Equal(t, "refunded", s.get(t, path).object()["status"])
	require.Equal(t, "120.00", s.get(t, path).object()["total"], "the order's total stays")
	require.ElementsMatch(t, []int{part.id(), rest.id()}, s.list(t, path+"/refunds").ids())
	require.Contains(t, s.list(t, "refunds?per_page=100").ids(), rest.id())
	named := s.list(t, "refunds?orderby=id&order=asc&include="+strconv.Itoa(rest.id())+","+number(o["id"]))
	require.Equal(t, []int{rest.id()}, named.ids(), "refunds can be named, orders are none")
	require.Equal(t, o["id"], named.list()[0]["parent_id"])
}

// lineMeta gives the custom fields of a line by name.
func lineMeta(line any) map[string]string {
	kept := map[string]string{}
	for _, m := range objects(at(line, "meta_data")) {
		kept[word(m["key"])] = word(m["value"])
	}
	return kept
}

// checkRestock: a refund moves what it restocks from one count of the line to another, without a limit; deleting the
// refund takes nothing back, and needs no force.
func checkRestock(t *testing.T, s *store) {
	p := s.create(t, "products", object{"name": "Ticket " + s.run, "regular_price": "10.00", "virtual": true,
		"manage_stock": true, "stock_quantity": 50})
	o := s.order(t, object{"status": "processing", "line_items": []object{{"product_id": p["id"], "quantity": 3}}})
	path := "orders/" + number(o["id"])
	require.Equal(t, 47, s.stock(t, p), "a virtual product may have a stock")

	give := func(pieces int) answer {
		a := s.post(t, path+"/refunds", object{"amount": "1.00", "api_refund": false, "line_items": []object{
			{"id": at(o, "line_items", 0, "id"), "quantity": pieces, "refund_total": "1.00"}}})
		require.Equal(t, http.StatusCreated, a.status, "%v", a.body)
		return a
	}
	first := give(1)
	require.Equal(t, 48, s.stock(t, p))
	kept := lineMeta(at(s.get(t, path).body, "line_items", 0))
	require.Equal(t, "2", kept["_reduced_stock"])
	require.Equal(t, "1", kept["_restock_refunded_items"])
	give(50)
	require.Equal(t, 98, s.stock(t, p))

	require.Equal(t, http.StatusOK, s.delete(t, path+"/refunds/"+number(first.object()["id"])).status)
	require.Equal(t, 98, s.stock(t, p))
	whole := s.put(t, path, object{"status": "refunded"})
	require.Equal(t, "refunded", whole.object()["status"])
	require.Equal(t, 98, s.stock(t, p), "a change of the status restocks nothing")
}
