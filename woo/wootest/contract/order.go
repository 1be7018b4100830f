package contract

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// place is where the suite's own tax rates apply: nobody ships to Bouvet Island.
const place = "BV"

// mode is how a store enters prices and rounds taxes.
type mode struct{ inclusive, atSubtotal bool }

func (m mode) String() string {
	name := "prices ex tax"
	if m.inclusive {
		name = "prices with tax"
	}
	if m.atSubtotal {
		return name + ", rounded at the subtotal"
	}
	return name + ", rounded by line"
}

func yesNo(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

// taxed puts the store at place, with taxes of 20 % and 5.5 %, two decimals and the mode, until the test ends. So the
// suite holds for stores of any setting.
func (s *store) taxed(t *testing.T, m mode) {
	t.Helper()
	for setting, value := range map[string]string{
		"general/woocommerce_calc_taxes": "yes", "general/woocommerce_default_country": place,
		"general/woocommerce_price_num_decimals": "2", "tax/woocommerce_shipping_tax_class": "inherit",
		"tax/woocommerce_tax_based_on": "shipping",
	} {
		s.set(t, setting, value)
	}
	s.switchTo(t, m)
	s.create(t, "taxes", object{"country": place, "rate": "20", "name": "C20 " + s.run, "class": "standard", "shipping": true})
	s.create(t, "taxes", object{"country": place, "rate": "5.5", "name": "C55 " + s.run, "class": "reduced-rate", "shipping": true})
}

func (s *store) switchTo(t *testing.T, m mode) {
	t.Helper()
	s.set(t, "tax/woocommerce_prices_include_tax", yesNo(m.inclusive))
	s.set(t, "tax/woocommerce_tax_round_at_subtotal", yesNo(m.atSubtotal))
}

// set changes a setting until the test ends.
func (s *store) set(t *testing.T, setting, value string) {
	t.Helper()
	path := "settings/" + setting
	before := s.get(t, path).object()["value"]
	t.Cleanup(func() { s.put(t, path, object{"value": before}) })
	require.Equal(t, http.StatusOK, s.put(t, path, object{"value": value}).status, setting)
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

// checkSoldVariations: selling of a variation changes it and its product, so that a list of changed products shows both.
func checkSoldVariations(t *testing.T, s *store) {
	parent := s.create(t, "products", object{"name": "Sold " + s.run, "type": "variable", "attributes": []object{
		{"name": "Size", "variation": true, "visible": true, "options": []string{"S", "M"}}}})
	path := "products/" + number(parent["id"])
	made := s.post(t, path+"/variations", object{"regular_price": "10", "manage_stock": true, "stock_quantity": 50,
		"attributes": []object{{"name": "Size", "option": "S"}}})
	require.Equal(t, http.StatusCreated, made.status, "%v", made.body)
	variation := path + "/variations/" + number(made.object()["id"])
	changed := func(path string) string { return word(s.get(t, path).object()["date_modified_gmt"]) }
	before := max(changed(path), changed(variation))
	require.Eventually(t, func() bool { // times are in whole seconds: sold until the next one
		s.order(t, object{"status": "processing", "line_items": []object{{"product_id": parent["id"], "variation_id": made.id(), "quantity": 1}}})
		return changed(path) > before && changed(variation) > before
	}, 30*time.Second, 100*time.Millisecond)
	require.Less(t, whole(s.get(t, variation).object()["stock_quantity"]), 50)
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

// checkOrdersMadeElsewhere: what an order is that was made elsewhere and is written as a batch: pending, with its mark, found by its customer, with
// taxes that the store calculates; and deleted for good by a batch.
func checkOrdersMadeElsewhere(t *testing.T, s *store) {
	s.taxed(t, mode{})
	buyer := s.create(t, "customers", object{"email": s.mail()})
	parent := s.create(t, "products", object{"name": "Made elsewhere " + s.run, "type": "variable", "attributes": []object{
		{"name": "Size", "variation": true, "visible": true, "options": []string{"S", "M"}}}})
	variation := s.post(t, "products/"+number(parent["id"])+"/variations", object{"regular_price": "10", "manage_stock": true, "stock_quantity": 50,
		"attributes": []object{{"name": "Size", "option": "S"}}})
	require.Equal(t, http.StatusCreated, variation.status, "%v", variation.body)

	made := s.post(t, "orders/batch?dp=6", object{"create": []object{{
		"status": "pending", "customer_id": buyer["id"], "customer_note": "Ring twice",
		"billing": object{"first_name": "Contract", "country": place}, "shipping": object{"first_name": "Contract", "country": place},
		"line_items":     []object{{"product_id": variation.id(), "quantity": 3, "subtotal": "30", "total": "27"}},
		"shipping_lines": []object{{"method_id": "other", "method_title": "Parcel", "total": "4.90"}},
		"fee_lines":      []object{{"name": "Wrap", "total": "2.50", "tax_status": "none"}, {"name": "Bonus", "total": "-10", "tax_status": "none"}},
		"meta_data":      []object{{"key": "_tandem_erp_id", "value": s.run + "/7"}},
	}}})
	require.Equal(t, http.StatusOK, made.status, "%v", made.body)
	order, _ := at(made.body, "create", 0).(object)
	id := number(order["id"])
	s.discard(t, "orders", whole(order["id"]))
	require.Equal(t, []any{"pending", "28.930000", "4.530000"}, []any{order["status"], order["total"], order["total_tax"]},
		"a negative fee takes off tax, whatever it says of itself")
	require.Equal(t, []any{parent["id"], float64(variation.id())}, []any{at(order, "line_items", 0, "product_id"), at(order, "line_items", 0, "variation_id")},
		"a variation is taken for a product")
	require.Equal(t, "_tandem_erp_id", at(order, "meta_data", 0, "key"))

	found := s.list(t, "orders?_fields=id,meta_data&customer="+number(buyer["id"]))
	require.Equal(t, []int{whole(order["id"])}, found.ids())
	require.Equal(t, s.run+"/7", at(found.body, 0, "meta_data", 0, "value"))

	gone := s.post(t, "orders/batch", object{"delete": []any{order["id"]}})
	require.Equal(t, order["id"], at(gone.body, "delete", 0, "id"))
	require.Empty(t, s.list(t, "orders?status=trash,any&include="+id).ids())
}
