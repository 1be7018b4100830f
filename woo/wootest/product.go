package wootest

import "strings"

// product is a product or, with Type "variation", one variation of a variable product. Tagged fields are those a
// client may write.
type product struct {
	ID     int `json:"-"`
	Parent int `json:"-"`

	Name              text                   `json:"name"`
	Slug              text                   `json:"slug"`
	Type              text                   `json:"type"`
	Status            text                   `json:"status"`
	Featured          boolean                `json:"featured"`
	Visibility        text                   `json:"catalog_visibility"`
	Description       text                   `json:"description"`
	ShortDescription  text                   `json:"short_description"`
	SKU               text                   `json:"sku"`
	GTIN              text                   `json:"global_unique_id"`
	RegularPrice      text                   `json:"regular_price"`
	SalePrice         text                   `json:"sale_price"`
	Virtual           boolean                `json:"virtual"`
	Downloadable      boolean                `json:"downloadable"`
	Downloads         list[download]         `json:"downloads"`
	ExternalURL       text                   `json:"external_url"`
	ButtonText        text                   `json:"button_text"`
	TaxStatus         text                   `json:"tax_status"`
	TaxClass          text                   `json:"tax_class"`
	ManageStock       stockMode              `json:"manage_stock"`
	Stock             *integer               `json:"stock_quantity"`
	StockStatus       text                   `json:"stock_status"`
	Backorders        text                   `json:"backorders"`
	LowStock          *integer               `json:"low_stock_amount"`
	SoldIndividually  boolean                `json:"sold_individually"`
	Weight            text                   `json:"weight"`
	Dimensions        dimensions             `json:"dimensions"`
	ShippingClass     text                   `json:"shipping_class"`
	Reviews           boolean                `json:"reviews_allowed"`
	Upsells           list[integer]          `json:"upsell_ids"`
	CrossSells        list[integer]          `json:"cross_sell_ids"`
	PurchaseNote      text                   `json:"purchase_note"`
	Categories        list[termRef]          `json:"categories"`
	Brands            list[termRef]          `json:"brands"`
	Tags              list[termRef]          `json:"tags"`
	Images            list[picture]          `json:"images"`
	Image             *picture               `json:"image"` // of a variation
	Attributes        list[productAttribute] `json:"attributes"`
	DefaultAttributes list[productAttribute] `json:"default_attributes"`
	Grouped           list[integer]          `json:"grouped_products"`
	MenuOrder         integer                `json:"menu_order"`

	saleFrom, saleTo  int64 // Unix seconds, 0 is open
	created, modified int64
	sold              int
	meta              []meta
}

// stockMode is manage_stock: variations may leave it to their parent.
type stockMode string

const (
	stockOff    stockMode = "false"
	stockOn     stockMode = "true"
	stockParent stockMode = "parent"
)

// UnmarshalJSON takes a boolean in any form, or "parent".
func (m *stockMode) UnmarshalJSON(b []byte) error {
	value := strings.Trim(string(b), `"`)
	switch {
	case value == string(stockParent):
		*m = stockParent
	case truthy(value):
		*m = stockOn
	default:
		*m = stockOff
	}
	return nil
}

type dimensions struct {
	Length text `json:"length"`
	Width  text `json:"width"`
	Height text `json:"height"`
}

type download struct {
	ID   text `json:"id"`
	Name text `json:"name"`
	File text `json:"file"`
}

// termRef is a category, tag or brand of a product; only the id is read when a client sends it.
type termRef struct {
	ID   integer `json:"id"`
	Name string  `json:"-"`
	Slug string  `json:"-"`
}

// productAttribute holds the options of a product, or the one option of a variation or default.
type productAttribute struct {
	ID        integer    `json:"id"` // 0 for one that only this product has
	Name      text       `json:"name"`
	Position  integer    `json:"position"`
	Visible   boolean    `json:"visible"`
	Variation boolean    `json:"variation"`
	Options   list[text] `json:"options"`
	Option    text       `json:"option"`

	slug string
}

func headOfProduct(p *product) head {
	return head{id: p.ID, status: string(p.Status), created: p.created, modified: p.modified}
}

func (p *product) isVariation() bool { return p.Type == "variation" }

func (p *product) termIDs() []int {
	var ids []int
	for _, refs := range []list[termRef]{p.Categories, p.Brands, p.Tags} {
		for _, r := range refs {
			ids = append(ids, int(r.ID))
		}
	}
	return ids
}

// onSale tells whether the sale price applies at an instant.
func (p *product) onSale(now int64) bool {
	if p.SalePrice == "" || parseMoney(string(p.SalePrice)) >= parseMoney(string(p.RegularPrice)) {
		return false
	}
	return now >= p.saleFrom && (p.saleTo == 0 || now <= p.saleTo)
}

// price is what the product costs at an instant; empty when it has no price.
func (p *product) price(now int64) string {
	if p.onSale(now) {
		return string(p.SalePrice)
	}
	return string(p.RegularPrice)
}

func (p *product) stock() int {
	if p.Stock == nil {
		return 0
	}
	return int(*p.Stock)
}

// status of the stock: computed while managed, else as the client set it.
func (p *product) stockStatus() string {
	if p.ManageStock != stockOn {
		return string(p.StockStatus)
	}
	switch {
	case p.stock() > 0:
		return "instock"
	case p.Backorders != "no":
		return "onbackorder"
	}
	return "outofstock"
}

// options names a variation by what sets it apart.
func (p *product) options() string {
	var options []string
	for _, a := range p.Attributes {
		if a.Option != "" {
			options = append(options, string(a.Option))
		}
	}
	return strings.Join(options, ", ")
}
