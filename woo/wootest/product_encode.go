package wootest

import (
	"fmt"
	"net/url"
	"strings"
)

// encodeProduct writes the shape of /products, which variations share when asked for there.
func (s *Server) encodeProduct(e *encoder, c *call, p *product) {
	e.open('{')
	e.num("id", p.ID)
	e.label("name", s.fullName(p))
	e.str("slug", s.productSlug(p))
	e.str("permalink", s.permalink(e, p))
	e.dates("date_created", p.created)
	e.dates("date_modified", p.modified)
	e.str("type", string(p.Type))
	e.str("status", string(p.Status))
	e.flag("featured", bool(p.Featured))
	e.str("catalog_visibility", string(p.Visibility))
	e.str("description", shownText(c, p.Description))
	e.str("short_description", shownText(c, p.ShortDescription))
	s.encodePrices(e, c, p)
	if p.isVariation() {
		e.raw("total_sales", `"0"`)
	} else {
		e.num("total_sales", p.sold)
	}
	encodeDelivery(e, p)
	e.str("external_url", string(p.ExternalURL))
	e.str("button_text", string(p.ButtonText))
	e.str("tax_status", string(p.TaxStatus))
	e.str("tax_class", s.taxClassOf(p))
	encodeStock(e, p, s.stockSource(p))
	e.flag("sold_individually", bool(p.SoldIndividually))
	s.encodeShipping(e, p)
	e.flag("shipping_required", !bool(p.Virtual))
	e.flag("shipping_taxable", !bool(p.Virtual) && p.TaxStatus != "none")
	e.flag("reviews_allowed", bool(p.Reviews))
	e.raw("average_rating", `"0.00"`)
	e.num("rating_count", 0)
	e.integers("upsell_ids", p.Upsells)
	e.integers("cross_sell_ids", p.CrossSells)
	e.num("parent_id", p.Parent)
	e.str("purchase_note", string(p.PurchaseNote))
	s.encodeTerms(e, p)
	encodePictures(e, p)
	s.encodeAttributes(e, p)
	e.attributes("default_attributes", p.DefaultAttributes, encodeChoice)
	e.ids("variations", s.variationIDs(p))
	e.integers("grouped_products", p.Grouped)
	e.num("menu_order", int(p.MenuOrder))
	e.str("price_html", s.priceHTML(c, p))
	e.raw("related_ids", "[]")
	e.meta(p.meta)
	e.str("stock_status", s.shownStockStatus(p))
	e.flag("has_options", p.Type == "variable")
	e.str("post_password", "")
	e.str("global_unique_id", string(p.GTIN))
}

func (s *Server) encodePrices(e *encoder, c *call, p *product) {
	price := s.shownPrice(c, p)
	e.str("sku", string(p.SKU))
	e.str("price", price)
	e.str("regular_price", string(p.RegularPrice))
	e.str("sale_price", string(p.SalePrice))
	e.dates("date_on_sale_from", p.saleFrom)
	e.dates("date_on_sale_to", p.saleTo)
	e.flag("on_sale", s.shownOnSale(c, p))
	e.flag("purchasable", price != "" && p.Type != "external" && p.Type != "grouped")
}

// encodeDelivery writes what products and variations say about files.
func encodeDelivery(e *encoder, p *product) {
	e.flag("virtual", bool(p.Virtual))
	e.flag("downloadable", bool(p.Downloadable))
	e.array("downloads")
	for _, d := range p.Downloads {
		e.open('{')
		e.str("id", string(d.ID))
		e.str("name", string(d.Name))
		e.str("file", string(d.File))
		e.close('}')
	}
	e.close(']')
	e.num("download_limit", -1)
	e.num("download_expiry", -1)
}

// encodeStock writes the stock fields; source is the parent when that one manages the stock.
func encodeStock(e *encoder, p, source *product) {
	if source != p {
		e.str("manage_stock", string(stockParent))
	} else {
		e.flag("manage_stock", p.ManageStock == stockOn)
	}
	if source.ManageStock == stockOn && source.Stock != nil {
		e.num("stock_quantity", source.stock())
	} else {
		e.raw("stock_quantity", "null")
	}
	e.str("backorders", string(source.Backorders))
	e.flag("backorders_allowed", source.Backorders != "no")
	e.flag("backordered", source.ManageStock == stockOn && source.Backorders == "notify" && source.stock() < 0)
	e.limit("low_stock_amount", p.LowStock)
}

func (s *Server) encodeShipping(e *encoder, p *product) {
	e.str("weight", string(p.Weight))
	e.object("dimensions")
	e.str("length", string(p.Dimensions.Length))
	e.str("width", string(p.Dimensions.Width))
	e.str("height", string(p.Dimensions.Height))
	e.close('}')
	e.str("shipping_class", string(p.ShippingClass))
	e.num("shipping_class_id", s.shippingClassID(string(p.ShippingClass)))
}

func (s *Server) shippingClassID(slug string) int {
	if slug == "" {
		return 0
	}
	for t := range s.terms.records {
		if t.taxonomy == shippingClasses && string(t.Slug) == slug {
			return t.ID
		}
	}
	return 0
}

func (s *Server) encodeTerms(e *encoder, p *product) {
	for _, kind := range []struct {
		name string
		refs list[termRef]
	}{{"categories", p.Categories}, {"brands", p.Brands}, {"tags", p.Tags}} {
		e.array(kind.name)
		for _, ref := range kind.refs {
			t := s.terms.get(int(ref.ID))
			if t == nil {
				continue // the term was deleted since
			}
			e.open('{')
			e.num("id", t.ID)
			e.label("name", string(t.Name))
			e.str("slug", string(t.Slug))
			e.close('}')
		}
		e.close(']')
	}
}

func encodePictures(e *encoder, p *product) {
	e.array("images")
	for i := range p.Images {
		e.pictureObject(&p.Images[i])
	}
	if p.Image != nil {
		e.pictureObject(p.Image)
	}
	e.close(']')
}

func (s *Server) encodeAttributes(e *encoder, p *product) {
	if p.isVariation() {
		e.attributes("attributes", p.Attributes, encodeVariationChoice)
		return
	}
	e.attributes("attributes", p.Attributes, func(e *encoder, a *productAttribute) {
		e.num("id", int(a.ID))
		e.str("name", string(a.Name))
		e.str("slug", a.slug)
		e.num("position", int(a.Position))
		e.flag("visible", bool(a.Visible))
		e.flag("variation", bool(a.Variation))
		e.labels("options", a.Options)
	})
}

func (e *encoder) attributes(name string, all list[productAttribute], one func(*encoder, *productAttribute)) {
	e.array(name)
	for i := range all {
		e.open('{')
		one(e, &all[i])
		e.close('}')
	}
	e.close(']')
}

// encodeChoice writes the default option of a variable product.
func encodeChoice(e *encoder, a *productAttribute) {
	e.num("id", int(a.ID))
	e.str("name", string(a.Name))
	e.label("option", string(a.Option))
}

// encodeVariationChoice writes the option of a variation. "Any" is the absence of the attribute.
func encodeVariationChoice(e *encoder, a *productAttribute) {
	e.num("id", int(a.ID))
	e.str("name", string(a.Name))
	e.str("slug", strings.ToLower(a.slug))
	e.label("option", string(a.Option))
}

// permalink is the public page; a variation's names its options.
func (s *Server) permalink(e *encoder, p *product) string {
	if !p.isVariation() {
		return e.home + "/product/" + string(p.Slug) + "/"
	}
	parent := s.products.get(p.Parent)
	if parent == nil {
		return e.home + "/"
	}
	var pairs []string
	for _, a := range p.Attributes {
		option := string(a.Option)
		if a.ID != 0 {
			option = slugify(option)
		}
		pairs = append(pairs, "attribute_"+strings.ToLower(a.slug)+"="+url.QueryEscape(option))
	}
	return e.home + "/product/" + string(parent.Slug) + "/?" + strings.Join(pairs, "&")
}

func (s *Server) linkProduct(e *encoder, c *call, p *product) {
	up := ""
	if p.isVariation() {
		up = fmt.Sprintf("products/%d", p.Parent)
	}
	c.links(e, "products", p.ID, allMethods, up)
}

// extraProduct writes what only the reply to a write has.
func (s *Server) extraProduct(e *encoder, _ *call, p *product) {
	e.str("permalink_template", e.home+"/product/%pagename%/")
	e.str("generated_slug", string(p.Slug))
}
