package contract

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// place is where the suite's own tax rates apply: nobody ships to Bouvet Island.
const place = "BV"

// taxed switches taxes on for the test, with 20 % and 5.5 % in place.
func (s *store) taxed(t *testing.T) {
	t.Helper()
	const setting = "settings/general/woocommerce_calc_taxes"
	before := s.get(t, setting).object()["value"]
	t.Cleanup(func() { s.put(t, setting, object{"value": before}) })
	require.Equal(t, http.StatusOK, s.put(t, setting, object{"value": "yes"}).status)
	s.create(t, "taxes", object{"country": place, "rate": "20", "name": "C20 " + s.run, "class": "standard", "shipping": true})
	s.create(t, "taxes", object{"country": place, "rate": "5.5", "name": "C55 " + s.run, "class": "reduced-rate", "shipping": true})
}

func (s *store) sell(t *testing.T, price, class string, stock int) object {
	t.Helper()
	return s.create(t, "products", object{"name": "Sold " + s.run, "regular_price": price, "tax_class": class,
		"manage_stock": true, "stock_quantity": stock})
}

// order saves an order that ships to place.
func (s *store) order(t *testing.T, body object) object {
	t.Helper()
	body["billing"] = object{"first_name": "Contract", "country": place, "email": s.mail()}
	body["shipping"] = object{"first_name": "Contract", "country": place}
	return s.create(t, "orders", body)
}

func (s *store) stock(t *testing.T, product object) int {
	t.Helper()
	return whole(s.get(t, "products/"+number(product["id"])).object()["stock_quantity"])
}

// checkOrders: a change of status moves the stock once each way; the trash is listed only when asked for.
func checkOrders(t *testing.T, s *store) {
	p := s.sell(t, "10.00", "", 50)
	o := s.order(t, object{"line_items": []object{{"product_id": p["id"], "quantity": 3}}})
	path := "orders/" + number(o["id"])
	require.Equal(t, "pending", o["status"])
	require.Equal(t, 50, s.stock(t, p))

	paid := s.put(t, path, object{"status": "processing"})
	require.Equal(t, "processing", paid.object()["status"])
	require.NotNil(t, paid.object()["date_paid"])
	require.Equal(t, "_reduced_stock", at(paid.body, "line_items", 0, "meta_data", 0, "key"))
	require.Equal(t, 47, s.stock(t, p))
	s.put(t, path, object{"status": "completed"})
	require.Equal(t, 47, s.stock(t, p), "stock is taken once")
	s.put(t, path, object{"status": "cancelled"})
	require.Equal(t, 50, s.stock(t, p))

	bad := s.put(t, path, object{"status": "nosuch"})
	require.Equal(t, http.StatusBadRequest, bad.status)
	require.Equal(t, "rest_invalid_param", bad.code())

	note := s.post(t, path+"/notes", object{"note": "Tracking: 1", "customer_note": true})
	require.Equal(t, http.StatusCreated, note.status)
	require.Contains(t, s.list(t, path+"/notes").ids(), note.id())

	require.Equal(t, http.StatusOK, s.delete(t, path).status)
	include := "orders?include=" + number(o["id"])
	require.Empty(t, s.list(t, include).ids())
	require.Equal(t, []int{whole(o["id"])}, s.list(t, include+"&status=trash").ids())

	unknown := s.order(t, object{"line_items": []object{{"product_id": 99999999, "quantity": 1}}})
	require.Equal(t, float64(0), at(unknown, "line_items", 0, "product_id"))
}

// checkOrderTotals: what WooCommerce makes of two rates, a coupon, shipping and fees of either sign, to the cent and at
// six decimals.
func checkOrderTotals(t *testing.T, s *store) {
	s.taxed(t)
	standard, reduced := s.sell(t, "54.99", "", 50), s.sell(t, "1.15", "reduced-rate", 50)
	third := s.sell(t, "19.99", "", 50)
	code := "sum" + s.run
	s.create(t, "coupons", object{"code": code, "discount_type": "percent", "amount": "10"})
	o := s.order(t, object{
		"line_items": []object{{"product_id": standard["id"], "quantity": 2}, {"product_id": reduced["id"], "quantity": 3},
			{"product_id": third["id"], "quantity": 1}},
		"shipping_lines": []object{{"method_id": "flat_rate", "method_title": "Flat", "total": "5.00"}},
		"fee_lines":      []object{{"name": "Wrap", "total": "2.50"}, {"name": "Loyalty", "total": "-1.00"}},
		"coupon_lines":   []object{{"code": code}},
	})
	for field, want := range map[string]string{"discount_total": "13.34", "discount_tax": "2.62", "shipping_tax": "1.00",
		"cart_tax": "23.86", "total_tax": "24.86", "total": "151.44"} {
		require.Equal(t, want, o[field], field)
	}
	exact := s.get(t, "orders/"+number(o["id"])+"?dp=6").object()
	require.Equal(t, "98.970000", at(exact, "line_items", 0, "total"))
	require.Equal(t, "19.794000", at(exact, "line_items", 0, "taxes", 0, "total"))
	require.Equal(t, "0.171050", at(exact, "line_items", 1, "taxes", 0, "total"))
	require.Equal(t, "-0.195104", at(exact, "fee_lines", 1, "taxes", 0, "total"))
	require.Equal(t, "23.690000", at(exact, "tax_lines", 0, "tax_total"))

	moreShipping := s.put(t, "orders/"+number(o["id"]), object{"shipping_lines": []object{
		{"id": at(o, "shipping_lines", 0, "id"), "total": "10.00"}}})
	require.Equal(t, "157.44", moreShipping.object()["total"], "changing a line works the totals out again")
	same := s.put(t, "orders/"+number(o["id"]), object{"status": "on-hold"})
	require.Equal(t, "157.44", same.object()["total"])
}

// checkRefunds: lines come back negative, too much is refused with a bare number, and all of it moves the status.
func checkRefunds(t *testing.T, s *store) {
	s.taxed(t)
	p := s.sell(t, "50.00", "", 50)
	o := s.order(t, object{"status": "processing", "line_items": []object{{"product_id": p["id"], "quantity": 2}}})
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
	require.ElementsMatch(t, []int{part.id(), rest.id()}, s.list(t, path+"/refunds").ids())
	require.Contains(t, s.list(t, "refunds?per_page=100").ids(), rest.id())
}
