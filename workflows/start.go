package workflows

import (
	"context"
	"strings"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"tandem/flow"
)

// StartOperation starts the workflow of an operation. An operation's id is used once: a second start, after a double
// click or a lost reply, is answered with serviceerror.WorkflowExecutionAlreadyStarted.
func StartOperation(ctx context.Context, c client.Client, in OperationInput) error {
	options := operationOptions(in)
	options.WorkflowIDReusePolicy = enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
	options.WorkflowIDConflictPolicy = enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL
	options.WorkflowExecutionErrorWhenAlreadyStarted = true
	workflowType := OperationType
	if !flow.Direction(in.Direction).Moves() {
		workflowType = MatchingType
	}
	_, err := c.ExecuteWorkflow(ctx, options, workflowType, in)
	return err
}

// operationOptions are the start options of an Operation, without id policies.
func operationOptions(in OperationInput) client.StartWorkflowOptions {
	attributes := []temporal.SearchAttributeUpdate{AttrDirection.ValueSet(in.Direction), AttrOperation.ValueSet(in.ID)}
	if len(in.Instances) == 1 {
		attributes = append(attributes, AttrInstance.ValueSet(in.Instances[0]))
	}
	if len(in.Entities) == 1 {
		attributes = append(attributes, AttrEntity.ValueSet(in.Entities[0]))
	}
	return client.StartWorkflowOptions{
		ID:                    OperationID(in.ID),
		TaskQueue:             QueueSync,
		TypedSearchAttributes: temporal.NewSearchAttributes(attributes...),
		Memo:                  map[string]any{"api": "/api/v1/operations/" + in.ID},
		StaticSummary:         summaryOf(in),
	}
}

func summaryOf(in OperationInput) string {
	entities, instances := strings.Join(in.Entities, ", "), strings.Join(in.Instances, ", ")
	switch in.Direction {
	case DirectionExport:
		return "Export " + entities + " to " + instances
	case DirectionMatch:
		return "Find " + entities + " that " + instances + " and the ERP both have"
	case DirectionLink:
		return "Link " + entities + " of " + instances
	}
	return "Import " + entities + " from " + instances
}
