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
	ParentID       ID     `json:"parent_id"`
	Status         string `json:"status"`
	Name           string `json:"name"` // the options, e.g. "Red, S"
	Permalink      string `json:"permalink"`
	SKU            string `json:"sku"`
	GlobalUniqueID string `json:"global_unique_id"`
	Description    string `json:"description"`
	DateCreated    Time   `json:"date_created_gmt"`
	DateModified   Time   `json:"date_modified_gmt"`

	Price        Decimal `json:"price"`
	RegularPrice Decimal `json:"regular_price"`
	SalePrice    Decimal `json:"sale_price"`
	OnSaleFrom   Time    `json:"date_on_sale_from_gmt"`
	OnSaleTo     Time    `json:"date_on_sale_to_gmt"`
	OnSale       Bool    `json:"on_sale"`
	TaxStatus    string  `json:"tax_status"`
	TaxClass     string  `json:"tax_class"` // "parent": that of the product

	Virtual        Bool       `json:"virtual"`
	Downloadable   Bool       `json:"downloadable"`
	Downloads      []Download `json:"downloads"`
	DownloadLimit  Int        `json:"download_limit"`
	DownloadExpiry Int        `json:"download_expiry"`

	ManageStock    StockSource `json:"manage_stock"`
	StockQuantity  Decimal     `json:"stock_quantity"`
	StockStatus    string      `json:"stock_status"`
	Backorders     string      `json:"backorders"`
	LowStockAmount Decimal     `json:"low_stock_amount"`

	Weight          Decimal    `json:"weight"`
	Dimensions      Dimensions `json:"dimensions"`
	ShippingClass   string     `json:"shipping_class"`
	ShippingClassID ID         `json:"shipping_class_id"`

	Image      *Image            `json:"image"` // nil: that of the product
	Attributes []AttributeOption `json:"attributes"`
	MenuOrder  Int               `json:"menu_order"`
	MetaData   []Meta            `json:"meta_data"`

	Raw json.RawMessage `json:"-"`
}

func (v *Variation) record() (ID, *json.RawMessage) { return v.ID, &v.Raw }
