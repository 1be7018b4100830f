package wootest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCodesAreUnique: among seeded, created, changed and trashed products and variations.
func TestCodesAreUnique(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	seeded := c.get("products?per_page=1&type=variable&orderby=id&order=asc").body.([]any)[0].(fields)
	variation := identifier(int(seeded["variations"].([]any)[0].(float64)))
	for name, in := range map[string]fields{
		"sku of a seeded product":   {"sku": "SKU-000002"},
		"sku of a seeded variation": {"sku": "SKU-000001-1"},
		"gtin of a seeded product":  {"global_unique_id": seeded["global_unique_id"]},
	} {
		in["name"] = name
		answer := c.api("POST", "products", in)
		require.Equal(t, 400, answer.status, name)
		require.NotZero(t, answer.object()["data"].(fields)["resource_id"], name)
	}
	list := "products/" + identifier(int(seeded["id"].(float64))) + "/variations/"
	require.Equal(t, 200, c.put(list+variation, fields{"sku": "RENAMED"}).status)
	require.Equal(t, 201, c.post("products", fields{"name": "Free", "sku": "SKU-000001-1"}).status, "a changed code is free again")
	require.Equal(t, 400, c.api("POST", "products", fields{"sku": "RENAMED"}).status)

	mine := c.post("products", fields{"name": "Mine", "sku": "MINE"})
	path := "products/" + identifier(mine.id())
	require.Equal(t, 200, c.put(path, fields{"sku": "MINE", "name": "Still mine"}).status)
	require.Equal(t, 200, c.del(path).status)
	refused := c.api("POST", "products", fields{"name": "Heir", "sku": "MINE"})
	require.Equal(t, "woocommerce_rest_product_not_created", refused.code(), "the trash holds codes, and does not say where")
	heir := c.post("products", fields{"name": "Heir"})
	require.Equal(t, 200, c.put("products/"+identifier(heir.id()), fields{"sku": "MINE"}).status, "but a change may take one")
}

func TestSalePrices(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		in   fields
		want string
		on   bool
	}{
		{"no dates", fields{"sale_price": "8"}, "8", true},
		{"running", fields{"sale_price": "8", "date_on_sale_from": "2026-11-01T00:00:00", "date_on_sale_to": "2026-12-01T00:00:00"}, "8", true},
		{"later", fields{"sale_price": "8", "date_on_sale_from": "2026-12-01T00:00:00"}, "10", false},
		{"over", fields{"sale_price": "8", "date_on_sale_to_gmt": "2026-11-01T00:00:00"}, "10", false},
		{"dearer than before", fields{"sale_price": "12"}, "10", false},
	} {
		c := newClient(t, Options{})
		tc.in["regular_price"] = 10
		got := c.post("products", tc.in).object()
		require.Equal(t, tc.want, got["price"], tc.name)
		require.Equal(t, tc.on, got["on_sale"], tc.name)
	}
}

func TestStockStatus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		in   fields
		want string
		sold any
	}{
		{"unmanaged", fields{}, "instock", nil},
		{"unmanaged and set", fields{"stock_status": "outofstock"}, "outofstock", nil},
		{"managed", fields{"manage_stock": true, "stock_quantity": 2}, "instock", float64(2)},
		{"managed as text", fields{"manage_stock": "yes", "stock_quantity": "2"}, "instock", float64(2)},
		{"managed, never counted", fields{"manage_stock": true}, "outofstock", nil},
		{"backorders", fields{"manage_stock": true, "stock_quantity": -1, "backorders": "notify"}, "onbackorder", float64(-1)},
	} {
		got := newClient(t, Options{}).post("products", tc.in).object()
		require.Equal(t, tc.want, got["stock_status"], tc.name)
		require.Equal(t, tc.sold, got["stock_quantity"], tc.name)
	}
}

// TestVariationSaveTouchesParent: so modified_after on parents finds changed variations.
func TestVariationSaveTouchesParent(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	parent := c.get("products?per_page=1&type=variable&orderby=id&order=asc").ids()[0]
	before := c.get("products/" + identifier(parent)).object()["date_modified"]
	variation := c.get("products/" + identifier(parent) + "/variations?per_page=1").ids()[0]
	path := "products/" + identifier(parent) + "/variations/" + identifier(variation)
	require.Equal(t, 200, c.put(path, fields{"regular_price": "9.99"}).status)
	require.NotEqual(t, before, c.get("products/" + identifier(parent)).object()["date_modified"])
	require.Equal(t, "9.99", c.get(path).object()["regular_price"])

	other := c.get("products?per_page=2&type=variable&orderby=id&order=asc").ids()[1]
	require.Equal(t, 404, c.get("products/"+identifier(other)+"/variations/"+identifier(variation)).status)
}

// TestParentStock: a variation that leaves its stock to the parent shows and moves the parent's.
func TestParentStock(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	parent := c.post("products", fields{"type": "variable", "manage_stock": true, "stock_quantity": 10,
		"attributes": []fields{{"name": "Size", "variation": true, "options": []string{"S"}}}})
	v := c.post("products/"+identifier(parent.id())+"/variations", fields{"manage_stock": "parent", "regular_price": "5",
		"attributes": []fields{{"name": "size", "option": "S"}, {"name": "Nosuch", "option": "x"}}})
	require.Equal(t, "parent", v.object()["manage_stock"])
	require.Equal(t, float64(10), v.object()["stock_quantity"])
	require.Len(t, v.object()["attributes"], 1, "only attributes the parent varies by")
	c.post("orders", fields{"status": "processing", "line_items": []fields{{"product_id": parent.id(), "variation_id": v.id(), "quantity": 4}}})
	require.Equal(t, map[int]int{parent.id(): 6}, c.store.Stock())
}

// TestDeletingParentTakesVariations, and order lines then lose their product.
func TestDeletingParentTakesVariations(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	var line fields
	var id int
	for _, o := range everything(c, "orders?status=completed") {
		if l := o["line_items"].([]any)[0].(fields); l["variation_id"] != float64(0) {
			line, id = l, int(o["id"].(float64))
			break
		}
	}
	parent, variation := identifier(int(line["product_id"].(float64))), identifier(int(line["variation_id"].(float64)))
	require.Equal(t, 200, c.del("products/"+parent+"?force=true").status)
	require.Equal(t, 404, c.get("products/"+variation).status)
	after := c.get("orders/" + identifier(id)).object()["line_items"].([]any)[0].(fields)
	require.Equal(t, float64(0), after["product_id"])
	require.Nil(t, after["sku"])
	require.Equal(t, line["total"], after["total"])
}

func TestTermsOfProducts(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	food := c.post("products/categories", fields{"name": "Food"}).id()
	colour := c.post("products/attributes", fields{"name": "Colour"})
	p := c.post("products", fields{"name": "P", "categories": []fields{{"id": food}, {"id": 9999}},
		"attributes": []fields{{"id": colour.id(), "options": []string{"Red", "Blue"}}}}).object()
	require.Equal(t, []any{fields{"id": float64(food), "name": "Food", "slug": "food"}}, p["categories"])
	require.Equal(t, "Colour", p["attributes"].([]any)[0].(fields)["name"])
	require.Len(t, c.get("products/attributes/"+identifier(colour.id())+"/terms").ids(), 2, "new options become terms")
	count := func() any { return c.get("products/categories/" + identifier(food)).object()["count"] }
	require.Equal(t, float64(1), count())

	path := "products/" + identifier(int(p["id"].(float64)))
	moved := c.put(path, fields{"categories": []fields{}}).object()
	require.Equal(t, float64(uncategorized), moved["categories"].([]any)[0].(fields)["id"])
	require.Equal(t, float64(0), count())

	require.Equal(t, 400, c.api("POST", "products/attributes", fields{"name": "Colour"}).status)
	require.Equal(t, 400, c.api("POST", "products/attributes", fields{"name": "x", "slug": "a-slug-of-twenty-eight-chars"}).status)
	require.Equal(t, 200, c.del("products/attributes/"+identifier(colour.id())+"?force=true").status)
	require.Equal(t, "woocommerce_rest_taxonomy_invalid", c.get("products/attributes/"+identifier(colour.id())+"/terms").code())
}

func TestPictures(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serveImage(w, r, uploads+"image-7.png") }))
	t.Cleanup(elsewhere.Close)
	made := c.post("products", fields{"images": []fields{{"src": elsewhere.URL + "/a.png", "alt": "A"}}})
	image := made.object()["images"].([]any)[0].(fields)
	require.Equal(t, "A", image["alt"])
	path := image["src"].(string)[len(c.base):]
	require.Equal(t, "image/png", c.do("GET", path, nil).header.Get("Content-Type"))

	single := "products/" + identifier(made.id())
	kept := c.put(single, fields{"images": []fields{{"id": image["id"]}}}).object()["images"].([]any)
	require.Equal(t, image["src"], kept[0].(fields)["src"], "an id keeps the picture")
	require.Empty(t, c.put(single, fields{"images": []fields{}}).object()["images"])
	require.Equal(t, "woocommerce_product_image_upload_error", c.put(single, fields{"images": []fields{{"alt": "x"}}}).code())
}

// TestRefusedWriteChangesNothing.
func TestRefusedWriteChangesNothing(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	p := c.post("products", fields{"name": "P", "sku": "A", "regular_price": "1"})
	c.post("products", fields{"name": "Q", "sku": "B"})
	path := "products/" + identifier(p.id())
	require.Equal(t, 400, c.put(path, fields{"name": "Changed", "sku": "B"}).status)
	require.Equal(t, "P", c.get(path).object()["name"])
	require.Equal(t, 400, c.put(path, fields{"type": "nosuch"}).status)
	require.Equal(t, "simple", c.get(path).object()["type"])
}
