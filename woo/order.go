package woo

import "encoding/json"

// The order statuses of WooCommerce itself; shops add their own.
const (
	OrderPending       = "pending"
	OrderProcessing    = "processing"
	OrderOnHold        = "on-hold"
	OrderCompleted     = "completed"
	OrderCancelled     = "cancelled"
	OrderRefunded      = "refunded"
	OrderFailed        = "failed"
	OrderTrash         = "trash"
	OrderAutoDraft     = "auto-draft"
	OrderCheckoutDraft = "checkout-draft" // a cart of the block checkout: not an order yet
)

// CreatedByDeposits is what payments of the plugin WooCommerce Deposits are created via: orders below the one that they are of.
const CreatedByDeposits = "wc_deposits"

// Order is a purchase. Amounts are in the order's own currency. Totals of lines, shipping and fees are without tax even when the shop's
// prices include it; Total is with tax. DiscountTotal is already inside the totals of the lines.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties
type Order struct {
	ID                 ID             `json:"id"`
	ParentID           ID             `json:"parent_id"`
	Number             String         `json:"number"` // what the shopper sees; may differ from the id
	OrderKey           string         `json:"order_key" lax:"true"`
	Status             string         `json:"status"` // without the wc- prefix
	Currency           string         `json:"currency"`
	Version            string         `json:"version" lax:"true"`
	CreatedVia         string         `json:"created_via"`
	PricesIncludeTax   Bool           `json:"prices_include_tax" lax:"true"`
	DateCreated        Time           `json:"date_created_gmt"`
	DateModified       Time           `json:"date_modified_gmt"`
	DateCompleted      Time           `json:"date_completed_gmt" lax:"true"`
	DatePaid           Time           `json:"date_paid_gmt"`
	DiscountTotal      Decimal        `json:"discount_total" lax:"true"`
	DiscountTax        Decimal        `json:"discount_tax" lax:"true"`
	ShippingTotal      Decimal        `json:"shipping_total" lax:"true"`
	ShippingTax        Decimal        `json:"shipping_tax" lax:"true"`
	CartTax            Decimal        `json:"cart_tax" lax:"true"`
	Total              Decimal        `json:"total"`
	TotalTax           Decimal        `json:"total_tax"`
	CustomerID         ID             `json:"customer_id"` // 0: a guest
	Billing            Address        `json:"billing"`
	Shipping           Address        `json:"shipping"`
	PaymentMethod      string         `json:"payment_method"` // a PaymentGateway's id
	PaymentMethodTitle string         `json:"payment_method_title"`
	TransactionID      String         `json:"transaction_id"`
	CustomerNote       string         `json:"customer_note"`
	MetaData           []Meta         `json:"meta_data"`
	LineItems          []LineItem     `json:"line_items"`
	TaxLines           []TaxLine      `json:"tax_lines"`
	ShippingLines      []ShippingLine `json:"shipping_lines"`
	FeeLines           []FeeLine      `json:"fee_lines"`
	CouponLines        []CouponLine   `json:"coupon_lines"`
	Refunds            []RefundRef    `json:"refunds" lax:"true"`
	GiftCards          []GiftCard     `json:"gift_cards"`             // of the plugin WooCommerce Gift Cards
	PWGiftCards        []GiftCard     `json:"pw_gift_cards_redeemed"` // of the plugin PW WooCommerce Gift Cards

	Raw json.RawMessage `json:"-"`
}

// RefundRef is a refund as its order names it.
type RefundRef struct {
	ID     ID      `json:"id" lax:"true"`
	Reason string  `json:"reason" lax:"true"`
	Total  Decimal `json:"total" lax:"true"` // negative
}

// GiftCard is what one gift card paid of an order, whose total is that much less.
type GiftCard struct {
	ID     ID      `json:"id" lax:"true"`
	Amount Decimal `json:"amount"`
}

func (o *Order) record() (ID, *json.RawMessage) { return o.ID, &o.Raw }
