package wootest

import (
	"encoding/json"
	"slices"
	"strings"
)

// productInput holds what decoding into a product cannot: dates and merged fields.
type productInput struct {
	SaleFrom    *text       `json:"date_on_sale_from"`
	SaleFromGMT *text       `json:"date_on_sale_from_gmt"`
	SaleTo      *text       `json:"date_on_sale_to"`
	SaleToGMT   *text       `json:"date_on_sale_to_gmt"`
	Meta        []metaInput `json:"meta_data"`

	Image json.RawMessage `json:"image"` // null and an empty object take a variation's picture away
}

var productTypes = []string{"simple", "grouped", "external", "variable"}

func newProduct(now int64) product {
	return product{Type: "simple", Status: "publish", Visibility: "visible", TaxStatus: "taxable", ManageStock: stockOff,
		StockStatus: "instock", Backorders: "no", Reviews: true, created: now}
}

func (s *Server) writeProduct(c *call, old *product, in []byte) (*product, error) {
	next := newProduct(c.now)
	if old != nil {
		next = *old
	}
	if err := s.decodeProduct(c, &next, in); err != nil {
		return nil, err
	}
	if err := oneOf("type", "type", string(next.Type), productTypes); err != nil {
		return nil, err
	}
	if next.Name == "" {
		next.Name = "Product"
	}
	s.settleTerms(&next)
	s.settleAttributes(&next)
	if old == nil {
		next.ID = take(&s.counters.post)
	}
	s.settleSlug(&next)
	s.recount(old, &next)
	s.putProduct(&next)
	c.fireSaved("product", next.ID, old == nil)
	return &next, nil
}

// decodeProduct applies the input and checks what products and variations have in common.
func (s *Server) decodeProduct(c *call, next *product, in []byte) error {
	sku, gtin, status, stock := next.SKU, next.GTIN, next.Status, next.Stock
	var also productInput
	shown := next.Image
	next.Image = nil // one that is sent stands in its place, and is not merged into it
	if err := decode(in, next); err != nil {
		return err
	}
	if err := decode(in, &also); err != nil {
		return err
	}
	if also.Image == nil {
		next.Image = shown
	}
	if err := checkProductStatus(c, next, status); err != nil {
		return err
	}
	if next.SKU != sku || next.ID == 0 {
		if err := s.checkSKU(next); err != nil {
			return err
		}
	}
	if next.ID == 0 {
		if err := s.checkTrashedSKU(next); err != nil {
			return err
		}
	}
	if next.GTIN != gtin || next.ID == 0 {
		if err := s.checkGTIN(next); err != nil {
			return err
		}
	}
	if err := settleStock(c, next, stock, in); err != nil {
		return err
	}
	s.settlePrices(next)
	next.saleFrom = s.siteInstant(also.SaleFrom, also.SaleFromGMT, next.saleFrom)
	next.saleTo = s.siteInstant(also.SaleTo, also.SaleToGMT, next.saleTo)
	next.meta = mergeMeta(next.meta, also.Meta, &s.counters.meta)
	next.modified = c.now
	return s.adoptPictures(next, c.now)
}

// settleStock keeps the quantity as WooCommerce does. It takes none of what it does not count itself, and what was never given one has none,
// not zero. A single request takes null for zero, a batch for nothing; a batch cuts decimals off, which a single request refuses.
func settleStock(c *call, p *product, was *integer, in []byte) error {
	var sent map[string]json.RawMessage
	_ = json.Unmarshal(in, &sent) // what is no object was refused before
	quantity, named := sent["stock_quantity"]
	if !c.batch && strings.Contains(string(quantity), ".") && !strings.HasPrefix(string(quantity), `"`) {
		return invalidParam("stock_quantity", "rest_invalid_type", "stock_quantity is not of type integer.")
	}
	switch {
	case p.ManageStock != stockOn:
		p.Stock = nil
	case p.Stock == nil && c.batch:
		p.Stock = was
	case p.Stock == nil && named:
		p.Stock = new(integer)
	}
	return nil
}

// settlePrices keeps prices as WooCommerce does: of a text only the digits and the point, for which the shop's own separator stands as well;
// a comma multiplies the price where it is not that. No sale price is kept that is not below the regular one.
func (s *Server) settlePrices(p *product) {
	for _, price := range []*text{&p.RegularPrice, &p.SalePrice} {
		given := string(*price)
		if separator := s.option("general", "woocommerce_price_decimal_sep"); separator != "" {
			given = strings.ReplaceAll(given, separator, ".")
		}
		*price = text(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r == '.' || r == '-' {
				return r
			}
			return -1
		}, given))
	}
	if p.SalePrice != "" && parseMoney(string(p.SalePrice)) >= parseMoney(string(p.RegularPrice)) {
		p.SalePrice = ""
	}
}

// checkProductStatus refuses what is not a status; a batch makes a draft of it without a word.
func checkProductStatus(c *call, p *product, was text) error {
	if p.Status == was {
		return nil
	}
	err := oneOf("status", "status", string(p.Status), productStatuses[1:])
	if err != nil && c.batch {
		p.Status = "draft"
		return nil
	}
	return err
}

// adoptPictures registers what was sent without an id or is not known yet.
func (s *Server) adoptPictures(p *product, now int64) error {
	p.Images = slices.Clone(p.Images)
	if err := s.adopt("product", p.Images, now); err != nil {
		return err
	}
	if p.Image == nil {
		return nil
	}
	if p.Image.ID == 0 && p.Image.Src == "" { // an empty object takes a variation's picture away
		p.Image = nil
		return nil
	}
	one := list[picture]{*p.Image}
	if err := s.adopt("variation", one, now); err != nil {
		return err
	}
	p.Image = &one[0]
	return nil
}

// settleTerms drops terms that do not exist and files a product without category where WordPress does.
func (s *Server) settleTerms(p *product) {
	known := func(taxonomy string, refs list[termRef]) list[termRef] {
		return slices.DeleteFunc(slices.Clone(refs), func(r termRef) bool { return s.termIn(taxonomy, int(r.ID)) == nil })
	}
	p.Categories = known(categories, p.Categories)
	p.Brands = known(brands, p.Brands)
	p.Tags = known(tags, p.Tags)
	if len(p.Categories) == 0 {
		p.Categories = list[termRef]{{ID: uncategorized}}
	}
	if s.shippingClassID(string(p.ShippingClass)) == 0 {
		p.ShippingClass = ""
	}
}

// settleAttributes fills in the names of shared attributes and sorts their options as terms are.
func (s *Server) settleAttributes(p *product) {
	p.Attributes = slices.Clone(p.Attributes)
	for i := range p.Attributes {
		a := &p.Attributes[i]
		a.slug = string(a.Name)
		shared := s.attributes.get(int(a.ID))
		if shared == nil {
			a.ID = 0
			continue
		}
		a.Name, a.slug = shared.Name, string(shared.Slug)
		a.Options = slices.Clone(a.Options)
		slices.SortFunc(a.Options, func(x, y text) int { return strings.Compare(strings.ToLower(string(x)), strings.ToLower(string(y))) })
		for _, option := range a.Options {
			s.ensureTerm(string(shared.Slug), string(option))
		}
	}
}

// ensureTerm adds an option that a product uses for the first time, as WooCommerce does.
func (s *Server) ensureTerm(taxonomy, name string) {
	for t := range s.terms.records {
		if t.taxonomy == taxonomy && strings.EqualFold(string(t.Name), name) {
			return
		}
	}
	s.terms.put(&term{ID: take(&s.counters.term), taxonomy: taxonomy, Name: text(name), Slug: text(slugify(name))})
}

// settleSlug gives a product its public name; only stored products are asked whether it is taken.
func (s *Server) settleSlug(p *product) {
	if p.Slug == "" {
		p.Slug = text(slugify(string(p.Name)))
	}
	p.Slug = text(unique(string(p.Slug), func(slug string) bool {
		for id, other := range s.products.stored {
			if other != nil && id != p.ID && string(other.Slug) == slug {
				return true
			}
		}
		return false
	}))
}

// recount keeps the product counts of terms right.
func (s *Server) recount(old, next *product) {
	add := func(p *product, n int) {
		if p == nil {
			return
		}
		for _, id := range p.termIDs() {
			if t := s.terms.get(id); t != nil {
				t.count += n
			}
		}
	}
	add(old, -1)
	add(next, 1)
}

// removeProduct trashes or deletes a product together with its variations.
func (s *Server) removeProduct(c *call, p *product, force bool) error {
	children := s.childIDs(p.ID)
	err := trashOrRemove(s.products, p, force, "product", func(p *product) { p.Status, p.modified = "trash", c.now })
	if err != nil {
		return err
	}
	s.delist(p)
	s.recount(p, nil)
	if !force {
		c.fireTrashed(p.ID)
	}
	for _, id := range children {
		if child := s.variations.get(id); child != nil {
			s.dropVariation(c, child, force)
		}
	}
	return nil
}

// dropVariation deletes a variation, or trashes it with its parent.
func (s *Server) dropVariation(c *call, v *product, force bool) {
	s.delist(v)
	if !force {
		trashed := *v
		trashed.Status = "trash"
		s.variations.put(&trashed)
		c.fireTrashed(v.ID)
		return
	}
	s.variations.remove(v.ID)
	s.children[v.Parent] = slices.DeleteFunc(s.children[v.Parent], func(id int) bool { return id == v.ID })
}
