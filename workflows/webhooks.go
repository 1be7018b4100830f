package workflows

import (
	"context"
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
)

// WebhooksType is the workflow type of what reads the records that an instance's webhooks report.
const WebhooksType = "Webhooks"

// WebhooksID is the workflow id of an instance's Webhooks: one at a time.
func WebhooksID(instance string) string { return "webhooks/" + instance }

// signalDelivered tells a Webhooks that deliveries wait. It holds nothing: they are in the database.
const signalDelivered = "delivered"

// WebhooksInput starts a Webhooks.
type WebhooksInput struct {
	Instance string `json:"instance"`
	Failures int    `json:"failures,omitempty"` // operations that failed as a whole, one after another
}

var webhookActs *activities.Webhooks

// How long a Webhooks lingers when nothing waits, and how long it pauses after an operation that failed as a whole.
const (
	webhooksLinger = 10 * time.Second
	firstHold      = time.Minute
	longestHold    = 30 * time.Minute
)

// Webhooks reads what an instance's webhooks report, one operation after another: what is reported meanwhile makes up the next, each
// record once. It ends when nothing waits, and is started again by the next delivery.
func Webhooks(ctx workflow.Context, in WebhooksInput) error {
	w := webhooks{in: in}
	w.setup(ctx)
	for {
		claimed, err := w.claim(ctx)
		if err != nil {
			return err
		}
		if claimed.Operation == nil {
			if more, err := w.linger(ctx); err != nil || !more {
				return err
			}
			continue
		}
		if err := w.read(ctx, *claimed.Operation); err != nil {
			return err
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, Webhooks, w.in)
		}
	}
}

// webhooks is one Webhooks under way.
type webhooks struct {
	in   WebhooksInput
	told bool // since the last claim
}

func (w *webhooks) setup(ctx workflow.Context) {
	delivered := workflow.GetSignalChannel(ctx, signalDelivered)
	workflow.GoNamed(ctx, signalDelivered, func(ctx workflow.Context) {
		for delivered.Receive(ctx, nil) {
			w.told = true
		}
	})
}

func (w *webhooks) claim(ctx workflow.Context) (claimed activities.ClaimedDeliveries, err error) {
	w.told = false
	err = workflow.ExecuteActivity(rowOptions(ctx, "claim deliveries"), webhookActs.ClaimDeliveries,
		activities.DeliveriesInput{Instance: w.in.Instance}).Get(ctx, &claimed)
	return claimed, err
}

// linger waits a little for the next delivery, and reports whether there is one.
func (w *webhooks) linger(ctx workflow.Context) (more bool, err error) {
	workflow.SetCurrentDetails(ctx, "nothing waits")
	return workflow.AwaitWithTimeout(ctx, webhooksLinger, func() bool { return w.told })
}

// read runs one operation to its end and settles its deliveries. One that failed as a whole, as when the store refuses the keys, is
// followed by a pause: the deliveries wait, and the store's host is not given a reason to block us.
func (w *webhooks) read(ctx workflow.Context, op OperationInput) error {
	workflow.SetCurrentDetails(ctx, "reads what was reported: operation "+op.ID)
	failed := workflow.ExecuteChildWorkflow(w.operation(ctx, op), Operation, op).Get(ctx, nil)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err := workflow.ExecuteActivity(rowOptions(ctx, "settle deliveries"), webhookActs.SettleDeliveries,
		activities.DeliveriesInput{Instance: w.in.Instance}).Get(ctx, nil)
	if err != nil || failed == nil || temporal.IsCanceledError(failed) || temporal.IsWorkflowExecutionAlreadyStartedError(failed) {
		w.in.Failures = 0
		return err
	}
	return w.hold(ctx, failed)
}

// operation is how the operation of some deliveries is run. It goes on whatever becomes of the Webhooks.
func (w *webhooks) operation(ctx workflow.Context, op OperationInput) workflow.Context {
	options := operationOptions(op)
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            options.ID,
		TaskQueue:             options.TaskQueue,
		TypedSearchAttributes: options.TypedSearchAttributes,
		StaticSummary:         options.StaticSummary,
		Memo:                  options.Memo,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WaitForCancellation:   true,
		Priority:              Fair(w.in.Instance),
	})
}

// hold pauses after a failure, each time longer.
func (w *webhooks) hold(ctx workflow.Context, failed error) error {
	pause := min(firstHold<<min(w.in.Failures, 10), longestHold)
	w.in.Failures++
	until := workflow.Now(ctx).Add(pause)
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("**waits:** %s\n\nThe deliveries are read at %s UTC.",
		activities.FailureOf(failed).Message, until.UTC().Format(time.TimeOnly)))
	return workflow.Sleep(ctx, pause)
}

// TellWebhooks has an instance's Webhooks look for deliveries, and starts it when it does not run.
func TellWebhooks(ctx context.Context, c client.Client, instance string) error {
	_, err := c.SignalWithStartWorkflow(ctx, WebhooksID(instance), signalDelivered, nil, webhooksOptions(instance),
		WebhooksType, WebhooksInput{Instance: instance})
	return err
}

// StartWebhooks starts an instance's Webhooks. One that runs is left alone.
func StartWebhooks(ctx context.Context, c client.Client, instance string) error {
	options := webhooksOptions(instance)
	options.WorkflowIDConflictPolicy = enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING
	_, err := c.ExecuteWorkflow(ctx, options, WebhooksType, WebhooksInput{Instance: instance})
	return err
}

func webhooksOptions(instance string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                    WebhooksID(instance),
		TaskQueue:             QueueControl,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes: temporal.NewSearchAttributes(AttrInstance.ValueSet(instance), AttrDirection.ValueSet(DirectionImport)),
		StaticSummary:         "Read what the webhooks of " + instance + " report",
		Priority:              Fair(instance),
	}
}
