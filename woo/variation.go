package woo

import (
	"encoding/json"
)

// StockSource says who keeps the stock of a variation.
type StockSource string

// The answers of manage_stock: false, true or "parent".
const (
	StockUnmanaged StockSource = "no"
	StockOwn       StockSource = "yes"
	StockOfParent  StockSource = "parent"
)

// UnmarshalJSON accepts the three answers and the ways of [Bool].
func (s *StockSource) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return err
	}
	switch {
	case text == string(StockOfParent):
		*s = StockOfParent
	case truthy(text):
		*s = StockOwn
	default:
		*s = StockUnmanaged
	}
	return nil
}

// MarshalJSON writes what the API takes: a boolean or "parent".
func (s StockSource) MarshalJSON() ([]byte, error) {
	if s == StockOfParent {
		return json.Marshal(string(s))
	}
	return json.Marshal(s == StockOwn)
}

// Variation is one buyable form of a variable product. Fields mean the same as on [Product].
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#product-variation-properties
type Variation struct {
	ID             ID     `json:"id"`
	ParentID       ID     `json:"parent_id" lax:"true"`
	Status         string `json:"status"`
	Name           string `json:"name" lax:"true"` // the options, e.g. "Red, S"
	Permalink      string `json:"permalink" lax:"true"`
	SKU            string `json:"sku"`
	GlobalUniqueID string `json:"global_unique_id"`
	Description    string `json:"description" lax:"true"`
	DateCreated    Time   `json:"date_created_gmt" lax:"true"`
	DateModified   Time   `json:"date_modified_gmt"`

	Price        Decimal `json:"price" lax:"true"`
	RegularPrice Decimal `json:"regular_price"`
	SalePrice    Decimal `json:"sale_price"`
	OnSaleFrom   Time    `json:"date_on_sale_from_gmt"`
	OnSaleTo     Time    `json:"date_on_sale_to_gmt"`
	OnSale       Bool    `json:"on_sale" lax:"true"`
	TaxStatus    string  `json:"tax_status" lax:"true"`
	TaxClass     string  `json:"tax_class" lax:"true"` // "parent": that of the product

	Virtual        Bool       `json:"virtual" lax:"true"`
	Downloadable   Bool       `json:"downloadable" lax:"true"`
	Downloads      []Download `json:"downloads" lax:"true"`
	DownloadLimit  Int        `json:"download_limit" lax:"true"`
	DownloadExpiry Int        `json:"download_expiry" lax:"true"`

	ManageStock    StockSource `json:"manage_stock"`
	StockQuantity  Decimal     `json:"stock_quantity"`
	StockStatus    string      `json:"stock_status" lax:"true"`
	Backorders     string      `json:"backorders" lax:"true"`
	LowStockAmount Decimal     `json:"low_stock_amount" lax:"true"`

	Weight          Decimal    `json:"weight"`
	Dimensions      Dimensions `json:"dimensions"`
	ShippingClass   string     `json:"shipping_class" lax:"true"`
	ShippingClassID ID         `json:"shipping_class_id" lax:"true"`

	Image      *Image            `json:"image"` // nil: that of the product
	Attributes []AttributeOption `json:"attributes"`
	MenuOrder  Int               `json:"menu_order" lax:"true"`
	MetaData   []Meta            `json:"meta_data"`

	Raw json.RawMessage `json:"-"`
}

func (v *Variation) record() (ID, *json.RawMessage) { return v.ID, &v.Raw }
