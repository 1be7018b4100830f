package salebatch

import (
	"context"
	"sync"
	"time"

	"tandem/erp"
	"tandem/fault"
)

// Timeout bounds a batch, which may take an ERP several calls. It is shorter than the 3 minutes that a step of an order is
// given, so that its asker hears what became of it.
const Timeout = 170 * time.Second

// step takes orders through one step: one result each, in order.
type step[Q any] func(ctx context.Context, orders []erp.Ask[Q]) []erp.StepResult

// gather joins calls for one step that come at the same time. While one batch is under way, those that come meanwhile wait, and
// make up the next: nothing waits for company.
//
// The orders of a batch that the ERP took too long for are asked about alone from then on, beside the batches of the others,
// until they are through: the one that is to blame holds up no others a second time.
type gather[Q any] struct {
	size int
	do   step[Q]

	mu      sync.Mutex
	waiting []waiter[Q]
	slow    map[erp.Key]bool // orders that are asked about alone
	busy    map[lane]bool
}

// lane is one of the two ways of an order through a step: with others, or alone.
type lane bool

// slowLane is the lane of the orders that are asked about alone.
const slowLane lane = true

// waiter is a question whose asker waits.
type waiter[Q any] struct {
	erp.Ask[Q]
	reply chan<- erp.StepResult
}

func newGather[Q any](size int, do step[Q]) *gather[Q] {
	return &gather[Q]{size: size, do: do, slow: map[erp.Key]bool{}, busy: map[lane]bool{}}
}

// ask takes one order through the step. When the context ends, the batch goes on without its asker.
func (g *gather[Q]) ask(ctx context.Context, q erp.Ask[Q]) (erp.Progress, error) {
	if g.size <= 1 {
		result := g.settle(ctx, []erp.Ask[Q]{q})[0]
		return result.Progress, result.Err
	}
	reply := make(chan erp.StepResult, 1)
	g.mu.Lock()
	g.waiting = append(g.waiting, waiter[Q]{q, reply})
	g.start(lane(g.slow[q.Order]))
	g.mu.Unlock()
	select {
	case result := <-reply:
		return result.Progress, result.Err
	case <-ctx.Done():
		return erp.Progress{}, fault.Wrap(fault.Unavailable, ctx.Err(), "the ERP did not answer in time: the step is tried again")
	}
}

// start has the batches of a lane begin unless they have. The lock is held.
func (g *gather[Q]) start(at lane) {
	if !g.busy[at] {
		g.busy[at] = true
		go g.work(at)
	}
}

// work takes batch after batch until nothing waits.
func (g *gather[Q]) work(at lane) {
	for {
		batch := g.next(at)
		if len(batch) == 0 {
			return
		}
		results := g.run(batch)
		g.learn(batch, results)
		for i, w := range batch {
			w.reply <- results[i]
		}
	}
}

// run takes a batch through the step. It is no asker's call in particular, so it has a time of its own.
func (g *gather[Q]) run(batch []waiter[Q]) []erp.StepResult {
	ctx, cancel := context.WithTimeout(context.Background(), Timeout)
	defer cancel()
	orders := make([]erp.Ask[Q], len(batch))
	for i, w := range batch {
		orders[i] = w.Ask
	}
	return g.settle(ctx, orders)
}

// settle takes orders through the step, and those of a batch that a defect stopped in halves, until the one to blame is found.
// What was done already is not done twice: a step reads the state first.
func (g *gather[Q]) settle(ctx context.Context, orders []erp.Ask[Q]) []erp.StepResult {
	results, err := g.protected(ctx, orders)
	switch {
	case err == nil:
		return results
	case len(orders) == 1 || ctx.Err() != nil:
		return sameError(len(orders), err)
	}
	half := len(orders) / 2
	return append(g.settle(ctx, orders[:half]), g.settle(ctx, orders[half:])...)
}

// protected asks the ERP, and turns a panic of it into an error, as an answer that leaves orders out.
func (g *gather[Q]) protected(ctx context.Context, orders []erp.Ask[Q]) (results []erp.StepResult, err error) {
	defer func() {
		if stopped := fault.Recovered(ctx, recover(), nil); stopped != nil {
			err = stopped
		}
	}()
	results = g.do(ctx, orders)
	if len(results) != len(orders) {
		return nil, fault.New(fault.Internal, "the ERP answered about %d of %d orders", len(results), len(orders))
	}
	return results, nil
}

// learn notes which orders are asked about alone from now on. Some that wait may have come into the other lane by that.
func (g *gather[Q]) learn(batch []waiter[Q], results []erp.StepResult) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, w := range batch {
		if results[i].TookTooLong {
			g.slow[w.Order] = true
		} else {
			delete(g.slow, w.Order)
		}
	}
	for _, w := range g.waiting {
		g.start(lane(g.slow[w.Order]))
	}
}

// next takes a batch out of the questions that wait in a lane: at most one about an order, because the answer to the second
// depends on what the first one does.
func (g *gather[Q]) next(at lane) []waiter[Q] {
	g.mu.Lock()
	defer g.mu.Unlock()
	size := g.size
	if at == slowLane {
		size = 1
	}
	var batch, rest []waiter[Q]
	taken := map[erp.Key]bool{}
	for _, w := range g.waiting {
		if lane(g.slow[w.Order]) == at && len(batch) < size && !taken[w.Order] {
			taken[w.Order] = true
			batch = append(batch, w)
		} else {
			rest = append(rest, w)
		}
	}
	g.waiting, g.busy[at] = rest, len(batch) > 0
	return batch
}

// sameError is the result of each order of a batch of which nothing is known.
func sameError(n int, err error) []erp.StepResult {
	results := make([]erp.StepResult, n)
	for i := range results {
		results[i].Err = err
	}
	return results
}
