package workflows

import (
	"cmp"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/fault"
	"tandem/flow"
)

// A store that has been down all night is tried every minute, for ever: the work is not lost and continues automatically.
var patient = &temporal.RetryPolicy{
	InitialInterval:    activities.FirstRetry,
	BackoffCoefficient: 2,
	MaximumInterval:    activities.LastRetry,
	NonRetryableErrorTypes: []string{
		string(fault.Invalid), string(fault.NotFound), string(fault.Conflict),
		string(fault.Unauthorized), string(fault.Unsupported), string(fault.Parked),
	},
}

// chunks read and land for minutes and heartbeat a cursor; a cancelled one finishes the page in hand.
func chunkOptions(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueSync,
		StartToCloseTimeout: 2 * time.Hour,
		HeartbeatTimeout:    45 * time.Second,
		WaitForCancellation: true,
		RetryPolicy:         patient,
		Summary:             summary,
	})
}

// Fair shares the slots of a task queue among instances: one with thousands of orders does not keep the others waiting.
// Temporal servers that know no fairness take it for an equal priority.
func Fair(instance string) temporal.Priority { return temporal.Priority{FairnessKey: instance} }

// rows are short writes to Tandem's own database. They have a queue of their own: chunks and steps may hold every slot of
// theirs for minutes, and a person who pauses something is waiting.
func rowOptions(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueControl,
		StartToCloseTimeout: 30 * time.Second,
		RetryPolicy:         patient,
		Summary:             summary,
	})
}

// starts hand orders over to their sale workflows.
func startOptions(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueOrders,
		StartToCloseTimeout: 30 * time.Minute,
		HeartbeatTimeout:    45 * time.Second,
		RetryPolicy:         patient,
		Summary:             "start sale workflows",
	})
}

// steps are a few calls to the ERP, each of which may take two minutes. The heartbeat time-out is how long an order stands
// still when its worker died in a step.
func stepOptions(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueOrders,
		StartToCloseTimeout: 3 * time.Minute,
		HeartbeatTimeout:    45 * time.Second,
		RetryPolicy:         patient,
		Summary:             summary,
	})
}

// childOptions start one EntitySync. It is told to stop when its operation is, and may end its page first.
func childOptions(ctx workflow.Context, id string, in EntitySyncInput) workflow.Context {
	direction := cmp.Or(in.Direction, flow.Import)
	what := map[flow.Direction]string{flow.Import: "Import", flow.Export: "Export", flow.Match: "Match", flow.Link: "Link"}[direction]
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            id,
		TaskQueue:             QueueSync,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WaitForCancellation:   true,
		StaticSummary:         what + " " + in.Entity + " of " + in.Instance,
		Priority:              Fair(in.Instance), // its activities have it too
		TypedSearchAttributes: temporal.NewSearchAttributes(
			AttrInstance.ValueSet(in.Instance),
			AttrEntity.ValueSet(in.Entity),
			AttrOperation.ValueSet(in.Operation),
			AttrDirection.ValueSet(string(direction)),
		),
	})
}
