package worker

import (
	"context"

	"tandem/fault"
	"tandem/workflows"
)

// readDeliveries is the safety net below what the API tells: it settles the deliveries whose operation ended without anybody looking,
// or whose record landed later, and has those read that wait.
func (w *Worker) readDeliveries(ctx context.Context) error {
	open, err := w.db.InstancesWithOpenDeliveries(ctx)
	if err != nil {
		return err
	}
	var failures failures
	for _, id := range open {
		_, err := w.db.SettleDeliveries(ctx, id)
		failures.add(err)
	}
	waiting, err := w.db.InstancesWithDeliveries(ctx)
	failures.add(err)
	for _, id := range waiting {
		if err := workflows.StartWebhooks(ctx, w.temporal, id); err != nil {
			failures.add(fault.Wrap(fault.Unavailable, err, "Temporal did not start the reading of what the webhooks of %q report", id))
		}
	}
	return failures.err()
}
