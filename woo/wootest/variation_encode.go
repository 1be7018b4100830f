package wootest

import (
	"fmt"
	"net/http"
)

// encodeVariation writes the shape of /products/<id>/variations.
func (s *Server) encodeVariation(e *encoder, c *call, p *product) {
	e.open('{')
	e.num("id", p.ID)
	e.str("type", "variation")
	e.dates("date_created", p.created)
	e.dates("date_modified", p.modified)
	e.str("description", shownText(c, p.Description))
	e.str("permalink", s.permalink(e, p))
	s.encodePrices(e, c, p)
	e.str("global_unique_id", string(p.GTIN))
	e.str("status", string(p.Status))
	encodeDelivery(e, p)
	e.str("tax_status", string(p.TaxStatus))
	if c.method == http.MethodGet {
		e.str("tax_class", s.taxClassOf(p))
	} else {
		e.str("tax_class", string(p.TaxClass)) // the reply to a write shows the stored "parent"
	}
	encodeStock(e, p, s.stockSource(p))
	e.str("stock_status", s.stockSource(p).stockStatus())
	s.encodeShipping(e, p)
	e.picture("image", p.Image)
	e.attributes("attributes", p.Attributes, encodeVariationChoice)
	e.num("menu_order", int(p.MenuOrder))
	e.meta(p.meta)
	e.label("name", p.options())
	e.num("parent_id", p.Parent)
}

func linkVariation(e *encoder, c *call, p *product) {
	parent := fmt.Sprintf("products/%d", p.Parent)
	c.links(e, parent+"/variations", p.ID, allMethods, parent)
}
