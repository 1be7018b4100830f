package worker

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"

	"tandem/db"
	"tandem/fault"
	"tandem/workflows"
)

// healOperations settles the operations that Temporal no longer runs although their rows say so: somebody ended the workflow,
// Temporal lost its data, or PostgreSQL was set back to when they still ran. A workflow that ends regularly has recorded its
// end before.
func (w *Worker) healOperations(ctx context.Context) error {
	var failures failures
	for _, state := range []string{db.OperationRunning, db.OperationPaused} {
		open, err := w.db.StandingOperations(ctx, state, w.settled)
		if err != nil {
			return err
		}
		for _, op := range open {
			failures.add(w.healOperation(ctx, op))
		}
	}
	return failures.err()
}

func (w *Worker) healOperation(ctx context.Context, op db.Operation) error {
	status, err := w.status(ctx, workflows.OperationID(op.ID))
	if err != nil {
		return err
	}
	switch status {
	case enums.WORKFLOW_EXECUTION_STATUS_RUNNING:
		return nil
	case enums.WORKFLOW_EXECUTION_STATUS_CANCELED:
		return w.settle(ctx, op, db.OperationCancelled, "its workflow was cancelled in Temporal; what was landed stays")
	case enums.WORKFLOW_EXECUTION_STATUS_TERMINATED, enums.WORKFLOW_EXECUTION_STATUS_FAILED, enums.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:
		return w.settle(ctx, op, db.OperationFailed,
			"its workflow was ended in Temporal ("+statusName(status)+"); what was landed stays; start it again to go on")
	case enums.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED:
		return w.replace(ctx, op, "Temporal no longer knows its workflow")
	default:
		return w.replace(ctx, op, "its workflow had ended before the database was set back")
	}
}

func (w *Worker) settle(ctx context.Context, op db.Operation, state, message string) error {
	w.log.WarnContext(ctx, "an operation had no workflow", "operation", op.ID, "was", op.State, "is", state, "reason", message)
	if state == db.OperationFailed {
		return w.db.FailUnfinished(ctx, op.ID, string(fault.Conflict), message)
	}
	return w.db.SetOperationState(ctx, op.ID, state, "", message)
}

// replace ends an operation that was lost while it ran, and begins another for the same work. That of a schedule is left to
// the schedule's next run, and a paused one to the person who paused it.
func (w *Worker) replace(ctx context.Context, op db.Operation, why string) error {
	switch {
	case op.State == db.OperationPaused:
		return w.settle(ctx, op, db.OperationFailed, why+" while it was paused; what was landed stays; start it again to go on")
	case op.Trigger == "schedule":
		return w.settle(ctx, op, db.OperationFailed, why+"; the schedule's next run reads all that changed since the last complete import")
	}
	next := db.Operation{
		ID: uuid.NewSHA1(replacements, []byte(op.ID)).String(), Kind: op.Kind, Direction: op.Direction, Instances: op.Instances,
		Entities: op.Entities, Filter: op.Filter, Trigger: op.Trigger, RequestedBy: op.RequestedBy,
	}
	if _, _, err := w.db.CreateOperation(ctx, next); err != nil {
		return err
	}
	return w.settle(ctx, op, db.OperationFailed, why+"; what was landed stays; operation "+next.ID+" takes its place")
}

// replacements names operations after those they take the place of, so that a crash in between makes no second one.
var replacements = uuid.MustParse("6f1c1f0a-5f0e-4d5c-9d0b-7b7f5a3d9d11")

// status says how Temporal has a workflow; unspecified when it does not know it.
func (w *Worker) status(ctx context.Context, workflowID string) (enums.WorkflowExecutionStatus, error) {
	ctx, cancel := context.WithTimeout(ctx, temporalTimeout)
	defer cancel()
	found, err := w.temporal.DescribeWorkflowExecution(ctx, workflowID, "")
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return enums.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED, nil
	}
	if err != nil {
		return 0, fault.Wrap(fault.Unavailable, err, "Temporal does not answer")
	}
	return found.WorkflowExecutionInfo.Status, nil
}

// temporalTimeout bounds one question to Temporal.
const temporalTimeout = 10 * time.Second

// statusName names a status for people.
func statusName(status enums.WorkflowExecutionStatus) string {
	if status == enums.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED {
		return "unknown to Temporal"
	}
	return strings.ToLower(status.String())
}
