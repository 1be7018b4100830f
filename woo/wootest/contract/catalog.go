package contract

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// checkTerms: a tree of categories, names unique under one parent, and no trash.
func checkTerms(t *testing.T, s *store) {
	top := s.create(t, "products/categories", object{"name": "Top " + s.run})
	child := s.create(t, "products/categories", object{"name": "Child " + s.run, "parent": top["id"]})
	require.Equal(t, top["id"], child["parent"])

	again := s.post(t, "products/categories", object{"name": "Top " + s.run})
	require.Equal(t, http.StatusBadRequest, again.status)
	require.Equal(t, "term_exists", again.code())
	require.Equal(t, top["id"], at(again.body, "data", "resource_id"))

	trashed := s.delete(t, "products/categories/"+number(child["id"]))
	require.Equal(t, http.StatusNotImplemented, trashed.status)
	require.Equal(t, "woocommerce_rest_trash_not_supported", trashed.code())

	for _, kind := range []string{"products/tags", "products/brands", "products/shipping_classes"} {
		made := s.create(t, kind, object{"name": "Kind " + s.run})
		require.Equal(t, made["id"], s.get(t, kind+"/"+number(made["id"])).object()["id"])
	}
}

// checkProducts: codes are unique, meta is kept, the trash comes before deletion.
func checkProducts(t *testing.T, s *store) {
	sku := "C-" + s.run
	p := s.create(t, "products", object{"name": "Product " + s.run, "sku": sku, "regular_price": "20.00", "sale_price": "15.00",
		"manage_stock": true, "stock_quantity": 7, "meta_data": []object{{"key": "contract", "value": object{"a": 1}}}})
	path := "products/" + number(p["id"])
	require.Equal(t, "15.00", p["price"])
	require.Equal(t, float64(7), p["stock_quantity"])
	require.Equal(t, object{"a": float64(1)}, at(p, "meta_data", 0, "value"))

	twin := s.post(t, "products", object{"name": "Twin", "sku": sku})
	require.Equal(t, http.StatusBadRequest, twin.status)
	require.Equal(t, "product_invalid_sku", twin.code())
	require.Equal(t, p["id"], at(twin.body, "data", "resource_id"))
	require.Equal(t, sku+"-1", at(twin.body, "data", "unique_sku"))

	require.Equal(t, []int{whole(p["id"])}, s.list(t, "products?sku="+sku).ids())
	require.Equal(t, float64(9), s.put(t, path, object{"stock_quantity": 9}).object()["stock_quantity"])
	checkPrices(t, s, path)

	require.Equal(t, http.StatusOK, s.delete(t, path).status)
	require.Equal(t, "trash", s.get(t, path).object()["status"])
	require.Empty(t, s.list(t, "products?include="+number(p["id"])).ids(), "the trash is not listed by default")
	require.Equal(t, http.StatusGone, s.delete(t, path).status)
	require.Equal(t, http.StatusOK, s.delete(t, path+"?force=true").status)
	require.Equal(t, http.StatusNotFound, s.get(t, path).status)
}

// checkPrices: texts with a point whatever separator the shop shows, sale prices that are emptied with their dates, and batches that validate nothing.
func checkPrices(t *testing.T, s *store, path string) {
	for separator, want := range map[string]string{".": "5995", ",": "59.95"} {
		s.set(t, "general/woocommerce_price_decimal_sep", separator)
		require.Equal(t, want, s.put(t, path, object{"regular_price": "59,95"}).object()["regular_price"], "a comma, where %q separates", separator)
		require.Equal(t, "1234.5", s.put(t, path, object{"regular_price": "1234.5"}).object()["regular_price"], "a point, where %q separates", separator)
	}
	require.Equal(t, "59.95", s.put(t, path, object{"regular_price": "59.95"}).object()["regular_price"])
	require.Empty(t, s.put(t, path, object{"sale_price": "60"}).object()["sale_price"], "a sale above the regular price is dropped")
	sale := s.put(t, path, object{"sale_price": "50", "date_on_sale_from_gmt": "2026-11-01T00:00:00", "date_on_sale_to_gmt": "2030-12-31T00:00:00"}).object()
	require.Equal(t, "50", sale["sale_price"])
	require.Equal(t, "2026-11-01T00:00:00", sale["date_on_sale_from_gmt"])
	over := s.put(t, path, object{"sale_price": "", "date_on_sale_from_gmt": "", "date_on_sale_to_gmt": ""}).object()
	require.Empty(t, over["sale_price"])
	require.Nil(t, over["date_on_sale_from_gmt"])
	require.Nil(t, over["date_on_sale_to_gmt"])
	slug := s.get(t, path).object()["slug"]
	require.Equal(t, slug, s.put(t, path, object{"name": "Renamed " + s.run}).object()["slug"], "a new name changes no address")

	id := whole(s.get(t, path).object()["id"])
	batch := s.post(t, "products/batch", object{"update": []object{{"id": id, "status": "nope"}}})
	require.Equal(t, "draft", at(batch.body, "update", 0, "status"), "a batch makes a draft of a status that there is not")
	require.Equal(t, http.StatusBadRequest, s.put(t, path, object{"status": "nope"}).status)
	s.put(t, path, object{"status": "publish"})
}

// checkVariations: "any" is the absence of an attribute, codes find variations, and only their own route changes them.
func checkVariations(t *testing.T, s *store) {
	parent := s.create(t, "products", object{"name": "Variable " + s.run, "type": "variable", "status": "draft",
		"attributes": []object{
			{"name": "Colour", "variation": true, "visible": true, "options": []string{"Red", "Blue"}},
			{"name": "Size", "variation": true, "visible": true, "options": []string{"S", "M"}},
		}})
	list := "products/" + number(parent["id"]) + "/variations"
	both := s.post(t, list, object{"regular_price": "10", "sku": "V-" + s.run,
		"attributes": []object{{"name": "Colour", "option": "Red"}, {"name": "Size", "option": "S"}}})
	require.Equal(t, http.StatusCreated, both.status, "%v", both.body)
	anySize := s.post(t, list, object{"regular_price": "8", "attributes": []object{{"name": "Colour", "option": "Blue"}}})
	require.Equal(t, http.StatusCreated, anySize.status, "%v", anySize.body)
	require.Len(t, anySize.object()["attributes"], 1)

	require.Equal(t, []int{both.id(), anySize.id()}, s.list(t, list+"?orderby=id&order=asc").ids())
	require.Equal(t, []int{both.id()}, s.list(t, "products?sku=V-"+s.run).ids())
	require.Equal(t, "variation", s.get(t, "products/"+number(both.object()["id"])).object()["type"])

	wrong := s.put(t, "products/"+number(both.object()["id"]), object{"regular_price": "1"})
	require.Equal(t, http.StatusNotFound, wrong.status)
	require.Equal(t, "woocommerce_rest_invalid_product_id", wrong.code())
	right := s.put(t, list+"/"+number(both.object()["id"]), object{"regular_price": "12"})
	require.Equal(t, "12", right.object()["regular_price"])
}

// checkBatch: items fail alone and in their place, deletion is for good, 101 items are too many.
func checkBatch(t *testing.T, s *store) {
	old := s.create(t, "products", object{"name": "Old " + s.run, "sku": "B-" + s.run, "status": "draft"})
	a := s.post(t, "products/batch", object{
		"create": []object{{"name": "Good " + s.run, "status": "draft"}, {"name": "Bad", "sku": "B-" + s.run}},
		"update": []object{{"id": 99999999, "name": "nobody"}, {"id": old["id"], "regular_price": "3"}},
		"delete": []int{99999998},
	})
	require.Equal(t, http.StatusOK, a.status)
	good := at(a.body, "create", 0, "id")
	s.discard(t, "products", whole(good))
	require.NotZero(t, good)
	require.Equal(t, float64(0), at(a.body, "create", 1, "id"))
	require.Equal(t, "product_invalid_sku", at(a.body, "create", 1, "error", "code"))
	require.Equal(t, float64(99999999), at(a.body, "update", 0, "id"))
	require.Equal(t, "woocommerce_rest_product_invalid_id", at(a.body, "update", 0, "error", "code"))
	require.Equal(t, "3", at(a.body, "update", 1, "regular_price"))
	require.Equal(t, "woocommerce_rest_product_invalid_id", at(a.body, "delete", 0, "error", "code"))

	gone := s.post(t, "products/batch", object{"delete": []any{good}})
	require.Equal(t, good, at(gone.body, "delete", 0, "id"))
	require.Equal(t, http.StatusNotFound, s.get(t, "products/"+number(good)).status)

	many := make([]object, 101)
	for i := range many {
		many[i] = object{"id": 1}
	}
	tooLarge := s.post(t, "products/batch", object{"update": many})
	require.Equal(t, http.StatusRequestEntityTooLarge, tooLarge.status)
	require.Equal(t, "woocommerce_rest_request_entity_too_large", tooLarge.code())
}
