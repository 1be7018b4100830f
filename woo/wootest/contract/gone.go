package contract

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// checkTrash: the trash hides a product from lists, also by code and by id, while its own address still shows it; a change
// of its status brings it back.
func checkTrash(t *testing.T, s *store) {
	sku := "T-" + s.run
	p := s.create(t, "products", object{"name": "Trashed " + s.run, "sku": sku, "regular_price": "10.00"})
	o := s.order(t, object{"line_items": []object{{"product_id": p["id"], "quantity": 1}}})
	path, order := "products/"+number(p["id"]), "orders/"+number(o["id"])
	require.Equal(t, "publish", s.delete(t, path).object()["status"], "the reply shows what was")

	trashed := s.get(t, path).object()
	require.Equal(t, "trash", trashed["status"])
	require.Equal(t, word(p["slug"])+"__trashed", trashed["slug"])
	require.Equal(t, sku, trashed["sku"])
	for _, list := range []string{"products?sku=" + sku, "products?include=" + number(p["id"]), "products?search=" + s.run} {
		require.NotContains(t, s.list(t, list).ids(), whole(p["id"]), list)
	}
	require.Equal(t, []int{whole(p["id"])}, s.list(t, "products?status=trash&include="+number(p["id"])).ids())
	line := at(s.get(t, order).body, "line_items", 0)
	require.Equal(t, p["id"], at(line, "product_id"), "orders keep it")
	require.Equal(t, sku, at(line, "sku"))

	twin := s.post(t, "products", object{"name": "Twin", "sku": sku})
	require.Equal(t, "woocommerce_rest_product_not_created", twin.code())
	require.Nil(t, at(twin.body, "data", "resource_id"))

	restored := s.put(t, path, object{"status": "publish"}).object()
	require.Equal(t, "publish", restored["status"])
	require.Equal(t, p["slug"], restored["slug"])
	require.Equal(t, []int{whole(p["id"])}, s.list(t, "products?sku="+sku).ids())
}

// checkGoneProducts: an order keeps name and money of what was deleted, but names it no longer.
func checkGoneProducts(t *testing.T, s *store) {
	simple := s.create(t, "products", object{"name": "Simple " + s.run, "sku": "GS-" + s.run, "regular_price": "10.00"})
	parent := s.create(t, "products", object{"name": "Parent " + s.run, "sku": "GP-" + s.run, "type": "variable", "attributes": []object{
		{"name": "Size", "variation": true, "visible": true, "options": []string{"S", "M"}}}})
	variations := "products/" + number(parent["id"]) + "/variations"
	variation := s.post(t, variations, object{"regular_price": "12.00", "sku": "GV-" + s.run,
		"attributes": []object{{"name": "Size", "option": "S"}}})
	require.Equal(t, http.StatusCreated, variation.status, "%v", variation.body)
	o := s.order(t, object{"line_items": []object{
		{"product_id": simple["id"], "quantity": 1, "subtotal": "10.00", "total": "10.00"},
		{"product_id": parent["id"], "variation_id": variation.id(), "quantity": 2, "subtotal": "24.00", "total": "24.00"}}})
	lines := func() (first, second any) {
		body := s.get(t, "orders/"+number(o["id"])).body
		return at(body, "line_items", 0), at(body, "line_items", 1)
	}
	_, sold := lines()
	require.Equal(t, "GV-"+s.run, at(sold, "sku"))
	require.Equal(t, parent["name"], at(sold, "parent_name"))

	require.Equal(t, http.StatusOK, s.delete(t, "products/"+number(simple["id"])+"?force=true").status)
	require.Equal(t, http.StatusOK, s.delete(t, variations+"/"+number(variation.object()["id"])+"?force=true").status)
	first, second := lines()
	require.Equal(t, []any{0., 0., nil, simple["name"], "10.00"}, named(first))
	require.Equal(t, []any{parent["id"], 0., "GP-" + s.run, at(sold, "name"), "24.00"}, named(second))
	require.Nil(t, at(second, "parent_name"))

	require.Equal(t, http.StatusOK, s.delete(t, "products/"+number(parent["id"])+"?force=true").status)
	_, second = lines()
	require.Equal(t, []any{0., 0., nil, at(sold, "name"), "24.00"}, named(second))
}

// named is what a line says of what it sold.
func named(line any) []any {
	return []any{at(line, "product_id"), at(line, "variation_id"), at(line, "sku"), at(line, "name"), at(line, "subtotal")}
}

// checkGoneRates: an order keeps what it says of a rate that was deleted, until it is worked out again.
func checkGoneRates(t *testing.T, s *store) {
	s.taxed(t, mode{})
	p := s.sell(t, "10.00", "", 50)
	o := s.order(t, object{"line_items": []object{{"product_id": p["id"], "quantity": 1}}})
	path, rate := "orders/"+number(o["id"]), "taxes/"+number(at(o, "tax_lines", 0, "rate_id"))
	require.Equal(t, http.StatusOK, s.delete(t, rate+"?force=true").status)
	kept := s.put(t, path, object{"status": "on-hold"})
	for _, field := range []string{"rate_id", "rate_code", "label", "rate_percent", "tax_total"} {
		require.Equal(t, at(o, "tax_lines", 0, field), at(kept.body, "tax_lines", 0, field), field)
	}
	again := s.put(t, path, object{"billing": object{"first_name": "Other"}})
	require.Empty(t, at(again.body, "tax_lines"))
	require.Equal(t, "10.00", again.object()["total"])
}

func checkGoneCustomers(t *testing.T, s *store) {
	u := s.create(t, "customers", object{"email": s.mail(), "username": "gone-" + s.run, "password": "not-used-" + s.run})
	o := s.order(t, object{"customer_id": u["id"]})
	path := "orders/" + number(o["id"])
	require.Equal(t, u["id"], s.get(t, path).object()["customer_id"])
	require.Equal(t, http.StatusOK, s.delete(t, "customers/"+number(u["id"])+"?force=true").status)
	require.Equal(t, float64(0), s.get(t, path).object()["customer_id"])
	require.Equal(t, s.mail(), at(s.get(t, path).body, "billing", "email"))
}

// checkEscapedNames: names of terms, products and users are kept as a browser needs them, addresses as they were typed.
func checkEscapedNames(t *testing.T, s *store) {
	const typed, kept = "Tea & Co < 3", "Tea &amp; Co &lt; 3"
	tag := s.create(t, "products/tags", object{"name": typed + " " + s.run})
	require.Equal(t, kept+" "+s.run, tag["name"])
	same := s.put(t, "products/tags/"+number(tag["id"]), object{"name": tag["name"]})
	require.Equal(t, tag["name"], same.object()["name"], "nothing is escaped twice")

	const soldAs = "Salt & Pepper"
	p := s.create(t, "products", object{"name": soldAs, "regular_price": "1.00", "tags": []object{{"id": tag["id"]}}})
	require.Equal(t, "Salt &amp; Pepper", p["name"])
	require.Equal(t, tag["name"], at(p, "tags", 0, "name"))

	u := s.create(t, "customers", object{"email": s.mail(), "username": "amp-" + s.run, "password": "not-used-" + s.run,
		"first_name": typed, "last_name": `"Q" & 'R'`, "billing": object{"first_name": typed, "company": "A & B"}})
	read := s.get(t, "customers/"+number(u["id"])).object()
	require.Equal(t, kept, read["first_name"])
	require.Equal(t, `"Q" &amp; 'R'`, read["last_name"])
	require.Equal(t, "A & B", at(read, "billing", "company"))

	o := s.order(t, object{"line_items": []object{{"product_id": p["id"], "quantity": 1}}})
	require.Equal(t, "Salt &amp; Pepper", at(o, "line_items", 0, "name"))
}

// checkUncheckedBatches: a batch does not validate. A status that does not exist is the first one instead.
func checkUncheckedBatches(t *testing.T, s *store) {
	p := s.sell(t, "10.00", "", 5)
	o := s.order(t, object{"status": "completed"})
	orders := s.post(t, "orders/batch", object{"update": []object{{"id": o["id"], "status": "nope"}}})
	require.Equal(t, "pending", at(orders.body, "update", 0, "status"))
	products := s.post(t, "products/batch", object{"update": []object{{"id": p["id"], "status": "nope"}}})
	require.Equal(t, "draft", at(products.body, "update", 0, "status"))
	require.Equal(t, http.StatusBadRequest, s.put(t, "products/"+number(p["id"]), object{"status": "nope"}).status)
}

// checkPlainPermalinks: keys count only where the address names WooCommerce's own routes, unescaped.
func checkPlainPermalinks(t *testing.T, s *store) {
	for query, status := range map[string]int{
		"?rest_route=/wc/v3/products":                          http.StatusUnauthorized,
		"?rest_route=/wc/v3/products&_=wp-json%2Fwc%2F":        http.StatusUnauthorized,
		"?rest_route=/wc/v3/products&per_page=1&_=wp-json/wc/": http.StatusOK,
	} {
		request := s.request(t, http.MethodGet, "/index.php"+query, nil)
		s.prove(request)
		require.Equal(t, status, s.send(t, request).status, query)
	}
}
