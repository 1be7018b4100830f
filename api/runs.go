package api

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"tandem/fault"
	"tandem/workflows"
)

const (
	// updateTimeout is how long a run may take to accept a command: a worker that is there answers within milliseconds.
	updateTimeout = 10 * time.Second
	// settleTimeout is how long the answer to an accepted command waits for it to be carried out, so that it shows in most
	// replies. A busy installation carries it out later.
	settleTimeout = 2 * time.Second
)

// TemporalRuns is Runs on a Temporal client.
type TemporalRuns struct {
	Client client.Client
}

var _ Runs = TemporalRuns{}

// StartOperation starts an operation's workflow, once: its id is never used again.
func (t TemporalRuns) StartOperation(ctx context.Context, in workflows.OperationInput) error {
	err := workflows.StartOperation(ctx, t.Client, in)
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	if err == nil || errors.As(err, &started) {
		return nil
	}
	return fault.Wrap(fault.Unavailable, err, "Temporal did not take the operation")
}

// StartReport starts to send a report, unless it is being sent.
func (t TemporalRuns) StartReport(ctx context.Context, in workflows.ReportInput) error {
	err := workflows.StartReport(ctx, t.Client, in)
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	switch {
	case err == nil:
		return nil
	case errors.As(err, &started):
		return fault.New(fault.Conflict, "the report of %s, %s, is being sent: GET /reports/mails says how far it is", in.Instance, in.Period)
	}
	return fault.Wrap(fault.Unavailable, err, "Temporal did not take the report")
}

// PauseOperation makes an operation finish the pages in hand and wait.
func (t TemporalRuns) PauseOperation(ctx context.Context, operation string) error {
	return t.update(ctx, workflows.OperationID(operation), workflows.UpdatePause)
}

// ResumeOperation makes a paused operation go on.
func (t TemporalRuns) ResumeOperation(ctx context.Context, operation string) error {
	return t.update(ctx, workflows.OperationID(operation), workflows.UpdateResume)
}

// CancelOperation asks an operation to stop. NotFound when it is not running.
func (t TemporalRuns) CancelOperation(ctx context.Context, operation string) error {
	return classifyRun(t.Client.CancelWorkflow(ctx, workflows.OperationID(operation), ""))
}

// PauseOrder makes an order wait before its next step.
func (t TemporalRuns) PauseOrder(ctx context.Context, instance, wooID string) error {
	return t.update(ctx, workflows.SaleOrderID(instance, wooID), workflows.UpdatePause)
}

// ResumeOrder makes a paused order go on.
func (t TemporalRuns) ResumeOrder(ctx context.Context, instance, wooID string) error {
	return t.update(ctx, workflows.SaleOrderID(instance, wooID), workflows.UpdateResume)
}

// RetryOrder makes a blocked order try again.
func (t TemporalRuns) RetryOrder(ctx context.Context, instance, wooID string, request workflows.RetryRequest) error {
	return t.update(ctx, workflows.SaleOrderID(instance, wooID), workflows.UpdateRetry, request)
}

// CancelOrder ends an order's run before its next step.
func (t TemporalRuns) CancelOrder(ctx context.Context, instance, wooID string) error {
	return t.update(ctx, workflows.SaleOrderID(instance, wooID), workflows.UpdateCancel)
}

// TellWebhooks has the workflow of an instance's webhooks look for deliveries.
func (t TemporalRuns) TellWebhooks(ctx context.Context, instance string) error {
	if err := workflows.TellWebhooks(ctx, t.Client, instance); err != nil {
		return fault.Wrap(fault.Unavailable, err, "Temporal was not told of deliveries of %q", instance)
	}
	return nil
}

// Ready asks Temporal's health service.
func (t TemporalRuns) Ready(ctx context.Context) error {
	if _, err := t.Client.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return fault.Wrap(fault.Unavailable, err, "Temporal does not answer")
	}
	return nil
}

// update sends a command to a run and returns once the run has accepted or refused it.
func (t TemporalRuns) update(ctx context.Context, workflowID, name string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, updateTimeout)
	defer cancel()
	handle, err := t.Client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: workflowID, UpdateName: name, Args: args, WaitForStage: client.WorkflowUpdateStageAccepted,
	})
	if err != nil {
		return classifyRun(err)
	}
	settling, stop := context.WithTimeout(ctx, settleTimeout)
	defer stop()
	if err = handle.Get(settling, nil); settling.Err() != nil {
		return nil // accepted
	}
	return classifyRun(err)
}

// classifyRun reads Temporal's answers. What a workflow refuses with carries the kind as its type.
func classifyRun(err error) error {
	var refused *temporal.ApplicationError
	var gone *serviceerror.NotFound
	switch {
	case err == nil:
		return nil
	case errors.As(err, &gone):
		return fault.Wrap(fault.NotFound, err, "it is not running: it has ended, or has not begun yet")
	case errors.As(err, &refused) && statuses[fault.Kind(refused.Type())] != 0:
		return fault.Wrap(fault.Kind(refused.Type()), err, "%s", refused.Message())
	case errors.As(err, &refused):
		return fault.Wrap(fault.Conflict, err, "%s", refused.Message())
	default:
		return fault.Wrap(fault.Unavailable, err, "Temporal or its workers did not answer in time: check that a worker runs, then repeat the request")
	}
}
