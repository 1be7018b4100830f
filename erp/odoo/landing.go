package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
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
			return w.land(ctx, records)
		},
	}.Run(ctx, batch)
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
