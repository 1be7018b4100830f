package erp

import (
	"context"
	"time"

	"github.com/shopspring/decimal"
)

// Refunds is booking what a shop gave back. Of an ERP without it refunds are not imported.
var Refunds = Capability[RefundBook]{does: "book credit notes"}

// RefundBook books credit notes for what a shop gave back of its orders. What is posted is never changed: neither the invoice of an
// order nor a credit note. A refund belongs to the order under Refund.Order and no other.
type RefundBook interface {
	// UpsertRefunds books each refund once: as a posted credit note of exactly its total and its tax per rate, which refers to the
	// order's invoice. An order that is confirmed but not invoiced is invoiced in full first. What is overpaid with the credit note
	// is paid out by way of the journal that the payment came in by. A refund that is booked already is unchanged, whatever
	// its lines; with another total it is parked with "refund_locked".
	//
	// A refund is parked with "unknown_order" until its order lands, with "unknown_tax" until its taxes do, and with
	// "order_not_confirmed" while the order is a quotation or cancelled.
	UpsertRefunds(ctx context.Context, batch []Refund) ([]Outcome, error)
	// ReverseRefunds takes booked refunds back, which the shop deleted: entries of the same amounts the other way round, once each.
	// One that is reversed already is unchanged; one that is not booked fails with "not_booked".
	ReverseRefunds(ctx context.Context, refunds []Key) ([]Outcome, error)
}

// Refund is what a shop gave back of an order, in the order's currency. Amounts are positive, in whole coins, and lines and taxes
// add up to Total exactly. They stand for what is taken off the sale: only what corrects a sum is negative.
type Refund struct {
	Key      Key
	Order    Key
	Number   string    // what people see: the order's number and the shop's of the refund
	Date     time.Time // UTC
	Currency string    // ISO 4217
	Lines    []RefundLine
	Taxes    []OrderTax      // per rate
	Untaxed  decimal.Decimal // Total − Tax
	Tax      decimal.Decimal
	Total    decimal.Decimal
	Reason   string

	// Whole says that nothing is left of the order: what is not delivered of it by now is not delivered any more.
	Whole bool `json:"-"`
}

// RefundLine is what a refund gives back of one line of the order, or of several together.
type RefundLine struct {
	OrderLine
	Of string // the ID of the order's line; empty when it is of no single line
	// PutBack is the quantity of the order's line that refunds put back on the shelf up to now, where the ERP has to book that
	// itself; zero where counts of the stock say it.
	PutBack decimal.Decimal `json:"-"`
}

// RefundFigures are the amounts of a booked refund.
type RefundFigures struct {
	Key      Key
	ID       string
	Number   string // of the credit note
	Total    decimal.Decimal
	Tax      decimal.Decimal
	Taxes    []OrderTax // per rate, in no particular order
	PaidOut  bool       // nothing is left to pay out of it
	Reversed bool       // the shop deleted it, and it was taken back
}
