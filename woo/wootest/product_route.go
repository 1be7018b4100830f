package wootest

import (
	"net/http"
	"slices"
	"strings"
)

var errNoProduct = fail(http.StatusNotFound, "woocommerce_rest_product_invalid_id", "Invalid ID.")

var productStatuses = []string{"any", "future", "trash", "draft", "pending", "private", "publish"}

func (s *Server) routeProducts() {
	res := &resource[product]{
		pattern:    "products",
		records:    s.products,
		orders:     []string{"date", "id", "include", "title", "slug", "modified", "menu_order", "price", "popularity", "rating"},
		dated:      true,
		statuses:   productStatusFilter,
		scope:      s.productsBySKU,
		pick:       s.lookup,
		filter:     s.productFilter,
		sortText:   productSortText,
		encode:     s.encodeProduct,
		links:      s.linkProduct,
		extra:      s.extraProduct,
		write:      s.writeProduct,
		remove:     s.removeProduct,
		missing:    errNoProduct,
		missingPut: http.StatusBadRequest,
	}
	res.mountBatch(&s.router)
	res.mount(&s.router)
	single := s.router.at("products/#")
	single.on(http.MethodGet, s.getAnyProduct(res))
	single.edit(s.putOnlyProduct(res))
}

// getAnyProduct serves variations too, as WooCommerce does under /products/<id>.
func (s *Server) getAnyProduct(res *resource[product]) handler {
	return func(c *call) (*reply, error) {
		if p := s.variations.get(c.recordID()); p != nil {
			return res.one(c, http.StatusOK, p), nil
		}
		return res.get(c)
	}
}

// putOnlyProduct refuses to change a variation through /products/<id>.
func (s *Server) putOnlyProduct(res *resource[product]) handler {
	return func(c *call) (*reply, error) {
		if s.variations.get(c.recordID()) != nil {
			return nil, fail(http.StatusNotFound, "woocommerce_rest_invalid_product_id", "To manipulate product variations "+
				"you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.")
		}
		return res.update(c)
	}
}

func productStatusFilter(c *call) (func(string) bool, error) {
	wanted := c.params("status")
	for _, status := range wanted {
		if err := oneOf("status", "status", status, productStatuses); err != nil {
			return nil, err
		}
	}
	if len(wanted) == 0 || slices.Contains(wanted, "any") {
		return notTrashed, nil
	}
	return func(status string) bool { return slices.Contains(wanted, status) }, nil
}

// productsBySKU narrows the list to codes; only then does it hold variations as well.
func (s *Server) productsBySKU(c *call) ([]int, error) {
	ids := []int{}
	switch {
	case c.query.Has("sku"):
		for _, sku := range c.params("sku") {
			ids = append(ids, s.bySKU(sku))
		}
	case c.query.Has("global_unique_id"):
		for _, gtin := range c.params("global_unique_id") {
			ids = append(ids, s.byGTIN(gtin))
		}
	default:
		return nil, nil
	}
	slices.Sort(ids)
	return slices.Compact(slices.DeleteFunc(ids, func(id int) bool { return id == 0 })), nil
}

func (s *Server) productFilter(c *call) (func(*product) bool, error) {
	var tests []func(*product) bool
	add := func(name string, test func(p *product, value string) bool) {
		if value := c.param(name); value != "" {
			tests = append(tests, func(p *product) bool { return test(p, value) })
		}
	}
	add("search", func(p *product, v string) bool { return containsFold(string(p.Name)+" "+string(p.Description), v) })
	add("search_sku", func(p *product, v string) bool { return containsFold(string(p.SKU), v) })
	add("slug", func(p *product, v string) bool { return string(p.Slug) == v })
	add("type", func(p *product, v string) bool { return string(p.Type) == v })
	add("featured", func(p *product, v string) bool { return bool(p.Featured) == truthy(v) })
	add("virtual", func(p *product, v string) bool { return bool(p.Virtual) == truthy(v) })
	add("downloadable", func(p *product, v string) bool { return bool(p.Downloadable) == truthy(v) })
	add("on_sale", func(p *product, v string) bool { return p.onSale(c.now) == truthy(v) })
	add("stock_status", func(p *product, v string) bool { return s.shownStockStatus(p) == v })
	add("tax_class", func(p *product, v string) bool { return string(p.TaxClass) == strings.TrimPrefix(v, standardClass) })
	add("parent", func(p *product, _ string) bool { return slices.Contains(c.ids("parent"), p.Parent) })
	for _, name := range []string{"category", "tag", "brand"} {
		add(name, func(p *product, _ string) bool { return overlap(c.ids(name), p.termIDs()) })
	}
	if len(tests) == 0 {
		return nil, nil
	}
	return func(p *product) bool {
		return !slices.ContainsFunc(tests, func(test func(*product) bool) bool { return !test(p) })
	}, nil
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(id int) bool { return slices.Contains(b, id) })
}

func productSortText(p *product, by string) string {
	switch by {
	case "slug":
		return string(p.Slug)
	case "price":
		return padded(parseMoney(string(p.RegularPrice)))
	case "popularity":
		return padded(money(p.sold))
	case "menu_order":
		return padded(money(p.MenuOrder))
	}
	return strings.ToLower(string(p.Name))
}

// padded makes numbers sort as text.
func padded(n money) string {
	digits := identifier(int(n))
	return strings.Repeat("0", max(0, 20-len(digits))) + digits
}
