package erp

import (
	"time"

	"github.com/shopspring/decimal"
)

// TermKind says what a Term classifies.
type TermKind string

// The kinds of terms.
const (
	Category       TermKind = "category"
	Tag            TermKind = "tag"
	Brand          TermKind = "brand"
	Attribute      TermKind = "attribute"
	AttributeValue TermKind = "attribute_value"
	ShippingClass  TermKind = "shipping_class"
	TaxClass       TermKind = "tax_class"
	PaymentGateway TermKind = "payment_gateway"
	ShippingZone   TermKind = "shipping_zone"
	ShippingMethod TermKind = "shipping_method"
)

// TermKinds lists every kind of term. A backend takes them all.
var TermKinds = []TermKind{
	Category, Tag, Brand, Attribute, AttributeValue, ShippingClass, TaxClass, PaymentGateway, ShippingZone, ShippingMethod,
}

// Term is one entry of a classification: a category, tag, brand, attribute and so on.
type Term struct {
	Key         Key
	Kind        TermKind
	Name        string
	Code        string // slug, or the id a plugin gives, e.g. "flat_rate"
	Parent      Key    `json:",omitzero"` // category tree only; an unknown parent parks the term
	Description string
	Position    int
	Active      bool
	Image       *Image            `json:",omitempty"`
	Values      []Term            `json:",omitempty"` // an attribute's values, a zone's methods: landed with it
	Extra       map[string]string `json:",omitempty"` // what else the shop says, e.g. a gateway's title
	// Revision is that of Held when the record was read, of one that must not have changed since; empty lands it over whatever is there.
	Revision string `json:"-"`
}

// Image is a picture by address and content.
type Image struct {
	URL    string
	Alt    string
	Digest string `json:",omitempty"` // "sha256:…" or "sha1:…" of the bytes; empty when they were not fetched
	Type   string `json:",omitempty"` // media type of the bytes
	Size   int64  `json:",omitempty"` // bytes
}

// Tax is one tax rate.
type Tax struct {
	Key           Key
	Name          string
	Rate          decimal.Decimal // percent: 20 means 20 %
	Country       string          // ISO 3166-1 alpha-2; empty is everywhere
	State         string
	Postcodes     []string
	Cities        []string
	Class         string // the shop's tax class, "standard" by default
	Priority      int
	Compound      bool
	Shipping      bool   // applies to shipping too
	PriceInclude  bool   // the shop enters prices with this tax in them
	Account       string // account for tax on invoices; empty is the backend's default
	RefundAccount string // account for tax on credit notes; empty is the backend's default
}

// PriceKind names one of the two price lists an instance has per currency.
type PriceKind string

// The kinds of price lists.
const (
	Regular PriceKind = "regular"
	Sale    PriceKind = "sale"
)

// PriceList is a list of prices in one currency. It is filled by the prices of products.
type PriceList struct {
	Key      Key // entity "price_list", id of PriceListID
	Name     string
	Kind     PriceKind
	Currency string // ISO 4217
}

// PriceListID is what a price list's key has for an id: "regular-EUR" or "sale-EUR".
func PriceListID(kind PriceKind, currency string) string { return string(kind) + "-" + currency }

// ProductKind is the shop's product type.
type ProductKind string

// The kinds of products.
const (
	Simple   ProductKind = "simple"
	Variable ProductKind = "variable"
	Grouped  ProductKind = "grouped"
	External ProductKind = "external"
)

// Product is what the shop shows on one page, with the variants that are sold.
type Product struct {
	Key              Key
	Kind             ProductKind
	Name             string
	Slug             string
	Description      string // HTML
	ShortDescription string // HTML
	Status           string // publish, draft, pending, private, future
	SKU              string
	Barcode          string // GTIN, UPC, EAN or ISBN
	Virtual          bool   // a service: nothing to ship, no stock
	Downloadable     bool
	Downloads        []Download `json:",omitempty"`
	Categories       []Key      // unknown ones park the product
	Tags             []Key
	Brands           []Key
	ShippingClass    Key `json:",omitzero"`
	Taxable          bool
	TaxClass         string
	Measures         Measures
	Images           []Image            `json:",omitempty"`
	Attributes       []ProductAttribute `json:",omitempty"`
	Variants         []Variant          // a simple, external or grouped product has exactly one, under its own key
	Components       []Key              `json:",omitempty"` // grouped: its products, which may land later
	ExternalURL      string             `json:",omitempty"`
	ButtonText       string             `json:",omitempty"`
	Fields           map[string]string  `json:",omitempty"` // ERP fields filled by meta mapping
	// Revision is that of Held when the record was read, of one that must not have changed since; empty lands it over whatever is there.
	Revision string `json:"-"`
}

// Download is a file a downloadable product gives access to.
type Download struct {
	Name string
	URL  string
}

// Measures are weight and dimensions, with the units the shop uses.
type Measures struct {
	Weight        decimal.Decimal
	WeightUnit    string // kg, g, lbs, oz
	Length        decimal.Decimal
	Width         decimal.Decimal
	Height        decimal.Decimal
	DimensionUnit string // m, cm, mm, in, yd
}

// ProductAttribute is an attribute a product shows or varies by.
type ProductAttribute struct {
	Key       Key `json:",omitzero"` // the shared attribute; zero for one that only this product has
	Name      string
	Values    []string
	Visible   bool
	Variation bool
}

// Variant is what an order line names and what stock is kept of.
type Variant struct {
	Key        Key
	SKU        string
	Barcode    string
	Options    []Option `json:",omitempty"` // an attribute of the product that is missing here means "any value"
	Active     bool
	TrackStock bool
	Measures   Measures
	Image      *Image            `json:",omitempty"`
	Prices     []Price           `json:",omitempty"` // nil when prices are not imported
	Fields     map[string]string `json:",omitempty"`
}

// Option is one answer to a product's attribute.
type Option struct {
	Attribute string
	Value     string
}

// Price is one entry of a price list.
type Price struct {
	List   Key // the price list it belongs to
	Amount decimal.Decimal
	From   time.Time `json:",omitzero"` // UTC, inclusive; zero is always
	Until  time.Time `json:",omitzero"` // UTC, inclusive; zero is for ever
}

// ListedPrice is a price as it stands in its list.
type ListedPrice struct {
	Product Key // what the shop shows
	Variant Key // what is sold; a simple product's is the product's own key
	Price
}

// Coupon is a discount code.
type Coupon struct {
	Key             Key
	Code            string
	Kind            string // percent, fixed_cart, fixed_product, or a plugin's own
	Amount          decimal.Decimal
	Description     string
	Status          string
	Expires         time.Time `json:",omitzero"` // UTC
	UsageCount      int
	UsageLimit      int // 0 is unlimited
	UsageLimitUser  int // 0 is unlimited
	LimitItems      int // 0 is unlimited
	FreeShipping    bool
	IndividualUse   bool
	ExcludeSale     bool
	MinimumAmount   decimal.Decimal
	MaximumAmount   decimal.Decimal
	Products        []Key `json:",omitempty"` // products a coupon names may be gone: unknown ones never park it
	ExcludeProducts []Key `json:",omitempty"`
	Categories      []Key `json:",omitempty"`
	ExcludeCategory []Key `json:",omitempty"`
	Emails          []string
	// Revision is that of Held when the record was read, of one that must not have changed since; empty lands it over whatever is there.
	Revision string `json:"-"`
}
