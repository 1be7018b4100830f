package worker

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"tandem/db"
	"tandem/fault"
	"tandem/workflows"
)

const (
	maxWokenOrders = 1000 // in one sweep; the next goes on
	retryTimeout   = 10 * time.Second
)

// wakeOrders has blocked orders look again of which a product they wait for landed. A run stays listed until it was told: what
// a worker that dies leaves behind, the next sweep finds.
func (w *Worker) wakeOrders(ctx context.Context) error {
	runs, err := w.db.ReadyOrderRuns(ctx, maxWokenOrders)
	if err != nil {
		return err
	}
	var failures failures
	for _, run := range runs {
		told, err := w.retryBlocked(ctx, run)
		if err == nil && told {
			err = w.db.MarkOrderRunWoken(ctx, run)
		}
		failures.add(err)
		if fault.Is(err, fault.Unavailable) {
			break // the others would wait for the same
		}
	}
	return failures.err()
}

// retryBlocked reports whether a run looks again. One that refuses does so already, or when it is resumed; one that has no
// workflow is found by healOrders.
func (w *Worker) retryBlocked(ctx context.Context, run db.OrderRun) (told bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, retryTimeout)
	defer cancel()
	_, err = w.temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: workflows.SaleOrderID(run.Instance, run.WooID), UpdateName: workflows.UpdateRetry,
		Args: []any{workflows.RetryRequest{}}, WaitForStage: client.WorkflowUpdateStageAccepted,
	})
	var gone *serviceerror.NotFound
	var refused *temporal.ApplicationError
	switch {
	case errors.As(err, &gone):
		return false, nil
	case err == nil, errors.As(err, &refused):
		return true, nil
	default:
		return false, fault.Wrap(fault.Unavailable, err, "Temporal did not wake order %s of %q", run.WooID, run.Instance)
	}
}
