package entity

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

// orderAttempt is one order on its way into the ERP.
type orderAttempt = attempt[orderRecord, orderPlan]

// landOrders lands the orders of a page. The first try says what the ERP lacks: most pages were landed before and lack
// nothing. Products that it does not know are looked up in the store, and then those customers are landed whose orders lack
// nothing else. So of an order that is parked nothing is written, nor of its guest.
func landOrders(ctx context.Context, ec Context, attempts []*orderAttempt) error {
	if err := tryOrders(ctx, ec, notRefused(attempts)); err != nil {
		return err
	}
	for _, prepare := range []func(context.Context, Context, []*orderAttempt) ([]*orderAttempt, error){
		withoutGoneProducts, withLandedPartners,
	} {
		ready, err := prepare(ctx, ec, attempts)
		if err != nil {
			return err
		}
		if err := tryOrders(ctx, ec, ready); err != nil {
			return err
		}
	}
	return nil
}

// withLandedPartners lands the customers that are all that orders wait for, and gives those orders.
func withLandedPartners(ctx context.Context, ec Context, attempts []*orderAttempt) ([]*orderAttempt, error) {
	var waiting []*orderAttempt
	for _, a := range attempts {
		if lacksCustomer(a) {
			waiting = append(waiting, a)
		}
	}
	if err := landOrderPartners(ctx, ec, waiting); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(waiting, func(a *orderAttempt) bool { return !lacksCustomer(a) }), nil
}

// lacksCustomer reports whether an order waits for nothing but its own customer and addresses.
func lacksCustomer(a *orderAttempt) bool {
	waits := a.result.Waits
	return a.result.Status == erp.Parked && len(waits) > 0 && !slices.ContainsFunc(waits, func(key erp.Key) bool {
		return key != a.value.partner.Key &&
			!slices.ContainsFunc(a.value.partner.Addresses, func(address erp.Address) bool { return address.Key == key })
	})
}

// tryOrders lands orders and says of those that are refused what the store knows about it.
func tryOrders(ctx context.Context, ec Context, attempts []*orderAttempt) error {
	err := landEach(ctx, ec, orderName, upsertOrders, attempts)
	for _, a := range attempts {
		a.result.Outcome = a.value.explain(a.result.Outcome)
	}
	return err
}

func upsertOrders(backend erp.Backend, ctx context.Context, plans []orderPlan) ([]erp.Outcome, error) {
	orders := make([]erp.Order, len(plans))
	for i, plan := range plans {
		orders[i] = plan.order
	}
	return backend.UpsertOrders(ctx, orders)
}

// finishOrders counts what refunds put back, and says which landed orders a sale workflow is to move on. Unchanged ones too:
// starting is idempotent, and an order whose workflow was never started must not be lost.
func finishOrders(ctx context.Context, ec Context, _ Page, attempts []*orderAttempt) error {
	if err := recountRestocked(ctx, ec, attempts); err != nil {
		return err
	}
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
