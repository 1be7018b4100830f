package odoo

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// OrderState reads where an order stands. NotFound when none is landed under the key.
func (b *Backend) OrderState(ctx context.Context, order erp.Key) (erp.OrderState, error) {
	s, err := b.find(ctx, order)
	return s.state(), err
}

func (b *Backend) find(ctx context.Context, order erp.Key) (standing, error) {
	ids, err := b.idsOf(ctx, "sale.order", []erp.Key{order}, externalName)
	if err != nil {
		return standing{}, err
	}
	if ids[order] == 0 {
		return standing{}, fault.New(fault.NotFound, "order %s is not in Odoo: import it first", order)
	}
	return b.standing(ctx, ids[order])
}

// standing reads where one order stands.
func (b *Backend) standing(ctx context.Context, id int64) (standing, error) {
	found, err := b.standings(ctx, []int64{id})
	if err != nil {
		return standing{}, err
	}
	s, ok := found[id]
	if !ok {
		return standing{}, fault.New(fault.NotFound, "the order is not in Odoo any more: import it again")
	}
	return s, nil
}

// take does a step of an order's cycle: it reads the state, asks the transition table, acts where that says so, and gives
// the state read back afterwards. When Odoo refuses, the state is read again: a parallel call may have done the step.
func (b *Backend) take(ctx context.Context, order erp.Key, s salecycle.Step, action func(standing) error) (erp.OrderState, error) {
	defer b.locks.lock([]string{order.String()})()
	before, err := b.find(ctx, order)
	if err != nil {
		return erp.OrderState{}, err
	}
	acts, err := salecycle.Allowed(s, before.state(), before.delivered())
	if err != nil || !acts {
		return before.state(), err
	}
	failure := action(before)
	if failure != nil && !fault.Is(failure, fault.Invalid) {
		return erp.OrderState{}, failure
	}
	after, err := b.standing(ctx, before.ID)
	if err != nil {
		return erp.OrderState{}, err
	}
	state := after.state()
	switch {
	case stepDone(s, state):
		return state, nil
	case failure != nil:
		return erp.OrderState{}, failure
	default:
		return erp.OrderState{}, unfinished(s)
	}
}

// unfinished parks an order of which Odoo took a step without a complaint and without getting there.
func unfinished(s salecycle.Step) error {
	held := fault.New(fault.Parked, "Odoo did not %s the order, and does not say why: look at it there", s)
	held.Code = "not_done"
	return held
}

// stepDone reports whether a state is what a step leads to.
func stepDone(s salecycle.Step, state erp.OrderState) bool {
	switch s {
	case salecycle.Confirm:
		return state.Stage == erp.Confirmed
	case salecycle.Invoice:
		return state.Invoiced
	case salecycle.Pay:
		return state.Paid
	case salecycle.Ship:
		return state.Shipped
	default:
		return state.Stage == erp.Cancelled
	}
}

// ConfirmOrder turns a quotation into an order, for which Odoo makes a delivery. An order whose total is not what the
// store charged is fault.Parked with the code "totals_differ".
func (b *Backend) ConfirmOrder(ctx context.Context, order erp.Key) (erp.OrderState, error) {
	return b.take(ctx, order, salecycle.Confirm, func(s standing) error {
		if err := b.settleTotal(ctx, s); err != nil {
			return err
		}
		return b.confirm(ctx, s.ID, s.Date.Time)
	})
}

// settleTotal makes up for cents that landing the order did not come to, and parks an order that differs by more.
func (b *Backend) settleTotal(ctx context.Context, s standing) error {
	err := s.checkTotal(s.round(s.Total))
	if err == nil || !fault.Is(err, fault.Parked) {
		return err
	}
	lines, _, failure := b.linesOf(ctx, []int64{s.ID})
	if failure != nil {
		return failure
	}
	charged, _ := decimal.NewFromString(string(s.Expected)) // checkTotal has read it
	cents := charged.Sub(s.Total.Decimal).Round(s.decimals)
	if cents.Abs().GreaterThan(allowance(s.decimals, len(lines[s.ID]))) {
		return err
	}
	return b.addRounding(ctx, s.ID, cents)
}

// checkTotal compares an amount with what the store charged for the order.
func (s standing) checkTotal(total decimal.Decimal) error {
	if s.Expected == "" {
		return nil // it was not landed by Tandem but adopted
	}
	charged, err := decimal.NewFromString(string(s.Expected))
	switch {
	case err != nil:
		return fault.Wrap(fault.Internal, err, "what the store charged for the order cannot be read")
	case charged.Round(s.decimals).Equal(total):
		return nil
	}
	held := fault.New(fault.Parked, "Odoo has a total of %s %s, but the store charged %s %s: check the order in Odoo",
		total, s.Currency.Name, charged, s.Currency.Name)
	held.Code = "totals_differ"
	return held
}

// confirm confirms a quotation and puts its date back, which Odoo makes the present one.
func (b *Backend) confirm(ctx context.Context, id int64, date time.Time) error {
	if err := b.onOrders(ctx, "action_confirm", []int64{id}); err != nil {
		return err
	}
	return b.write(ctx, "sale.order", []int64{id}, values([]cell{instant("date_order", date)}))
}

// CancelOrder gives an order up along with its open delivery. What is invoiced or shipped is not cancelled but taken back.
func (b *Backend) CancelOrder(ctx context.Context, order erp.Key) (erp.OrderState, error) {
	return b.take(ctx, order, salecycle.Cancel, func(s standing) error { return b.cancelOrders(ctx, []int64{s.ID}) })
}
