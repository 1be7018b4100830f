package worker

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"

	"tandem/activities"
	"tandem/db"
	"tandem/entity"
	"tandem/fault"
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
	if !errors.As(err, &known) {
		return err
	}
	running, err := w.running(ctx, workflows.OperationID(op.ID))
	if err != nil || running {
		return err // it is about to mark its row
	}
	return w.db.FailUnfinished(ctx, op.ID, string(fault.Conflict), "its workflow ended without a word; look into Temporal, and start it again")
}

// startWoken starts an operation for parked records whose obstacle is gone and that no operation has taken yet: there were
// too many for the one that woke them, or it failed before it came to that. Those that their
// instance does not take now go on waiting.
func (w *Worker) startWoken(ctx context.Context) error {
	ids, err := w.db.InstancesWithWoken(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		inst, err := w.db.Instance(ctx, id)
		if err != nil {
			return err
		}
		jobs, err := w.db.WokenJobs(ctx, id, entity.Importable(inst), 1)
		if err != nil {
			return err
		}
		if len(jobs) == 0 {
			continue
		}
		if err := w.wake(ctx, id, jobs[0]); err != nil {
			return err
		}
	}
	return nil
}

// wake starts an operation on the first of the woken records; the operation takes the others by itself.
func (w *Worker) wake(ctx context.Context, inst string, first db.Job) error {
	filter, err := json.Marshal(entity.Filter{Kind: entity.IDs, IDs: []string{first.WooID}})
	if err != nil {
		return err
	}
	op, _, err := w.db.CreateOperation(ctx, db.Operation{
		ID: uuid.NewString(), Kind: workflows.DirectionImport, Direction: workflows.DirectionImport,
		Instances: []string{inst}, Entities: []string{first.Entity}, Filter: filter, Trigger: "wake",
	})
	if err != nil {
		return err
	}
	return w.startOperation(ctx, op)
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
