package worker

import (
	"context"
	"errors"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"tandem/activities"
	"tandem/fault"
	"tandem/workflows"
)

// sales starts SaleOrder workflows.
type sales struct{ client client.Client }

// memoPlan is the memo field that says which plan a SaleOrder goes through.
const memoPlan = "plan_id"

// StartSale starts the run of an order. One that ended may run again, because its steps do nothing that is done already.
// When a SaleOrder of this plan runs, somebody else was faster. One of another plan is what a run that was restored or healed
// has left behind: it is asked to end, and this one follows.
func (s *sales) StartSale(ctx context.Context, sale activities.SaleStart) (started bool, err error) {
	if len(sale.Plan.Steps) == 0 {
		return false, fault.New(fault.Invalid, "order %s of %q has a plan without steps", sale.WooID, sale.Instance)
	}
	id := workflows.SaleOrderID(sale.Instance, sale.WooID)
	_, err = s.client.ExecuteWorkflow(ctx, saleOptions(id, sale), workflows.SaleOrderType, workflows.SaleOrderInput{
		Instance: sale.Instance, WooID: sale.WooID, PlanID: sale.PlanID, Plan: sale.Plan,
	})
	var running *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &running) {
		return s.yields(ctx, id, sale.PlanID)
	}
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, err, "Temporal did not take order %s of %q", sale.WooID, sale.Instance)
	}
	return true, nil
}

func saleOptions(id string, sale activities.SaleStart) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                                       id,
		TaskQueue:                                workflows.QueueOrders,
		WorkflowIDReusePolicy:                    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy:                 enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		// The first task of the run comes back with the start, when this process has a slot for it: one round trip less.
		EnableEagerStart: true,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			workflows.AttrInstance.ValueSet(sale.Instance),
			workflows.AttrEntity.ValueSet("order"),
			workflows.AttrDirection.ValueSet(workflows.DirectionImport),
		),
		Memo:          map[string]any{"api": "/api/v1/orders/" + sale.Instance + "/" + sale.WooID, memoPlan: sale.PlanID},
		StaticSummary: fmt.Sprintf("Order %s of %s by sale workflow %q", sale.WooID, sale.Instance, sale.Plan.Workflow),
		Priority:      workflows.Fair(sale.Instance),
	}
}

// yields reports whether the SaleOrder that runs is the wanted one. One of another plan is asked to end; one from before
// plans were stamped ends when it records its next step.
func (s *sales) yields(ctx context.Context, id, planID string) (ours bool, err error) {
	found, err := s.client.DescribeWorkflowExecution(ctx, id, "")
	if err != nil {
		return false, ignoreGone(err)
	}
	payload, stamped := found.GetWorkflowExecutionInfo().GetMemo().GetFields()[memoPlan]
	if !stamped {
		return false, nil
	}
	var theirs string
	if err := converter.GetDefaultDataConverter().FromPayload(payload, &theirs); err != nil {
		return false, fault.Wrap(fault.Internal, err, "the memo of %s cannot be read", id)
	}
	if theirs == planID {
		return true, nil
	}
	_, err = s.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: id, UpdateName: workflows.UpdateCancel, WaitForStage: client.WorkflowUpdateStageAccepted,
	})
	return false, ignoreGone(err)
}

// ignoreGone takes a workflow that has ended meanwhile for a success.
func ignoreGone(err error) error {
	var gone *serviceerror.NotFound
	if err == nil || errors.As(err, &gone) {
		return nil
	}
	return fault.Wrap(fault.Unavailable, err, "Temporal does not answer")
}
