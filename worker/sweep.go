package worker

import (
	"context"
	"encoding/json"
	"errors"

	"go.temporal.io/api/serviceerror"

	"tandem/activities"
	"tandem/db"
	"tandem/entity"
	"tandem/workflows"
)

// startForgotten starts the operations whose row was written, but whose workflow never began.
func (w *Worker) startForgotten(ctx context.Context) error {
	operations, err := w.db.UnstartedOperations(ctx, w.forgotten)
	if err != nil {
		return err
	}
	for _, op := range operations {
		if err := w.startOperation(ctx, op); err != nil {
			return err
		}
	}
	return nil
}

func (w *Worker) startOperation(ctx context.Context, op db.Operation) error {
	var filter entity.Filter
	if err := json.Unmarshal(op.Filter, &filter); err != nil {
		return w.db.SetOperationState(ctx, op.ID, db.OperationFailed, "internal", "the operation's filter cannot be read")
	}
	err := workflows.StartOperation(ctx, w.temporal, workflows.OperationInput{
		ID: op.ID, Direction: op.Direction, Instances: op.Instances, Entities: op.Entities, Filter: filter,
	})
	var known *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &known) {
		return nil
	}
	return err
}

// startDue starts the sale workflows whose import died before it came to that.
func (w *Worker) startDue(ctx context.Context) error {
	instances, err := w.db.Instances(ctx)
	if err != nil {
		return err
	}
	for _, inst := range instances {
		if _, err := activities.StartDue(ctx, w.starter, inst.ID, func(int) {}); err != nil {
			return err
		}
	}
	return nil
}
