package wootest

import (
	"net/http"
	"slices"
	"strings"
)

// What a product shows but does not hold: it comes from its parent, its variations or the clock.

// fullName is the name in /products and on order lines: a variation carries its parent's.
func (s *Server) fullName(p *product) string {
	if !p.isVariation() {
		return string(p.Name)
	}
	parent := s.products.get(p.Parent)
	if parent == nil {
		return p.options()
	}
	if options := p.options(); options != "" {
		return string(parent.Name) + " - " + options
	}
	return string(parent.Name)
}

func (s *Server) productSlug(p *product) string {
	if p.isVariation() {
		return slugify(s.fullName(p))
	}
	if p.Status == "trash" {
		return string(p.Slug) + "__trashed"
	}
	return string(p.Slug)
}

// shownText is a description as read: WordPress wraps it into paragraphs and ends it with a line break, which the reply
// to a write does not have.
func shownText(c *call, t text) string {
	switch {
	case t == "" || c.method != http.MethodGet:
		return string(t)
	case strings.HasPrefix(string(t), "<"):
		return string(t) + "\n"
	}
	return "<p>" + string(t) + "</p>\n"
}

// stockSource is the record whose quantity counts: of a variation that counts none itself the parent, when that does.
func (s *Server) stockSource(p *product) *product {
	if p.isVariation() && p.ManageStock != stockOn {
		if parent := s.products.get(p.Parent); parent != nil && parent.ManageStock == stockOn {
			return parent
		}
	}
	return p
}

// taxClassOf resolves a variation's "parent" class.
func (s *Server) taxClassOf(p *product) string {
	if p.TaxClass == "parent" {
		if parent := s.products.get(p.Parent); parent != nil {
			return string(parent.TaxClass)
		}
		return ""
	}
	return string(p.TaxClass)
}

func (s *Server) variationIDs(p *product) []int {
	if p.Type != "variable" {
		return nil
	}
	return s.childIDs(p.ID)
}

// parts are the products a price or a stock status is taken from.
func (s *Server) parts(p *product) []*product {
	var ids []int
	switch p.Type {
	case "variable":
		ids = s.childIDs(p.ID)
	case "grouped":
		for _, id := range p.Grouped {
			ids = append(ids, int(id))
		}
	}
	var parts []*product
	for _, id := range ids {
		if part := s.lookup(id); part != nil && part.Status == "publish" && part.Type != "grouped" {
			parts = append(parts, part)
		}
	}
	return parts
}

// priceRange gives the lowest and highest price, "" when there is none.
func (s *Server) priceRange(c *call, p *product) (low, high string) {
	if p.Type != "variable" && p.Type != "grouped" {
		price := p.price(c.now)
		return price, price
	}
	for _, part := range s.parts(p) {
		price := part.price(c.now)
		if price == "" {
			continue
		}
		if low == "" || parseMoney(price) < parseMoney(low) {
			low = price
		}
		if high == "" || parseMoney(price) > parseMoney(high) {
			high = price
		}
	}
	return low, high
}

func (s *Server) shownPrice(c *call, p *product) string {
	low, _ := s.priceRange(c, p)
	return low
}

// shownOnSale of a product made of others is true when one of them is on sale.
func (s *Server) shownOnSale(c *call, p *product) bool {
	return p.onSale(c.now) || slices.ContainsFunc(s.parts(p), func(part *product) bool { return part.onSale(c.now) })
}

func (s *Server) priceHTML(c *call, p *product) string {
	low, high := s.priceRange(c, p)
	switch {
	case low == "":
		return ""
	case low != high:
		return priceSpan(low) + " &ndash; " + priceSpan(high)
	case p.onSale(c.now):
		return "<del>" + priceSpan(string(p.RegularPrice)) + "</del> <ins>" + priceSpan(low) + "</ins>"
	}
	return priceSpan(low)
}

func priceSpan(price string) string {
	return `<span class="amount">` + parseMoney(price).String() + `</span>`
}

// shownStockStatus of a variable product is in stock as soon as one variation is.
func (s *Server) shownStockStatus(p *product) string {
	if p.Type != "variable" {
		return s.stockSource(p).stockStatus()
	}
	for _, part := range s.parts(p) {
		if s.stockSource(part).stockStatus() == "instock" {
			return "instock"
		}
	}
	return "outofstock"
}

// productType tells the type without generating the whole record when that can be avoided.
func (s *Server) productType(id int) string {
	if _, stored := s.products.stored[id]; !stored && s.products.isSeeded(id) {
		return s.plan.kind(id - s.plan.first)
	}
	if p := s.products.get(id); p != nil {
		return string(p.Type)
	}
	return ""
}
