package odoo

import (
	"context"
	"fmt"

	"tandem/erp"
)

// refusal says why a record of a batch is not landed.
type refusal struct {
	status erp.Status // Parked or Failed
	code   string
	reason string
	waits  []erp.Key
}

func failed(code, format string, args ...any) *refusal {
	return &refusal{status: erp.Failed, code: code, reason: fmt.Sprintf(format, args...)}
}

func parked(code, reason string, waits ...erp.Key) *refusal {
	return &refusal{status: erp.Parked, code: code, reason: reason, waits: waits}
}

// outcome is the answer for a record that is not landed.
func (r *refusal) outcome(key erp.Key) erp.Outcome {
	return erp.Outcome{Key: key, Status: r.status, Code: r.code, Reason: r.reason, Waits: r.waits}
}

// checkKey refuses keys that cannot be told apart.
func checkKey(key erp.Key) *refusal {
	if key.Instance == "" || key.Entity == "" || key.ID == "" {
		return failed("invalid_key", "the external key %q lacks its instance, entity or id", key)
	}
	return nil
}

// landing is how batches of one kind of record are landed.
type landing[T any] struct {
	key   func(*T) erp.Key
	check func(*T) *refusal // finds what is wrong with a record by itself; nil when nothing is
	names func(*T) []string // what calls take turns on besides the key
	// land writes records, whose keys differ, and gives their outcomes in order.
	land func(ctx context.Context, records []*T) ([]erp.Outcome, error)
}

// run lands a batch. Of several records under one key the last counts, and all get its outcome.
func (w landing[T]) run(ctx context.Context, b *Backend, batch []T) ([]erp.Outcome, error) {
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
	landed, err := w.landLocked(ctx, b, records)
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

func (w landing[T]) landLocked(ctx context.Context, b *Backend, records []*T) ([]erp.Outcome, error) {
	if len(records) == 0 {
		return nil, nil
	}
	names := make([]string, 0, len(records))
	for _, record := range records {
		names = append(names, w.key(record).String())
		if w.names != nil {
			names = append(names, w.names(record)...)
		}
	}
	defer b.locks.lock(names)()
	return w.land(ctx, records)
}
