package erp

import (
	"context"
	"time"

	"github.com/shopspring/decimal"
)

// CreditDesk is credit notes as people make them. What is posted is never changed: a credit note can be reversed.
type CreditDesk interface {
	// SearchCreditNotes finds credit notes, the newest first, whether people or stores gave back the money.
	SearchCreditNotes(ctx context.Context, q CreditNoteSearch) (notes []Held[CreditNote], next string, err error)
	// CreditNote reads a credit note. NotFound when there is none.
	CreditNote(ctx context.Context, id string) (Held[CreditNote], error)
	// CreateCreditNote gives back of an invoiced order, once for each request. It is Invalid to give back more than is left.
	CreateCreditNote(ctx context.Context, request string, ask CreditRequest) (Held[CreditNote], error)
	// ReverseCreditNote books the same amounts the other way round, once. One that a store has as a refund is fault.Conflict.
	ReverseCreditNote(ctx context.Context, id string) (Held[CreditNote], error)
}

// CreditNoteSearch picks credit notes.
type CreditNoteSearch struct {
	RecordSearch
	Order string // only of this order, by its id; "" is any
}

// CreditNote is what was given back of an order, as it was posted.
type CreditNote struct {
	Refund
	Posted      string // the number of the credit note
	OrderNumber string
	Partner     Key
	ByHand      bool // a person made it
	Restock     bool // a person had its goods put back on the shelf
	PaidOut     bool // nothing is left to pay out of it
	Reversed    bool
	Store       string // the instance whose store has it as a refund; "" when none has
	StoreID     string // of that refund
}

// CreditRequest asks for a credit note: of some lines, of an amount, or, without either, of all that is left.
type CreditRequest struct {
	Order   Key
	Date    time.Time // UTC; zero is today
	Reason  string
	Lines   []CreditedLine
	Amount  decimal.Decimal // with tax; it is shared out over what is left of the order, in proportion
	Restock bool            // what has left the house and is given back is put on the shelf again
}

// CreditedLine is what is given back of one line of an order. Without a quantity and an amount it is all that is left of it.
type CreditedLine struct {
	Of       string          // the id of the line
	Quantity decimal.Decimal // zero leaves it to Amount
	Amount   decimal.Decimal // without tax; zero is in proportion to Quantity
}
