// Package landing is what every backend of ours does with a batch: each record is checked on its own, of several under one
// key the last counts, what the ERP holds already is not written again, and each record gets one outcome, in the order
// given. How records are written is the backend's.
package landing

import (
	"context"

	"tandem/erp"
)

// Batch is how batches of one kind of record are landed.
type Batch[T any] struct {
	Key   func(*T) *erp.Key
	Check func(*T) *Refusal // finds what is wrong with a record alone; nil when nothing is
	// Land writes records, whose keys are sound and differ, and gives an outcome for each. It is not called without any. An
	// error means that nothing is known about the batch.
	Land func(ctx context.Context, records []*T) ([]erp.Outcome, error)
}

// Run lands a batch. Of several records under one key the last sound one counts, and all sound ones get its outcome.
func (b Batch[T]) Run(ctx context.Context, batch []T) ([]erp.Outcome, error) {
	outcomes := make([]erp.Outcome, len(batch))
	last := make(map[erp.Key]int, len(batch))
	for i := range batch {
		key := *b.Key(&batch[i])
		if r := b.refuse(&batch[i]); r != nil {
			outcomes[i] = r.Outcome(key)
			continue
		}
		last[key] = i
	}
	landed, err := b.land(ctx, batch, last)
	if err != nil {
		return nil, err
	}
	for i := range outcomes {
		if outcomes[i].Status == "" {
			outcomes[i] = landed[*b.Key(&batch[i])]
		}
	}
	return outcomes, nil
}

func (b Batch[T]) refuse(record *T) *Refusal {
	if r := CheckKey(*b.Key(record)); r != nil {
		return r
	}
	return b.Check(record)
}

// land lands the records that count, in the order given, and gives their outcomes by key.
func (b Batch[T]) land(ctx context.Context, batch []T, last map[erp.Key]int) (map[erp.Key]erp.Outcome, error) {
	var records []*T
	for i := range batch {
		if at, ok := last[*b.Key(&batch[i])]; ok && at == i {
			records = append(records, &batch[i])
		}
	}
	landed := make(map[erp.Key]erp.Outcome, len(records))
	if len(records) == 0 {
		return landed, nil
	}
	outcomes, err := b.Land(ctx, records)
	for _, outcome := range outcomes {
		landed[outcome.Key] = outcome
	}
	return landed, err
}

// Grouped lands the parts of a batch that belong together, such as the counts of one warehouse, part by part, and gives
// the outcomes in the order of the batch. The first error ends it.
func Grouped[T any, G comparable](batch []T, group func(*T) G, land func(G, []T) ([]erp.Outcome, error)) ([]erp.Outcome, error) {
	places := map[G][]int{}
	parts := map[G][]T{}
	for i := range batch {
		g := group(&batch[i])
		places[g], parts[g] = append(places[g], i), append(parts[g], batch[i])
	}
	outcomes := make([]erp.Outcome, len(batch))
	for g, part := range parts {
		landed, err := land(g, part)
		if err != nil {
			return nil, err
		}
		for i, place := range places[g] {
			outcomes[place] = landed[i]
		}
	}
	return outcomes, nil
}
