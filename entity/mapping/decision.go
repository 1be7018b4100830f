package mapping

import "slices"

// The codes of records that were parked for a person to choose what becomes of them.
const (
	RefundDeleted     = "refund_deleted"
	RefundMismatch    = "refund_mismatch"
	CancelNeedsPerson = "cancel_needs_person"
	OrderEdited       = "order_edited"
	OrderLocked       = "order_locked"
	BothChanged       = "both_changed"
)

// What a person may choose.
const (
	Keep       = "keep"
	Reverse    = "reverse"
	CreditNote = "credit_note"
	Accept     = "accept"
	TakeStore  = "store"
	TakeERP    = "erp"
)

// Choice is something that a person may choose for a parked record.
type Choice struct {
	Name  string
	Means string
}

// choices lists, by the code with which a record is parked, what may be chosen.
var choices = map[string][]Choice{
	RefundDeleted: {
		{Reverse, "Book the amounts of the credit note the other way round."},
		{Keep, "Leave the credit note as it is."},
	},
	RefundMismatch: {
		{Accept, "Book the credit note with the store's amount all the same."},
		{Keep, "Book no credit note for this refund."},
	},
	CancelNeedsPerson: {
		{CreditNote, "Book a credit note of what is left of the order, pay it out where it was paid, and deliver nothing more."},
		{Keep, "Leave the order as it is."},
	},
	OrderEdited: {
		{Accept, "Replace the order's lines and taxes in the ERP by the store's."},
		{Keep, "Leave the order in the ERP as it is."},
	},
	BothChanged: {
		{TakeStore, "Write the store's values that differ into the ERP."},
		{TakeERP, "Write the ERP's values that differ into the store."},
	},
	OrderLocked: {
		{Keep, "Leave the order in the ERP as it is, or as it was corrected there by hand."},
	},
}

// ChoicesOf gives what a person may choose for a record that is parked with a code; nil when there is nothing to choose.
func ChoicesOf(code string) []Choice { return slices.Clone(choices[code]) }
