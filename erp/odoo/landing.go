package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// writer is how one kind of record reaches Odoo. Calls that share a record, or one of the names, take turns.
type writer[T any] struct {
	key   func(*T) *erp.Key
	check func(*T) *landing.Refusal
	names func(*T) []string // what calls take turns on besides the key; may be nil
	land  func(ctx context.Context, records []*T) ([]erp.Outcome, error)
}

func (w writer[T]) upsert(ctx context.Context, b *Backend, batch []T) ([]erp.Outcome, error) {
	return landing.Batch[T]{
		Key:   w.key,
		Check: w.check,
		Land: func(ctx context.Context, records []*T) ([]erp.Outcome, error) {
			defer b.locks.lock(w.turns(records))()
			return w.landAll(ctx, b, records)
		},
	}.Run(ctx, batch)
}

// recordRefusals are the codes of errors that are due to what a record says. Others of fault.Invalid are due to a setting, or
// to a field that Odoo has no more.
var recordRefusals = map[string]bool{
	rpc.CodeTooLarge: true, "odoo_UserError": true, "odoo_ValidationError": true, "odoo_UniqueViolation": true, "odoo_IntegrityError": true,
	"odoo_NotNullViolation": true, "odoo_CheckViolation": true, "odoo_ForeignKeyViolation": true,
}

// refusesRecord reports whether Odoo refuses what some record of a call says.
func refusesRecord(err error) bool {
	return fault.Is(err, fault.Invalid) && recordRefusals[fault.From(err).Code]
}

// refusal is what becomes of the record that such an error is about.
func refusal(err error) *landing.Refusal {
	if fault.From(err).Code == rpc.CodeTooLarge {
		return landing.Failed(rpc.CodeTooLarge, "%s", err)
	}
	return landing.Failed(refusedCode, "%s: %s", err, refusedBecause)
}

func (w writer[T]) turns(records []*T) []string {
	names := make([]string, 0, len(records))
	for _, record := range records {
		names = append(names, w.key(record).String())
		if w.names != nil {
			names = append(names, w.names(record)...)
		}
	}
	return names
}
