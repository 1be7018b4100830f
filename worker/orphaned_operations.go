package worker

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"

	"tandem/activities"
	"tandem/db"
	"tandem/entity"
	"tandem/flow"
	"tandem/workflows"
)

// startOrphanedOperations starts the operations whose row was written, but whose workflow never began.
func (w *Worker) startOrphanedOperations(ctx context.Context) error {
	operations, err := w.db.UnstartedOperations(ctx, w.forgotten)
	if err != nil {
		return err
	}
	var failures failures
	for _, op := range operations {
		failures.add(w.startOperation(ctx, op))
	}
	return failures.err()
}

func (w *Worker) startOperation(ctx context.Context, op db.Operation) error {
	var filter flow.Filter
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
	status, err := w.status(ctx, workflows.OperationID(op.ID))
	if err != nil || status == enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return err // it is about to mark its row
	}
	return w.settle(ctx, op, db.OperationFailed,
		"its workflow ended without recording it ("+statusName(status)+"): see its history in Temporal, then start the operation again")
}

// startWoken starts an operation for parked records whose obstacle is gone and that no operation has taken yet: there were
// too many for the one that woke them, or it failed before it came to that. Those that their
// instance does not take now go on waiting.
func (w *Worker) startWoken(ctx context.Context) error {
	ids, err := w.db.InstancesWithWoken(ctx)
	if err != nil {
		return err
	}
	var failures failures
	for _, id := range ids {
		failures.add(w.startWokenOf(ctx, id))
	}
	return failures.err()
}

func (w *Worker) startWokenOf(ctx context.Context, id string) error {
	inst, err := w.db.Instance(ctx, id)
	if err != nil {
		return err
	}
	var failures failures
	for _, direction := range []flow.Direction{flow.Import, flow.Export} {
		jobs, err := w.db.WokenJobs(ctx, direction, id, entity.Movable(direction, inst), 1)
		failures.add(err)
		if len(jobs) > 0 {
			failures.add(w.wake(ctx, id, jobs[0]))
		}
	}
	return failures.err()
}

// wake starts an operation on the first of the woken records; the operation picks up the others automatically.
func (w *Worker) wake(ctx context.Context, inst string, first db.Job) error {
	record := first.WooID
	if first.Direction == flow.Export {
		record = first.ERPID
	}
	filter, err := json.Marshal(flow.Filter{Kind: flow.IDs, IDs: []string{record}})
	if err != nil {
		return err
	}
	op, _, err := w.db.CreateOperation(ctx, db.Operation{
		ID: uuid.NewString(), Kind: string(first.Direction), Direction: string(first.Direction),
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
	var failures failures
	for _, inst := range instances {
		_, err := activities.StartDue(ctx, w.starter, inst.ID, func(int) {})
		failures.add(err)
	}
	return failures.err()
}
