package woo

import "encoding/json"

// The kinds of product WooCommerce has of its own; plugins add more.
const (
	ProductSimple    = "simple"
	ProductVariable  = "variable"
	ProductGrouped   = "grouped"
	ProductExternal  = "external"
	ProductVariation = "variation"
)

// Product is an article of the shop, or the parent of its variations.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#product-properties
type Product struct {
	ID                ID     `json:"id"`
	ParentID          ID     `json:"parent_id"` // set only when a variation was read through /products
	Type              string `json:"type"`
	Status            string `json:"status"` // publish, draft, pending, private, future, trash
	Name              string `json:"name"`
	Slug              string `json:"slug"`
	Permalink         string `json:"permalink" lax:"true"`
	SKU               string `json:"sku"`
	GlobalUniqueID    string `json:"global_unique_id"` // GTIN, UPC, EAN or ISBN
	Description       string `json:"description"`      // HTML
	ShortDescription  string `json:"short_description"`
	PurchaseNote      string `json:"purchase_note" lax:"true"`
	CatalogVisibility string `json:"catalog_visibility" lax:"true"`
	Featured          Bool   `json:"featured" lax:"true"`
	DateCreated       Time   `json:"date_created_gmt" lax:"true"`
	DateModified      Time   `json:"date_modified_gmt"`

	// Prices are in the shop's currency, with or without tax as the shop's prices_include_tax says. RegularPrice is absent on the parent
	// of variations.
	Price        Decimal `json:"price" lax:"true"`
	RegularPrice Decimal `json:"regular_price"`
	SalePrice    Decimal `json:"sale_price"`
	OnSaleFrom   Time    `json:"date_on_sale_from_gmt"`
	OnSaleTo     Time    `json:"date_on_sale_to_gmt"`
	OnSale       Bool    `json:"on_sale" lax:"true"`
	TaxStatus    string  `json:"tax_status"` // taxable, shipping or none
	TaxClass     string  `json:"tax_class"`  // "" is the standard class

	Virtual        Bool       `json:"virtual"`
	Downloadable   Bool       `json:"downloadable"`
	Downloads      []Download `json:"downloads"`
	DownloadLimit  Int        `json:"download_limit" lax:"true"`  // -1: unlimited
	DownloadExpiry Int        `json:"download_expiry" lax:"true"` // days; -1: never
	ExternalURL    string     `json:"external_url"`
	ButtonText     string     `json:"button_text"`

	ManageStock      Bool    `json:"manage_stock"`
	StockQuantity    Decimal `json:"stock_quantity"`          // absent when the stock is not managed
	StockStatus      string  `json:"stock_status" lax:"true"` // instock, outofstock or onbackorder
	Backorders       string  `json:"backorders" lax:"true"`   // no, notify or yes
	LowStockAmount   Decimal `json:"low_stock_amount" lax:"true"`
	SoldIndividually Bool    `json:"sold_individually" lax:"true"`

	Weight          Decimal    `json:"weight"` // in the shop's weight unit
	Dimensions      Dimensions `json:"dimensions"`
	ShippingClass   string     `json:"shipping_class" lax:"true"` // slug
	ShippingClassID ID         `json:"shipping_class_id"`

	Categories        []TermRef          `json:"categories"`
	Brands            []TermRef          `json:"brands"`
	Tags              []TermRef          `json:"tags"`
	Images            []Image            `json:"images"` // the first is the featured one
	Attributes        []ProductAttribute `json:"attributes"`
	DefaultAttributes []AttributeOption  `json:"default_attributes" lax:"true"`
	Variations        []ID               `json:"variations"`
	GroupedProducts   []ID               `json:"grouped_products"`
	UpsellIDs         []ID               `json:"upsell_ids" lax:"true"`
	CrossSellIDs      []ID               `json:"cross_sell_ids" lax:"true"`
	MenuOrder         Int                `json:"menu_order" lax:"true"`
	MetaData          []Meta             `json:"meta_data"`
	// Of the plugins WPML and Polylang: the language of the product, and its translations, which are products of their own.
	Lang         String       `json:"lang" lax:"true"`
	Translations Translations `json:"translations" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

// Dimensions are in the shop's dimension unit.
type Dimensions struct {
	Length Decimal `json:"length"`
	Width  Decimal `json:"width"`
	Height Decimal `json:"height"`
}

// Download is one file of a downloadable product.
type Download struct {
	ID   string `json:"id" lax:"true"`
	Name string `json:"name"`
	File string `json:"file"` // URL or path
}

// TermRef names a category, brand or tag inside a product.
type TermRef struct {
	ID   ID     `json:"id"`
	Name string `json:"name" lax:"true"`
	Slug string `json:"slug" lax:"true"`
}

// Image is a picture in the shop's media library.
type Image struct {
	ID           ID     `json:"id" lax:"true"`
	DateModified Time   `json:"date_modified_gmt"`
	Src          string `json:"src"` // URL
	Name         string `json:"name" lax:"true"`
	Alt          string `json:"alt"`
}

// ProductAttribute is one attribute of a product with the options it comes in.
type ProductAttribute struct {
	ID        ID       `json:"id"` // 0: the attribute exists on this product only
	Name      string   `json:"name"`
	Slug      string   `json:"slug"`
	Position  Int      `json:"position" lax:"true"`
	Visible   Bool     `json:"visible"`
	Variation Bool     `json:"variation"` // it tells variations apart
	Options   []string `json:"options"`
	// Option is the single choice of a variation that was read through /products.
	Option string `json:"option,omitempty" lax:"true"`
}

// AttributeOption is one choice. A variation that lacks an attribute of its parent fits any option of it.
type AttributeOption struct {
	ID     ID     `json:"id"`
	Name   string `json:"name"`
	Slug   string `json:"slug,omitempty"`
	Option string `json:"option"` // the option's name, not its slug
}

func (p *Product) record() (ID, *json.RawMessage) { return p.ID, &p.Raw }
