// Package fact is what reports count: the orders and refunds that landed, with the amounts that they were booked with. Imports make facts,
// the database keeps them, and package report adds them up.
package fact

import (
	"time"

	"github.com/shopspring/decimal"
)

// Kinds of sales.
const (
	Order  = "order"
	Refund = "refund"
)

// Kinds of lines, which are those of the lines of orders in an ERP.
const (
	Product  = "product"
	Shipping = "shipping"
	Fee      = "fee"
	Credit   = "credit"
	Rounding = "rounding"
)

// Facts are those of one landed record.
type Facts struct {
	Sale     *Sale         `json:"sale,omitempty"`
	Products []SoldProduct `json:"products,omitempty"`
}

// Sale is an order or a refund. Amounts are in whole coins of its currency; what a refund gives back is positive.
type Sale struct {
	ID       string    `json:"id"`       // of the order, or "order/refund"
	Kind     string    `json:"kind"`     // Order or Refund
	Order    string    `json:"order"`    // the store's id of the order
	Number   string    `json:"number"`   // what people see
	At       time.Time `json:"at"`       // UTC: when it was placed, or given back
	Currency string    `json:"currency"` // ISO 4217
	Status   string    `json:"status"`   // the store's; of a refund, as all that follows, its order's
	Gateway  string    `json:"gateway"`
	Country  string    `json:"country"`  // where the goods go
	Customer string    `json:"customer"` // the store's id, or "guest:" and what guests are known by
	Lines    []Line    `json:"lines"`
	// Taken says that a refund was taken back: it counts no more.
	Taken bool `json:"taken,omitempty"`
}

// Line is a line of a sale. Amounts are without tax.
type Line struct {
	ID       string          `json:"id"` // unique in the sale
	Kind     string          `json:"kind"`
	Of       string          `json:"of,omitempty"` // of a refund: the order's line that it gives back; empty when of no single one
	Product  string          `json:"product"`      // the store's ids; empty when it is of none, or the store forgot
	Variant  string          `json:"variant"`      // of the variation, or of a product without any
	Name     string          `json:"name"`
	Units    decimal.Decimal `json:"units"`
	Net      decimal.Decimal `json:"net"`      // after discounts
	Discount decimal.Decimal `json:"discount"` // taken off Net already
	Taxes    []Tax           `json:"taxes,omitempty"`
}

// Tax is the tax of one rate on one line, in whole coins.
type Tax struct {
	Key    string          `json:"key"`
	Label  string          `json:"label"`
	Rate   decimal.Decimal `json:"rate"` // percent
	Amount decimal.Decimal `json:"amount"`
}

// Tax sums the taxes of a line.
func (l Line) Tax() decimal.Decimal {
	var sum decimal.Decimal
	for _, t := range l.Taxes {
		sum = sum.Add(t.Amount)
	}
	return sum
}

// SoldProduct is what a product or a variation is called and sorted under.
type SoldProduct struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	SKU          string `json:"sku"`
	Category     string `json:"category"` // the first that the store lists of its product; empty for none
	CategoryName string `json:"category_name"`
}
