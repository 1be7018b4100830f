package worker

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"tandem/db"
	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/workflows"
)

// sweepRefunds starts an import of all refunds of each active instance that has booked some: the store tells nobody when a refund is
// deleted, and only a comparison of all of them shows it.
func (w *Worker) sweepRefunds(ctx context.Context) error {
	instances, err := w.db.InstancesWithRefunds(ctx)
	if err != nil {
		return err
	}
	filter, err := json.Marshal(flow.Filter{Kind: flow.All})
	if err != nil {
		return err
	}
	var failures failures
	for _, inst := range instances {
		op, _, err := w.db.CreateOperation(ctx, db.Operation{
			ID: uuid.NewString(), Kind: workflows.DirectionImport, Direction: workflows.DirectionImport,
			Instances: []string{inst}, Entities: []string{mapping.RefundName}, Filter: filter, Trigger: "schedule",
		})
		if err == nil {
			err = w.startOperation(ctx, op)
		}
		failures.add(err)
	}
	return failures.err()
}
