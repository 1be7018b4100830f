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
			return w.landAll(ctx, records)
		},
	}.Run(ctx, batch)
}

// landAll lands records together. When Odoo refuses what one of them says, it lands each half by itself, until those to blame
// are found: landing may be repeated after any call.
func (w writer[T]) landAll(ctx context.Context, records []*T) ([]erp.Outcome, error) {
	outcomes, err := w.land(ctx, records)
	if !refusesRecord(err) {
		return outcomes, err
	}
	if len(records) == 1 {
		return []erp.Outcome{refusal(err).Outcome(*w.key(records[0]))}, nil
	}
	half := len(records) / 2
	first, err := w.landAll(ctx, records[:half])
	if err != nil {
		return nil, err
	}
	rest, err := w.landAll(ctx, records[half:])
	return append(first, rest...), err
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
