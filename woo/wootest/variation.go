package wootest

import (
	"net/http"
	"strings"
)

var errNoVariation = fail(http.StatusNotFound, "woocommerce_rest_product_variation_invalid_id", "Invalid ID.")

const variationsPattern = "products/#/variations"

func (s *Server) routeVariations() {
	res := &resource[product]{
		pattern:  variationsPattern,
		records:  s.variations,
		orders:   []string{"date", "id", "include", "title", "slug", "modified", "menu_order"},
		dated:    true,
		statuses: productStatusFilter,
		scope: func(c *call) ([]int, error) {
			if s.products.get(c.id(0)) == nil {
				return nil, fail(http.StatusNotFound, "woocommerce_rest_product_invalid_id", "Invalid ID.")
			}
			return s.childIDs(c.id(0)), nil
		},
		filter: func(c *call) (func(*product) bool, error) {
			search, sku := c.param("search"), c.param("sku")
			return func(p *product) bool {
				return (sku == "" || string(p.SKU) == sku) && containsFold(s.fullName(p), search)
			}, nil
		},
		sortText: productSortText,
		owned: func(c *call, v *product) error {
			if v.Parent != c.id(0) {
				return errNoVariation
			}
			return nil
		},
		encode: s.encodeVariation,
		links:  linkVariation,
		write:  s.writeVariation,
		remove: func(c *call, v *product, force bool) error {
			if !force {
				return trashOrRemove(s.variations, v, false, "product_variation",
					func(v *product) {
						v.Status, v.modified = "trash", c.now
						c.fireTrashed(v.ID)
					})
			}
			s.dropVariation(c, v, true)
			s.touchParent(c, v)
			return nil
		},
		missing:    errNoVariation,
		missingPut: http.StatusBadRequest,
	}
	res.mountBatch(&s.router)
	res.mount(&s.router)
}

func (s *Server) writeVariation(c *call, old *product, in []byte) (*product, error) {
	next := newProduct(c.now)
	next.Parent, next.Reviews, next.TaxClass = c.id(0), false, "parent"
	if old != nil {
		next = *old
	}
	parent := s.products.get(next.Parent)
	if parent == nil {
		return nil, fail(http.StatusNotFound, "woocommerce_rest_product_variation_invalid_id_parent", "Invalid parent product ID.")
	}
	next.Type = "variation"
	if err := s.decodeProduct(c, &next, in); err != nil {
		return nil, err
	}
	next.Type, next.Attributes = "variation", settleChoices(parent, next.Attributes)
	if old == nil {
		next.ID = take(&s.counters.post)
	}
	s.putProduct(&next)
	s.touchParent(c, &next)
	c.fireSaved("product", next.ID, old == nil)
	return &next, nil
}

// settleChoices keeps the options of attributes the parent varies by, in the parent's order.
func settleChoices(parent *product, given list[productAttribute]) list[productAttribute] {
	var settled list[productAttribute]
	for _, a := range parent.Attributes {
		for _, choice := range given {
			same := a.ID != 0 && choice.ID == a.ID || strings.EqualFold(string(choice.Name), string(a.Name))
			if same && bool(a.Variation) && choice.Option != "" {
				settled = append(settled, productAttribute{ID: a.ID, Name: a.Name, slug: a.slug, Option: choice.Option})
			}
		}
	}
	return settled
}

// touchParent marks the parent changed, as WooCommerce does at the end of a request that saved a variation, its stock included.
func (s *Server) touchParent(c *call, v *product) {
	parent := s.products.get(v.Parent)
	if parent == nil {
		return
	}
	touched := *parent
	touched.modified = c.now
	s.putProduct(&touched)
}
