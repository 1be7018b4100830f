package sales

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// pendingOrder is an order that a step acts on, and what became of that.
type pendingOrder[Q any] struct {
	erp.Ask[Q]
	Snapshot
	answer  *erp.StepResult
	failure error // why nothing was done
	waiting error // why not all was done that was asked for
}

// saleStep is one step of the cycle, done to all orders of a call that need it. What is wrong with one of them goes into
// its failure; an error is about all that have none.
type saleStep[Q any] struct {
	name erp.Step
	do   func(ctx context.Context, orders []*pendingOrder[Q]) error
	tidy func(ctx context.Context, orders []*pendingOrder[Q]) error // for orders it was done to before, perhaps by a call that was cut off; may be nil
}

// take takes orders through the step. An order that is named twice is taken through it again, after the others.
func (s saleStep[Q]) take(ctx context.Context, b *Book, orders []erp.Ask[Q]) []erp.StepResult {
	results := make([]erp.StepResult, len(orders))
	for _, places := range inTurn(orders) {
		part := rpc.Map(places, func(at int) erp.Ask[Q] { return orders[at] })
		for i, result := range s.together(ctx, b, part) {
			result.TookTooLong = rpc.TookTooLong(result.Err)
			results[places[i]] = result
		}
	}
	return results
}

// inTurn parts the places of orders so that no part names one twice.
func inTurn[Q any](orders []erp.Ask[Q]) [][]int {
	var parts [][]int
	seen := map[erp.Key]int{}
	for at, order := range orders {
		turn := seen[order.Order]
		seen[order.Order]++
		if turn == len(parts) {
			parts = append(parts, nil)
		}
		parts[turn] = append(parts[turn], at)
	}
	return parts
}

// together takes different orders through the step with as few calls as that takes.
func (s saleStep[Q]) together(ctx context.Context, b *Book, orders []erp.Ask[Q]) []erp.StepResult {
	defer b.records.Lock(rpc.Map(orders, func(a erp.Ask[Q]) string { return a.Order.String() }))()
	results, err := s.run(ctx, b, orders)
	if err != nil {
		results = make([]erp.StepResult, len(orders))
		for i := range results {
			results[i].Err = err
		}
	}
	return results
}

// run does the step: it reads the states of the orders, asks the transition table, acts where that says so, and gives the
// states read back afterwards. When Odoo refuses, the state is read again: a parallel call may have done the step.
func (s saleStep[Q]) run(ctx context.Context, b *Book, orders []erp.Ask[Q]) ([]erp.StepResult, error) {
	found, err := b.findAll(ctx, rpc.Map(orders, func(a erp.Ask[Q]) erp.Key { return a.Order }))
	if err != nil {
		return nil, err
	}
	answers := make([]erp.StepResult, len(orders))
	var acting, done []*pendingOrder[Q]
	for i, order := range orders {
		before, ok := found[order.Order]
		if !ok {
			answers[i].Err = notLanded(order.Order)
			continue
		}
		d := &pendingOrder[Q]{Ask: order, Snapshot: before, answer: &answers[i]}
		acts, err := salecycle.Allowed(s.name, before.State(), before.delivered())
		answers[i] = erp.StepResult{Progress: erp.Progress{OrderState: before.State(), Before: before.State()}, Err: err}
		switch {
		case acts:
			acting = append(acting, d)
		case err == nil:
			done = append(done, d)
		}
	}
	if s.tidy != nil {
		if err := s.tidy(ctx, done); err != nil {
			return nil, err
		}
	}
	return answers, s.act(ctx, b, acting)
}

// act does the step to the orders that need it.
func (s saleStep[Q]) act(ctx context.Context, b *Book, orders []*pendingOrder[Q]) error {
	if len(orders) == 0 {
		return nil
	}
	if err := s.do(ctx, orders); err != nil {
		for _, d := range unfailed(orders) {
			d.failure = err
		}
	}
	return s.readBack(ctx, b, orders)
}

// readBack sets the answers by what the orders are now.
func (s saleStep[Q]) readBack(ctx context.Context, b *Book, acted []*pendingOrder[Q]) error {
	var ids []int64
	for _, d := range acted {
		if d.failure == nil || fault.Is(d.failure, fault.Invalid) {
			ids = append(ids, d.ID)
		} else {
			d.answer.OrderState, d.answer.Err = erp.OrderState{}, d.failure
		}
	}
	after, err := b.Snapshots(ctx, ids)
	if err != nil {
		return err
	}
	for _, d := range acted {
		if now, ok := after[d.ID]; ok {
			d.answer.OrderState = now.State()
			d.answer.Err = s.outcome(now, d.failure, d.waiting)
		}
	}
	return nil
}

// outcome says what a step came to; nil when it is done.
func (s saleStep[Q]) outcome(now Snapshot, failure, waiting error) error {
	switch {
	case now.State().Done(s.name):
		return nil
	case failure != nil:
		return failure
	case waiting != nil:
		return waiting
	default:
		return unfinished(s.name, now)
	}
}

// unfailed gives the orders that nothing has come in the way of.
func unfailed[Q any](orders []*pendingOrder[Q]) []*pendingOrder[Q] {
	var rest []*pendingOrder[Q]
	for _, d := range orders {
		if d.failure == nil {
			rest = append(rest, d)
		}
	}
	return rest
}

func idOf[Q any](d *pendingOrder[Q]) int64 { return d.ID }

// asOne does something to all orders with one call, or to each half of them when Odoo refuses one. An error is about all of
// them.
func asOne[Q any](orders []*pendingOrder[Q], do func(ids []int64) error) error {
	return halving(orders, blames,
		func(part []*pendingOrder[Q]) error { return do(rpc.Map(part, idOf[Q])) },
		func(d *pendingOrder[Q], err error) { d.failure = err })
}

// halving does something to all items at once. Odoo takes all of a call back when it refuses one of them: when the error is
// such that one may be to blame, it is done to each half, in order, until those to blame are found. Any other ends it.
func halving[T any](items []T, blames func(error) bool, do func([]T) error, blame func(T, error)) error {
	if len(items) == 0 {
		return nil
	}
	err := do(items)
	switch {
	case err == nil:
		return nil
	case !blames(err):
		return err
	case len(items) == 1:
		blame(items[0], err)
		return nil
	}
	half := len(items) / 2
	if err := halving(items[:half], blames, do, blame); err != nil {
		return err
	}
	return halving(items[half:], blames, do, blame)
}

// blames reports whether an error may be due to one of the records a call was about, rather than to Odoo being out of
// reach, overloaded or closed to us. Rights may be missing for one record only, as for one of another company.
func blames(err error) bool {
	switch failure := fault.From(err); failure.Kind {
	case fault.Unavailable, fault.RateLimited:
		return false
	case fault.Unauthorized:
		return failure.Code == rpc.CodeNoRight
	default:
		return true
	}
}
