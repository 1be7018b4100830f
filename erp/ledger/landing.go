package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/fault"
)

// landing is how batches of one kind of record reach the database.
type landing[T any] struct {
	key   func(*T) erp.Key
	check func(*T) *refusal // finds what is wrong with a record by itself; nil when nothing is
	// land writes records, whose keys differ, and gives their outcomes in order. An error that is fault.Invalid is
	// taken to be one record's fault, and the batch is split until it is found.
	land func(context.Context, *sqlx.Tx, []*T) ([]erp.Outcome, error)
}

// run lands a batch. Of several records under one key the last counts, and all get its outcome.
func (w landing[T]) run(ctx context.Context, l *Ledger, batch []T) ([]erp.Outcome, error) {
	outcomes := make([]erp.Outcome, len(batch))
	last := make(map[erp.Key]int, len(batch))
	for i := range batch {
		key := w.key(&batch[i])
		if r := w.refuse(&batch[i]); r != nil {
			outcomes[i] = r.outcome(key)
			continue
		}
		last[key] = i
	}
	var records []*T
	for i := range batch {
		if at, ok := last[w.key(&batch[i])]; ok && at == i {
			records = append(records, &batch[i])
		}
	}
	landed, err := w.landOrSplit(ctx, l, records)
	if err != nil {
		return nil, err
	}
	byKey := make(map[erp.Key]erp.Outcome, len(landed))
	for _, outcome := range landed {
		byKey[outcome.Key] = outcome
	}
	for i := range outcomes {
		if outcomes[i].Status == "" {
			outcomes[i] = byKey[w.key(&batch[i])]
		}
	}
	return outcomes, nil
}

func (w landing[T]) refuse(record *T) *refusal {
	if r := checkKey(w.key(record)); r != nil {
		return r
	}
	return w.check(record)
}

// landOrSplit lands the records in one transaction. When the database refuses the data, each half goes on by itself,
// so that in the end only the record at fault is left out.
func (w landing[T]) landOrSplit(ctx context.Context, l *Ledger, records []*T) ([]erp.Outcome, error) {
	if len(records) == 0 {
		return nil, nil
	}
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
		return []erp.Outcome{failed(reason.Code, "%s", reason.Error()).outcome(w.key(records[0]))}, nil
	}
	half := len(records) / 2
	first, err := w.landOrSplit(ctx, l, records[:half])
	if err != nil {
		return nil, err
	}
	second, err := w.landOrSplit(ctx, l, records[half:])
	return append(first, second...), err
}

func parked(code, reason string, waits ...erp.Key) *refusal {
	return &refusal{Status: erp.Parked, Code: code, Reason: reason, Waits: waits}
}

// outcome is the answer for a record that is not landed.
func (r *refusal) outcome(key erp.Key) erp.Outcome {
	return erp.Outcome{Key: key, Status: r.Status, Code: r.Code, Reason: r.Reason, Waits: r.Waits}
}

// checkKey refuses keys that cannot be stored or told apart.
func checkKey(key erp.Key) *refusal {
	if key.Instance == "" || key.Entity == "" || key.ID == "" {
		return failed("invalid_key", "the external key %q lacks its instance, entity or id", key)
	}
	return nil
}
