package woo

import "encoding/json"

// Category is a node of the category tree.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#product-category-properties
type Category struct {
	ID          ID     `json:"id"`
	Parent      ID     `json:"parent"` // 0 at the root
	Name        string `json:"name"`   // HTML-escaped by WordPress
	Slug        string `json:"slug"`
	Description string `json:"description"`
	Display     string `json:"display" lax:"true"` // default, products, subcategories or both
	Image       *Image `json:"image"`
	MenuOrder   Int    `json:"menu_order"`
	Count       Int    `json:"count" lax:"true"` // published products in it

	Raw json.RawMessage `json:"-"`
}

// Brand is a maker. Brands form a tree like categories; WooCommerce has them since 9.4.
type Brand struct {
	ID          ID     `json:"id"`
	Parent      ID     `json:"parent"`
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	Description string `json:"description"`
	Display     string `json:"display" lax:"true"`
	Image       *Image `json:"image"`
	MenuOrder   Int    `json:"menu_order"`
	Count       Int    `json:"count" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

// Tag is a free keyword on products.
type Tag struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	Description string `json:"description"`
	Count       Int    `json:"count" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

// ShippingClass groups products that cost the same to ship.
type ShippingClass struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	Description string `json:"description"`
	Count       Int    `json:"count" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

// Attribute is a property shared by all products, such as colour. Its options are [AttributeTerm]s.
type Attribute struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	Slug        string `json:"slug"`                // starts with pa_
	Type        string `json:"type"`                // select, or what a plugin adds
	OrderBy     string `json:"order_by" lax:"true"` // menu_order, name, name_num or id
	HasArchives Bool   `json:"has_archives" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

// AttributeTerm is one option of an attribute.
type AttributeTerm struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	Description string `json:"description"`
	MenuOrder   Int    `json:"menu_order"`
	Count       Int    `json:"count" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

func (c *Category) record() (ID, *json.RawMessage)      { return c.ID, &c.Raw }
func (b *Brand) record() (ID, *json.RawMessage)         { return b.ID, &b.Raw }
func (t *Tag) record() (ID, *json.RawMessage)           { return t.ID, &t.Raw }
func (s *ShippingClass) record() (ID, *json.RawMessage) { return s.ID, &s.Raw }
func (a *Attribute) record() (ID, *json.RawMessage)     { return a.ID, &a.Raw }
func (t *AttributeTerm) record() (ID, *json.RawMessage) { return t.ID, &t.Raw }
