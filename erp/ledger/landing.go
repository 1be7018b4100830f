package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

// writer is how one kind of record reaches the database. An error of land that is fault.Invalid is taken to be one record's
// fault, and the batch is split until it is found.
type writer[T any] struct {
	key   func(*T) *erp.Key
	check func(*T) *landing.Refusal
	land  func(context.Context, *sqlx.Tx, []*T) ([]erp.Outcome, error)
}

func (w writer[T]) upsert(ctx context.Context, l *Ledger, batch []T) ([]erp.Outcome, error) {
	return landing.Batch[T]{
		Key:   w.key,
		Check: w.check,
		Land: func(ctx context.Context, records []*T) ([]erp.Outcome, error) {
			return w.landOrSplit(ctx, l, records)
		},
	}.Run(ctx, batch)
}

// landOrSplit lands the records in one transaction. When the database refuses the data, each half goes on alone,
// so that in the end only the record at fault is left out.
func (w writer[T]) landOrSplit(ctx context.Context, l *Ledger, records []*T) ([]erp.Outcome, error) {
	var outcomes []erp.Outcome
	err := l.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		outcomes, err = w.land(ctx, tx, records)
		return err
	})
	switch {
	case err == nil:
		return outcomes, nil
	case !fault.Is(err, fault.Invalid):
		return nil, err
	case len(records) == 1:
		reason := fault.From(err)
		return []erp.Outcome{landing.Failed(reason.Code, "%s", reason.Error()).Outcome(*w.key(records[0]))}, nil
	}
	half := len(records) / 2
	first, err := w.landOrSplit(ctx, l, records[:half])
	if err != nil {
		return nil, err
	}
	second, err := w.landOrSplit(ctx, l, records[half:])
	return append(first, second...), err
}
