package record

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Writer is how one kind of record reaches Odoo. Calls that share a record, or one of the names, take turns.
type Writer[T any] struct {
	Key   func(*T) *erp.Key
	Check func(*T) *landing.Refusal
	Names func(*T) []string // what calls take turns on besides the key; may be nil
	Land  func(ctx context.Context, records []*T) ([]erp.Outcome, error)
}

// Upsert checks and lands a batch, and returns an outcome for each record, in order.
func (w Writer[T]) Upsert(ctx context.Context, s *Store, batch []T) ([]erp.Outcome, error) {
	return landing.Batch[T]{
		Key:   w.Key,
		Check: w.Check,
		Land: func(ctx context.Context, records []*T) ([]erp.Outcome, error) {
			defer s.Lock(w.turns(records))()
			return w.landAll(ctx, s, records)
		},
	}.Run(ctx, batch)
}

// recordRefusals are the codes of errors that are due to what a record says. Others of fault.Invalid are due to a setting, or
// to a field that Odoo has no more.
var recordRefusals = map[string]bool{
	rpc.CodeTooLarge: true, "odoo_UserError": true, "odoo_ValidationError": true, "odoo_UniqueViolation": true, "odoo_IntegrityError": true,
	"odoo_NotNullViolation": true, "odoo_CheckViolation": true, "odoo_ForeignKeyViolation": true,
}

// RefusesRecord reports whether Odoo refuses what some record of a call says.
func RefusesRecord(err error) bool {
	return fault.Is(err, fault.Invalid) && recordRefusals[fault.From(err).Code]
}

// refusal is what becomes of the record that such an error is about.
func refusal(err error) *landing.Refusal {
	if fault.From(err).Code == rpc.CodeTooLarge {
		return landing.Failed(rpc.CodeTooLarge, "%s", err)
	}
	return landing.Failed(refusedCode, "%s: %s", err, refusedBecause)
}

func (w Writer[T]) turns(records []*T) []string {
	names := make([]string, 0, len(records))
	for _, record := range records {
		names = append(names, w.Key(record).String())
		if w.Names != nil {
			names = append(names, w.Names(record)...)
		}
	}
	return names
}
