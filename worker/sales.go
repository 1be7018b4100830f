package worker

import (
	"context"
	"errors"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"tandem/activities"
	"tandem/fault"
	"tandem/workflows"
)

// sales starts SaleOrder workflows.
type sales struct{ client client.Client }

// StartSale starts the run of an order. One that runs already is left alone; one that ended may run again, because its
// steps do nothing that is done already.
func (s *sales) StartSale(ctx context.Context, inst, wooID string, plan activities.SalePlan) error {
	if len(plan.Steps) == 0 {
		return nil
	}
	_, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                                       workflows.SaleOrderID(inst, wooID),
		TaskQueue:                                workflows.QueueOrders,
		WorkflowIDReusePolicy:                    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy:                 enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		// The first task of the run comes back with the start, when this process has a slot for it: one round trip less.
		EnableEagerStart: true,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			workflows.AttrInstance.ValueSet(inst),
			workflows.AttrEntity.ValueSet("order"),
			workflows.AttrDirection.ValueSet(workflows.DirectionImport),
		),
		Memo:          map[string]any{"api": "/api/v1/orders/" + inst + "/" + wooID},
		StaticSummary: fmt.Sprintf("Order %s of %s by sale workflow %q", wooID, inst, plan.Workflow),
	}, workflows.SaleOrderType, workflows.SaleOrderInput{Instance: inst, WooID: wooID, Plan: plan})
	var running *serviceerror.WorkflowExecutionAlreadyStarted
	if err == nil || errors.As(err, &running) {
		return nil
	}
	return fault.Wrap(fault.Unavailable, err, "Temporal did not take order %s of %q", wooID, inst)
}
