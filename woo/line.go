package woo

// LineItem is one product of an order or refund. In refunds quantities and amounts are negative.
type LineItem struct {
	ID          ID        `json:"id"`
	Name        string    `json:"name"`
	ProductID   ID        `json:"product_id"`   // 0: the product is gone
	VariationID ID        `json:"variation_id"` // 0: not a variation
	Quantity    Decimal   `json:"quantity"`     // whole unless a plugin allows fractions
	TaxClass    string    `json:"tax_class" lax:"true"`
	Subtotal    Decimal   `json:"subtotal"` // before coupons, without tax
	SubtotalTax Decimal   `json:"subtotal_tax" lax:"true"`
	Total       Decimal   `json:"total"` // after coupons, without tax
	TotalTax    Decimal   `json:"total_tax" lax:"true"`
	Taxes       []LineTax `json:"taxes"`
	MetaData    []Meta    `json:"meta_data"`
	SKU         String    `json:"sku" lax:"true"`   // of the product as it is now; "" when it is gone
	Price       Decimal   `json:"price" lax:"true"` // Total / Quantity as a PHP float: for display, not for sums
	Image       ImageRef  `json:"image" lax:"true"`
	ParentName  string    `json:"parent_name" lax:"true"`
	// Of the plugins Product Bundles and Composite Products: the line that this one is a part of; 0 for what is sold by itself.
	BundledBy       ID `json:"bundled_by" lax:"true"`
	CompositeParent ID `json:"composite_parent" lax:"true"`
}

// ImageRef is the picture of a line.
type ImageRef struct {
	ID  ID     `json:"id" lax:"true"`
	Src string `json:"src" lax:"true"`
}

// LineTax is the tax of one rate on one line.
type LineTax struct {
	ID       String  `json:"id"` // a TaxRate's id; tax services write a text of their own, such as the rate's code
	Total    Decimal `json:"total"`
	Subtotal Decimal `json:"subtotal" lax:"true"` // absent on shipping
}

// TaxLine sums one tax rate over an order, rounded to the shop's price decimals.
type TaxLine struct {
	ID               ID      `json:"id" lax:"true"`
	RateCode         string  `json:"rate_code"`
	RateID           String  `json:"rate_id"` // a TaxRate's id; 0 for a rate that a tax service calculated
	Label            string  `json:"label"`
	Compound         Bool    `json:"compound"`
	TaxTotal         Decimal `json:"tax_total"` // without that on shipping
	ShippingTaxTotal Decimal `json:"shipping_tax_total"`
	RatePercent      Decimal `json:"rate_percent"` // as it was when the order was placed; absent on old orders
	MetaData         []Meta  `json:"meta_data" lax:"true"`
}

// ShippingLine is one shipping charge.
type ShippingLine struct {
	ID          ID        `json:"id"`
	MethodTitle string    `json:"method_title"`
	MethodID    string    `json:"method_id" lax:"true"`
	InstanceID  ID        `json:"instance_id" lax:"true"` // a ShippingZoneMethod's; 0 when unknown
	Total       Decimal   `json:"total"`                  // without tax
	TotalTax    Decimal   `json:"total_tax" lax:"true"`
	Taxes       []LineTax `json:"taxes"`
	TaxStatus   string    `json:"tax_status" lax:"true"`
	MetaData    []Meta    `json:"meta_data" lax:"true"`
}

// FeeLine is a surcharge, or a discount when negative.
type FeeLine struct {
	ID        ID        `json:"id"`
	Name      string    `json:"name"`
	TaxClass  string    `json:"tax_class" lax:"true"`
	TaxStatus string    `json:"tax_status" lax:"true"`
	Amount    Decimal   `json:"amount" lax:"true"`
	Total     Decimal   `json:"total"` // without tax
	TotalTax  Decimal   `json:"total_tax" lax:"true"`
	Taxes     []LineTax `json:"taxes"`
	MetaData  []Meta    `json:"meta_data"`
}

// CouponLine is a coupon used in an order. Its discount is already inside the totals of the lines.
type CouponLine struct {
	ID            ID      `json:"id" lax:"true"`
	Code          String  `json:"code"`
	Discount      Decimal `json:"discount" lax:"true"` // without tax
	DiscountTax   Decimal `json:"discount_tax" lax:"true"`
	DiscountType  string  `json:"discount_type" lax:"true"` // since WooCommerce 8.7
	NominalAmount Decimal `json:"nominal_amount" lax:"true"`
	FreeShipping  Bool    `json:"free_shipping" lax:"true"`
	MetaData      []Meta  `json:"meta_data" lax:"true"`
}
