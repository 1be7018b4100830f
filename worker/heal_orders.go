package worker

import (
	"context"
	"errors"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"

	"tandem/db"
	"tandem/fault"
	"tandem/workflows"
)

// Codes of what is done about an order run that no workflow moves.
const (
	codeTerminated   = "terminated"
	codeWorkflowLost = "workflow_lost"
)

// maxDescribed bounds how often one look asks Temporal about a single order; the oldest come first, the next look goes on.
const maxDescribed = 2000

// healOrders finds order runs that are under way by their rows but that no workflow moves: Temporal or PostgreSQL was set back
// or lost, somebody terminated the workflow, or it ended without its end being recorded. A terminated run is cancelled, any
// other is started again: its steps do nothing that is done already.
func (w *Worker) healOrders(ctx context.Context) error {
	moving, err := w.runningSales(ctx)
	if err != nil {
		return err
	}
	instances, err := w.db.Instances(ctx)
	if err != nil {
		return err
	}
	look := orderLook{worker: w, moving: moving}
	var failures failures
	for _, inst := range instances {
		failures.add(w.db.EachOpenOrderRun(ctx, inst.ID, w.settled, func(runs []db.OrderRun) error {
			return look.heal(ctx, runs)
		}))
	}
	return failures.err()
}

// runningSales lists the orders that a workflow moves, by the workflow's id. Temporal's lists lag a little: whoever is
// missing is asked for by its id before anything is done about it.
func (w *Worker) runningSales(ctx context.Context) (map[string]bool, error) {
	moving := map[string]bool{}
	request := &workflowservice.ListWorkflowExecutionsRequest{
		PageSize: 1000, Query: "WorkflowType = '" + workflows.SaleOrderType + "' AND ExecutionStatus = 'Running'",
	}
	for {
		list, err := w.temporal.ListWorkflow(ctx, request)
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, err, "Temporal does not list its workflows")
		}
		for _, execution := range list.Executions {
			moving[execution.Execution.WorkflowId] = true
		}
		if request.NextPageToken = list.NextPageToken; len(request.NextPageToken) == 0 {
			return moving, nil
		}
	}
}

// orderLook is one look at all open order runs.
type orderLook struct {
	worker    *Worker
	moving    map[string]bool
	described int
}

func (l *orderLook) heal(ctx context.Context, runs []db.OrderRun) error {
	var failures failures
	for _, run := range runs {
		id := workflows.SaleOrderID(run.Instance, run.WooID)
		if l.moving[id] || l.described >= maxDescribed {
			continue
		}
		l.described++
		err := l.worker.healOrder(ctx, id, run)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		failures.add(err)
	}
	return failures.err()
}

func (w *Worker) healOrder(ctx context.Context, id string, run db.OrderRun) error {
	status, err := w.status(ctx, id)
	if err != nil {
		return err
	}
	var done bool
	code, reason := codeWorkflowLost, ""
	switch status {
	case enums.WORKFLOW_EXECUTION_STATUS_RUNNING:
		return nil
	case enums.WORKFLOW_EXECUTION_STATUS_TERMINATED, enums.WORKFLOW_EXECUTION_STATUS_CANCELED,
		enums.WORKFLOW_EXECUTION_STATUS_FAILED, enums.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:
		code, reason = codeTerminated, "its workflow was ended in Temporal ("+statusName(status)+"); retry starts it again"
		done, err = w.db.CancelOrderRun(ctx, run, code, reason)
	default:
		reason = "no workflow moved it (" + statusName(status) + "): it was started again"
		done, err = w.db.RestartOrderRun(ctx, run, nil, code, reason)
	}
	if err == nil && done {
		w.log.WarnContext(ctx, "an order's run had no workflow", "instance", run.Instance, "order", run.WooID,
			"was", run.State, "code", code, "done", reason)
	}
	return err
}

// failures gathers the errors of a sweep that goes on after each: one bad row stops no others.
type failures struct{ errs []error }

// maxFailures is how many errors a sweep reports; the first ones say what is wrong.
const maxFailures = 10

func (f *failures) add(err error) {
	if err != nil && len(f.errs) < maxFailures {
		f.errs = append(f.errs, err)
	}
}

func (f *failures) err() error { return errors.Join(f.errs...) }
