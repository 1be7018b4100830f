package worker

import (
	"context"
	"errors"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"

	"tandem/db"
	"tandem/fault"
	"tandem/workflows"
)

// terminated is what a row says whose workflow was ended from outside, so that it could not say so itself.
const terminated = "its workflow was terminated in Temporal; what was landed stays"

// closeTerminatedOperations ends the rows of operations that Temporal no longer runs: somebody terminated the workflow, or
// Temporal lost its data. A workflow that ends by itself has recorded its end before.
func (w *Worker) closeTerminatedOperations(ctx context.Context) error {
	for _, state := range []string{db.OperationRunning, db.OperationPaused} {
		open, _, err := w.db.Operations(ctx, db.OperationFilter{State: state}, db.Page{Limit: 100})
		if err != nil {
			return err
		}
		for _, op := range open {
			if time.Since(op.StartedAt) < w.settled {
				continue
			}
			running, err := w.running(ctx, workflows.OperationID(op.ID))
			if err != nil {
				return err
			}
			if running {
				continue
			}
			err = w.db.FailUnfinished(ctx, op.ID, string(fault.Conflict), terminated+"; start it again to go on")
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Worker) running(ctx context.Context, workflowID string) (bool, error) {
	found, err := w.temporal.DescribeWorkflowExecution(ctx, workflowID, "")
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return false, nil
	}
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, err, "Temporal does not answer")
	}
	return found.WorkflowExecutionInfo.Status == enums.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}

// closeTerminatedOrders does the same for sale orders. There may be many under way, so Temporal is asked which ended of late
// without having said so.
func (w *Worker) closeTerminatedOrders(ctx context.Context) error {
	since := time.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339)
	request := &workflowservice.ListWorkflowExecutionsRequest{
		PageSize: 1000,
		Query: "WorkflowType = '" + workflows.SaleOrderType +
			"' AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed') AND CloseTime > '" + since + "'",
	}
	for {
		list, err := w.temporal.ListWorkflow(ctx, request)
		if err != nil {
			return fault.Wrap(fault.Unavailable, err, "Temporal does not list its workflows")
		}
		for _, execution := range list.Executions {
			if err := w.closeTerminatedOrder(ctx, execution.Execution.WorkflowId); err != nil {
				return err
			}
		}
		if request.NextPageToken = list.NextPageToken; len(request.NextPageToken) == 0 {
			return nil
		}
	}
}

func (w *Worker) closeTerminatedOrder(ctx context.Context, workflowID string) error {
	inst, wooID, ok := workflows.ParseSaleOrderID(workflowID)
	if !ok {
		return nil
	}
	run, err := w.db.OrderRun(ctx, inst, wooID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || run.State == db.RunDone || run.State == db.RunCancelled || run.State == db.RunDue {
		return err
	}
	if running, err := w.running(ctx, workflowID); err != nil || running {
		return err
	}
	return w.db.SetOrderRunState(ctx, inst, wooID, db.RunCancelled, "terminated", terminated+"; retry starts it anew")
}
