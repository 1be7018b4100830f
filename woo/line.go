package woo

// LineItem is one product of an order or refund. In refunds quantities and amounts are negative.
type LineItem struct {
	ID          ID        `json:"id"`
	Name        string    `json:"name"`
	ProductID   ID        `json:"product_id"`   // 0: the product is gone
	VariationID ID        `json:"variation_id"` // 0: not a variation
	Quantity    Decimal   `json:"quantity"`     // whole unless a plugin allows fractions
	TaxClass    string    `json:"tax_class"`
	Subtotal    Decimal   `json:"subtotal"` // before coupons, without tax
	SubtotalTax Decimal   `json:"subtotal_tax"`
	Total       Decimal   `json:"total"` // after coupons, without tax
	TotalTax    Decimal   `json:"total_tax"`
	Taxes       []LineTax `json:"taxes"`
	MetaData    []Meta    `json:"meta_data"`
	SKU         String    `json:"sku"`   // of the product as it is now; "" when it is gone
	Price       Decimal   `json:"price"` // Total / Quantity as a PHP float: for display, not for sums
	Image       ImageRef  `json:"image"`
	ParentName  string    `json:"parent_name"`
}

// ImageRef is the picture of a line.
type ImageRef struct {
	ID  ID     `json:"id"`
	Src string `json:"src"`
}

// LineTax is the tax of one rate on one line.
type LineTax struct {
	ID       String  `json:"id"` // a TaxRate's id; tax services write a text of their own, such as the rate's code
	Total    Decimal `json:"total"`
	Subtotal Decimal `json:"subtotal"` // absent on shipping
}

// TaxLine sums one tax rate over an order, rounded to the shop's price decimals.
type TaxLine struct {
	ID               ID      `json:"id"`
	RateCode         string  `json:"rate_code"`
	RateID           String  `json:"rate_id"` // a TaxRate's id; 0 for a rate that a tax service calculated
	Label            string  `json:"label"`
	Compound         Bool    `json:"compound"`
	TaxTotal         Decimal `json:"tax_total"` // without that on shipping
	ShippingTaxTotal Decimal `json:"shipping_tax_total"`
	RatePercent      Decimal `json:"rate_percent"` // as it was when the order was placed; absent on old orders
	MetaData         []Meta  `json:"meta_data"`
}

// ShippingLine is one shipping charge.
type ShippingLine struct {
	ID          ID        `json:"id"`
	MethodTitle string    `json:"method_title"`
	MethodID    string    `json:"method_id"`
	InstanceID  ID        `json:"instance_id"` // a ShippingZoneMethod's; 0 when unknown
	Total       Decimal   `json:"total"`       // without tax
	TotalTax    Decimal   `json:"total_tax"`
	Taxes       []LineTax `json:"taxes"`
	TaxStatus   string    `json:"tax_status"`
	MetaData    []Meta    `json:"meta_data"`
}

// FeeLine is a surcharge, or a discount when negative.
type FeeLine struct {
	ID        ID        `json:"id"`
	Name      string    `json:"name"`
	TaxClass  string    `json:"tax_class"`
	TaxStatus string    `json:"tax_status"`
	Amount    Decimal   `json:"amount"`
	Total     Decimal   `json:"total"` // without tax
	TotalTax  Decimal   `json:"total_tax"`
	Taxes     []LineTax `json:"taxes"`
	MetaData  []Meta    `json:"meta_data"`
}

// CouponLine is a coupon used in an order. Its discount is already inside the totals of the lines.
type CouponLine struct {
	ID            ID      `json:"id"`
	Code          String  `json:"code"`
	Discount      Decimal `json:"discount"` // without tax
	DiscountTax   Decimal `json:"discount_tax"`
	DiscountType  string  `json:"discount_type"`
	NominalAmount Decimal `json:"nominal_amount"`
	FreeShipping  Bool    `json:"free_shipping"`
	MetaData      []Meta  `json:"meta_data"`
}
