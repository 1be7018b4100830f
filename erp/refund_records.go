package erp

import "context"

// RefundRecords is reading the credit notes that people made in the ERP: what is sent into a store as refunds.
var RefundRecords = Capability[RefundReader]{does: "give the credit notes that were made in it, so none of them can be sent into a store"}

// RefundReader is a backend whose credit notes can be read, and tied to what a store made of them: see RefundRecords.
type RefundReader interface {
	// ReadRefunds gives the credit notes with these ids of the ERP, with the keys of an instance; those that do not exist are left out.
	// What has no key of the instance has a pending one: see PendingKey.
	ReadRefunds(ctx context.Context, instance string, ids []string) ([]HeldRefund, error)
	// UnsentRefunds gives, in ascending order of their ids and after one of these ("" is the beginning), the credit notes that people made
	// for orders which the store of an instance has, that stand, and that no store has. It gives at most limit of them.
	UnsentRefunds(ctx context.Context, instance, after string, limit int) ([]HeldRefund, error)
	// UnsentOf gives the same of some orders only, by their keys.
	UnsentOf(ctx context.Context, orders []Key) ([]HeldRefund, error)
	// AdoptRefunds binds credit notes to what a store made of them: when that is landed, it is booked already. It is one call for a batch,
	// which fails as a whole; NotFound when a credit note is gone.
	AdoptRefunds(ctx context.Context, batch []Adoption[Refund]) error
}

// HeldRefund is a credit note as the ERP holds it. The lines that give back of one of the order name it as the store does.
type HeldRefund struct {
	Held[Refund]
	Posted   string // the number of the credit note
	ByHand   bool   // a person made it, and no store
	Restock  bool   // its goods were put back on the shelf
	Reversed bool
	Of       string // another instance whose store has it as a refund; empty when there is none
}
