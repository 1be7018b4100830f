package woo

import "encoding/json"

// Refund gives money of an order back. One without lines refunds an amount only.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#order-refund-properties
type Refund struct {
	ID              ID             `json:"id"`
	ParentID        ID             `json:"parent_id"` // the order; only the list over all orders has it
	DateCreated     Time           `json:"date_created_gmt"`
	Amount          Decimal        `json:"amount"` // positive, with tax, in the order's currency
	Reason          string         `json:"reason"`
	RefundedBy      ID             `json:"refunded_by"` // a WordPress user
	RefundedPayment Bool           `json:"refunded_payment"`
	MetaData        []Meta         `json:"meta_data"`
	LineItems       []LineItem     `json:"line_items"`
	ShippingLines   []ShippingLine `json:"shipping_lines"`
	TaxLines        []TaxLine      `json:"tax_lines"`
	FeeLines        []FeeLine      `json:"fee_lines"`

	Raw json.RawMessage `json:"-"`
}

// OrderNote is a remark on an order.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#order-note-properties
type OrderNote struct {
	ID           ID     `json:"id"`
	Author       string `json:"author"`
	DateCreated  Time   `json:"date_created_gmt"`
	Note         string `json:"note"`
	CustomerNote Bool   `json:"customer_note"` // the shopper got it by e-mail

	Raw json.RawMessage `json:"-"`
}

func (r *Refund) record() (ID, *json.RawMessage)    { return r.ID, &r.Raw }
func (n *OrderNote) record() (ID, *json.RawMessage) { return n.ID, &n.Raw }
