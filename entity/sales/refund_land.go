package sales

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
)

// refundAttempt is one refund on its way into the ERP.
type refundAttempt = flow.Attempt[refundRecord, refundPlan]

// landRefunds books the refunds of a page, and takes back those that a person wants taken back. A refund waits until the sale workflow
// of its order has invoiced it and registered its payment: what was paid is paid out then, and no invoice bears another date or
// journal than the sale workflow says. What is left of an order is read and booked by one operation at a time: of two that book refunds of
// it at the same moment each would find enough left for its own.
func landRefunds(ctx context.Context, ec mapping.Context, attempts []*refundAttempt) error {
	release, err := takeTurns(ctx, ec, flow.NotRefused(attempts))
	if err != nil {
		return err
	}
	defer release()
	if err := holdRefunds(ctx, ec, attempts); err != nil {
		return err
	}
	var booking, reversing []*refundAttempt
	for _, a := range flow.NotRefused(attempts) {
		switch {
		case a.Value.keep:
			if err := keepBooked(ctx, ec, a); err != nil {
				return err
			}
		case a.Value.reverse:
			reversing = append(reversing, a)
		default:
			booking = append(booking, a)
		}
	}
	if err := mapping.LandEach(ctx, ec, mapping.RefundName, reverseRefunds, reversing); err != nil {
		return err
	}
	if err := mapping.LandEach(ctx, ec, mapping.RefundName, upsertRefunds, booking); err != nil {
		return err
	}
	for _, a := range flow.NotRefused(attempts) {
		a.Outcome.Steps = append(a.Outcome.Steps, a.Value.steps...)
		if err := noteRefundFacts(ec, a); err != nil {
			return err
		}
	}
	return nil
}

// takeTurns waits until no other operation books refunds of the same orders.
func takeTurns(ctx context.Context, ec mapping.Context, attempts []*refundAttempt) (release func(), err error) {
	var names []string
	for _, a := range attempts {
		names = append(names, "refunds of "+mapping.KeyOf(ec, mapping.OrderName, a.Record.order.ID).String())
	}
	if ec.Turns == nil || len(names) == 0 {
		return func() {}, nil
	}
	return ec.Turns.Take(ctx, names)
}

// holdRefunds parks what is not to be booked now, or not without a person's word.
func holdRefunds(ctx context.Context, ec mapping.Context, attempts []*refundAttempt) error {
	if err := holdForRuns(ctx, ec, flow.NotRefused(attempts)); err != nil {
		return err
	}
	fresh, err := unbooked(ctx, ec, flow.NotRefused(attempts))
	if err != nil || len(fresh) == 0 {
		return err
	}
	notes, err := unsentNotes(ctx, ec, fresh)
	if err != nil {
		return err
	}
	holdOwnRefunds(ec, fresh, notes)
	return holdMismatched(ctx, ec, flow.NotRefused(fresh), notes)
}

// unbooked gives the refunds that have to be booked and have no credit note yet.
func unbooked(ctx context.Context, ec mapping.Context, attempts []*refundAttempt) ([]*refundAttempt, error) {
	booking := slices.DeleteFunc(slices.Clone(attempts), func(a *refundAttempt) bool { return a.Value.keep || a.Value.reverse })
	if len(booking) == 0 {
		return nil, nil
	}
	keys := make([]erp.Key, len(booking))
	for i, a := range booking {
		keys[i] = a.Outcome.Key
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return nil, err
	}
	var fresh []*refundAttempt
	for i, a := range booking {
		if ids[i] == "" {
			fresh = append(fresh, a)
		}
	}
	return fresh, nil
}

func upsertRefunds(backend erp.Backend, ctx context.Context, plans []refundPlan) ([]erp.Outcome, error) {
	book, err := erp.Refunds.Of(backend)
	if err != nil {
		return nil, err
	}
	refunds := make([]erp.Refund, len(plans))
	for i, plan := range plans {
		refunds[i] = plan.refund
	}
	return book.UpsertRefunds(ctx, refunds)
}

func reverseRefunds(backend erp.Backend, ctx context.Context, plans []refundPlan) ([]erp.Outcome, error) {
	book, err := erp.Refunds.Of(backend)
	if err != nil {
		return nil, err
	}
	keys := make([]erp.Key, len(plans))
	for i, plan := range plans {
		keys[i] = plan.refund.Key
	}
	return book.ReverseRefunds(ctx, keys)
}

// keepBooked leaves a refund as it is: booked or not.
func keepBooked(ctx context.Context, ec mapping.Context, a *refundAttempt) error {
	ids, err := ec.Backend.Lookup(ctx, []erp.Key{a.Outcome.Key})
	if err != nil {
		return err
	}
	a.Settle(erp.Outcome{Key: a.Outcome.Key, Status: erp.Unchanged, ID: ids[0], Before: mapping.Keep, After: mapping.Keep, LeftOut: ids[0] == ""})
	return nil
}

// holdForRuns parks refunds whose orders are yet to be invoiced or paid by their sale workflow.
func holdForRuns(ctx context.Context, ec mapping.Context, attempts []*refundAttempt) error {
	if ec.Progress == nil || len(attempts) == 0 {
		return nil
	}
	var orders []string
	for _, a := range attempts {
		orders = append(orders, a.Record.order.ID.String())
	}
	ahead, err := ec.Progress.StepsAhead(ctx, ec.Instance.ID, orders)
	if err != nil {
		return err
	}
	for _, a := range attempts {
		books := func(step string) bool { return step != string(erp.StepShip) }
		if slices.ContainsFunc(ahead[a.Record.order.ID.String()], books) {
			key := mapping.KeyOf(ec, mapping.OrderName, a.Record.order.ID)
			held := mapping.Parked("order_in_progress", "the sale workflow of order %s has yet to invoice it, or to register its payment: the "+
				"refund is booked once it has, or once it is cancelled", a.Record.order.ID)
			held.Waits = []string{key.String()}
			a.Refuse(held)
		}
	}
	return nil
}
