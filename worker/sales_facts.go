package worker

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/instance"
)

// factsAtOnce bounds how many copies are read at once.
const factsAtOnce = 200

// countSales makes what landed before there were reports count: from the copies that landed, so that no store is asked and nothing is
// written into an ERP. What has no such copy any more counts once it is imported again; how much that is, is noted for those who read reports.
func (w *Worker) countSales(ctx context.Context) error {
	instances, err := w.db.Instances(ctx)
	if err != nil {
		return err
	}
	var failures failures
	for _, in := range instances {
		failures.add(w.countSalesOf(ctx, in))
	}
	return failures.err()
}

func (w *Worker) countSalesOf(ctx context.Context, in instance.Instance) error {
	left := 0
	for _, name := range []string{mapping.ProductName, mapping.OrderName, mapping.RefundName} {
		uncounted, err := w.addFacts(ctx, in, name)
		if err != nil {
			return err
		}
		if name != mapping.ProductName {
			left += uncounted
		}
	}
	return w.db.NoteUncounted(ctx, in.ID, left)
}

// addFacts adds the facts of an entity's records that have none, and says of how many they cannot be made.
func (w *Worker) addFacts(ctx context.Context, in instance.Instance, name string) (left int, err error) {
	for after := ""; ; {
		facts, read := map[string]json.RawMessage{}, 0
		var failed error
		err := w.db.WithoutFacts(ctx, in.ID, name, after, factsAtOnce, func(id string, copied json.RawMessage) {
			after = id
			read++
			made, err := w.factsOf(ctx, in, name, id, copied)
			switch {
			case err != nil:
				failed = err
			case made == nil:
				left++
			default:
				facts[id] = made
			}
		})
		if err := errors.Join(err, failed); err != nil {
			return left, err
		}
		if err := w.db.AddFacts(ctx, in.ID, name, facts); err != nil {
			return left, err
		}
		if read < factsAtOnce {
			return left, nil
		}
	}
}

// factsOf makes the facts of a record; nil when its copy does not allow it.
func (w *Worker) factsOf(ctx context.Context, in instance.Instance, name, id string, copied json.RawMessage) (json.RawMessage, error) {
	if copied == nil {
		return nil, nil
	}
	var made json.RawMessage
	var refused error
	switch name {
	case mapping.ProductName:
		made, refused = entity.ProductFacts(in, copied)
	case mapping.OrderName:
		made, refused = entity.OrderFacts(in, copied)
	default:
		number, _, _ := strings.Cut(id, "/")
		order, refunds, err := w.db.CopiesOfRefunds(ctx, in.ID, number)
		if err != nil || order == nil {
			return nil, err
		}
		made, refused = entity.RefundFacts(in, order, refunds, id)
	}
	if refused != nil {
		return nil, nil //nolint:nilerr // it counts among those that have to be imported again
	}
	return made, nil
}
