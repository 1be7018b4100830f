package entity

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

// upsertOrders lands the orders of a page.
func upsertOrders(backend erp.Backend, ctx context.Context, plans []orderPlan) ([]erp.Outcome, error) {
	orders := make([]erp.Order, len(plans))
	for i, plan := range plans {
		orders[i] = plan.order
	}
	return backend.UpsertOrders(ctx, orders)
}

// landOrderNeeds lands what the orders of a page name and tell of themselves: their taxes and their customers.
func landOrderNeeds(ctx context.Context, ec Context, attempts []*attempt[orderRecord, orderPlan]) error {
	if err := landOrderTaxes(ctx, ec, attempts); err != nil {
		return err
	}
	return landOrderPartners(ctx, ec, attempts)
}

// finishOrders tells which landed orders a sale workflow is to move on. Unchanged ones too: starting is idempotent, and
// an order whose workflow was never started must not be lost.
func finishOrders(_ context.Context, _ Context, _ Page, attempts []*attempt[orderRecord, orderPlan]) error {
	for _, a := range attempts {
		if a.refused {
			continue
		}
		a.result.Steps = append(a.result.Steps, a.value.steps...)
		a.result.Order = a.value.run
	}
	return nil
}

// endedStatuses are those of orders that no longer ask for anything, unless a rule names the status itself.
var endedStatuses = []string{woo.OrderCancelled, woo.OrderFailed, woo.OrderRefunded}

// chooseWorkflow picks an order's sale workflow by its status or its payment gateway, as the instance says. why tells
// about a rule that cannot be followed.
func chooseWorkflow(ec Context, o woo.Order) (run *OrderRun, why string) {
	config := ec.Instance.Config.Order
	match := o.Status
	if config.ImportThrough == instance.ThroughGateway {
		if slices.Contains(endedStatuses, o.Status) {
			return nil, ""
		}
		match = o.PaymentMethod
	}
	rule := slices.IndexFunc(config.Workflows, func(r instance.WorkflowRule) bool { return r.Match == match })
	if rule < 0 {
		return nil, ""
	}
	id := config.Workflows[rule].Workflow
	workflow := slices.IndexFunc(ec.Workflows, func(w instance.SaleWorkflow) bool { return w.ID == id })
	if workflow < 0 {
		return nil, "no sale workflow: " + id + " does not exist"
	}
	zone := ec.Instance.Store.Timezone
	return &OrderRun{
		Workflow: ec.Workflows[workflow], OrderDate: shopDay(zone, orderDate(o)), PaidAt: shopDay(zone, o.DatePaid.Time),
	}, ""
}
