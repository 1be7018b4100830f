package sales

import (
	"context"
	"encoding/json"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// orderAttempt is one order on its way into the ERP.
type orderAttempt = flow.Attempt[orderRecord, orderPlan]

// landOrders lands the orders of a page. Those whose customer the ERP does not know are tried first, to hear what else they lack,
// and those customers are landed whose orders lack nothing else. So of an order that is parked nothing is written, nor of its
// guest; and all orders that lack nothing are written together.
func landOrders(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	if err := applyDecisions(ctx, ec, flow.NotRefused(attempts)); err != nil {
		return err
	}
	if err := heedMarks(ctx, ec, flow.NotRefused(attempts)); err != nil {
		return err
	}
	known, strangers, err := byCustomer(ctx, ec, flow.NotRefused(attempts))
	if err != nil {
		return err
	}
	if err := tryGoods(ctx, ec, strangers); err != nil {
		return err
	}
	ready, err := withLandedPartners(ctx, ec, strangers)
	if err != nil {
		return err
	}
	if err := tryGoods(ctx, ec, append(ready, known...)); err != nil {
		return err
	}
	late, err := withLandedPartners(ctx, ec, known) // customers that were taken out of the ERP meanwhile
	if err != nil {
		return err
	}
	if err := tryOrders(ctx, ec, late); err != nil {
		return err
	}
	return compareEdited(ctx, ec, attempts)
}

// byCustomer parts orders into those whose customer and addresses the ERP knows, and the others.
func byCustomer(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) (known, strangers []*orderAttempt, err error) {
	var keys []erp.Key
	for _, a := range attempts {
		keys = append(keys, customerKeys(a)...)
	}
	if len(keys) == 0 {
		return attempts, nil, nil
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range attempts {
		n := len(customerKeys(a))
		if slices.Contains(ids[:n], "") {
			strangers = append(strangers, a)
		} else {
			known = append(known, a)
		}
		ids = ids[n:]
	}
	return known, strangers, nil
}

// customerKeys are the keys of an order's customer and addresses.
func customerKeys(a *orderAttempt) []erp.Key {
	keys := []erp.Key{a.Value.partner.Key}
	for _, address := range a.Value.partner.Addresses {
		keys = append(keys, address.Key)
	}
	return keys
}

// tryGoods lands orders. Products that the ERP does not know are looked up in the store, and orders of gone ones tried again.
func tryGoods(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	if err := tryOrders(ctx, ec, attempts); err != nil {
		return err
	}
	changed, err := withoutGoneProducts(ctx, ec, attempts)
	if err != nil {
		return err
	}
	return tryOrders(ctx, ec, changed)
}

// withLandedPartners lands the customers that are all that orders wait for, and gives those orders.
func withLandedPartners(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) ([]*orderAttempt, error) {
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
	waits, own := a.Outcome.Waits, customerKeys(a)
	return a.Outcome.Status == erp.Parked && len(waits) > 0 &&
		!slices.ContainsFunc(waits, func(key erp.Key) bool { return !slices.Contains(own, key) })
}

// tryOrders lands orders and says of those that are refused what the store knows about it.
func tryOrders(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	err := mapping.LandEach(ctx, ec, mapping.OrderName, upsertOrders, attempts)
	for _, a := range attempts {
		a.Outcome = a.Value.explain(a.Outcome)
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

// finishOrders counts what refunds put back, has refunds read, and says what reports count and which landed orders a sale workflow is to move on. Unchanged ones too:
// starting is idempotent, and an order whose workflow was never started must not be lost.
func finishOrders(ctx context.Context, ec mapping.Context, _ flow.Page, attempts []*orderAttempt) error {
	if err := recountRestocked(ctx, ec, attempts); err != nil {
		return err
	}
	if err := followRefunds(ctx, ec, attempts); err != nil {
		return err
	}
	for _, a := range attempts {
		if a.Outcome.Refused() {
			continue
		}
		a.Outcome.Steps = append(a.Outcome.Steps, a.Value.steps...)
		if err := noteOrderFacts(a); err != nil {
			return err
		}
		if a.Value.run != nil && len(a.Value.run.Steps) > 0 { // without steps nothing would ever end its run
			plan, err := json.Marshal(a.Value.run)
			if err != nil {
				return err
			}
			a.Outcome.Plan = plan
		}
	}
	return nil
}

// endedStatuses are those of orders that no longer ask for anything, unless a rule names the status itself.
var endedStatuses = []string{woo.OrderCancelled, woo.OrderFailed, woo.OrderRefunded}

// chooseWorkflow picks an order's sale workflow by its status or its payment gateway, as the instance says. why tells
// about a rule that cannot be followed.
func chooseWorkflow(ec mapping.Context, o woo.Order) (run *instance.SalePlan, why string) {
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
	plan := instance.PlanSale(ec.Workflows[workflow], shopDay(zone, orderDate(o)), shopDay(zone, o.DatePaid.Time))
	if o.Status == woo.OrderRefunded { // all was given back: it is booked, and nothing is shipped
		plan.Steps = slices.DeleteFunc(plan.Steps, func(s erp.Step) bool { return s == erp.StepShip })
	}
	return &plan, ""
}
