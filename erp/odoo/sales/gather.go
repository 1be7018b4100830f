package sales

import (
	"context"
	"sync"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

const (
	// roundSize is how many orders take a step together. More would not be faster, and would take back more of what was
	// done when Odoo fails.
	roundSize = 50
	// roundTimeout bounds a round, which may be several calls. It is shorter than the 3 minutes that a step of an order is
	// given, so that its asker hears what became of it.
	roundTimeout = 170 * time.Second
)

// gather joins calls that come at the same time. While one round of them is under way, those that come meanwhile wait,
// and make up the next: nobody waits for company, and yet Odoo, which takes a hundred orders through a step in a quarter
// of the time that a hundred calls take, is asked once.
//
// The orders of a round that Odoo took too long for are asked about alone from then on, beside the rounds of the others,
// until they are through: the one that is to blame holds up no others a second time.
type gather[Q question, R any] struct {
	mu      sync.Mutex
	waiting []waiter[Q, R]
	slow    map[erp.Key]bool // orders that are asked about alone
	busy    map[lane]bool
}

// lane is one of the two ways of an order through a step: with others, or alone.
type lane bool

// slowLane is the lane of the orders that are asked about alone.
const slowLane lane = true

// question is about one order.
type question interface{ about() erp.Key }

// rounds answers questions about different orders, one answer each, in order.
type rounds[Q question, R any] func(ctx context.Context, questions []Q) []Result[R]

// waiter is a question whose asker waits.
type waiter[Q question, R any] struct {
	question Q
	reply    chan<- Result[R]
}

// Result is the answer to a question, or why there is none.
type Result[R any] struct {
	Value R
	Err   error
}

// ask gives the answer to one question. When the context ends, the round goes on without its asker.
func (g *gather[Q, R]) ask(ctx context.Context, q Q, do rounds[Q, R]) (R, error) {
	reply := make(chan Result[R], 1)
	g.mu.Lock()
	g.waiting = append(g.waiting, waiter[Q, R]{q, reply})
	g.start(lane(g.slow[q.about()]), do)
	g.mu.Unlock()
	select {
	case a := <-reply:
		return a.Value, a.Err
	case <-ctx.Done():
		var none R
		return none, rpc.Unreachable(ctx.Err(), 0)
	}
}

// start has the rounds of a lane begin unless they have. The lock is held.
func (g *gather[Q, R]) start(at lane, do rounds[Q, R]) {
	if g.busy == nil {
		g.busy, g.slow = map[lane]bool{}, map[erp.Key]bool{}
	}
	if !g.busy[at] {
		g.busy[at] = true
		go g.work(at, do)
	}
}

// work takes round after round until nobody waits.
func (g *gather[Q, R]) work(at lane, do rounds[Q, R]) {
	for {
		round := g.next(at)
		if len(round) == 0 {
			return
		}
		answers := runRound(do, rpc.Map(round, func(a waiter[Q, R]) Q { return a.question }))
		g.learn(round, answers, do)
		for i, a := range round {
			a.reply <- answers[i]
		}
	}
}

// learn notes which orders are asked about alone from now on. Some that wait may have come into the other lane by that.
func (g *gather[Q, R]) learn(round []waiter[Q, R], answers []Result[R], do rounds[Q, R]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, a := range round {
		if key := a.question.about(); rpc.TookTooLong(answers[i].Err) {
			g.slow[key] = true
		} else {
			delete(g.slow, key)
		}
	}
	for _, a := range g.waiting {
		g.start(lane(g.slow[a.question.about()]), do)
	}
}

// next takes the questions of a round out of those that wait in a lane: at most one about an order, because the answer to
// the second depends on what the first one does.
func (g *gather[Q, R]) next(at lane) []waiter[Q, R] {
	g.mu.Lock()
	defer g.mu.Unlock()
	size := roundSize
	if at == slowLane {
		size = 1
	}
	var round, rest []waiter[Q, R]
	taken := map[erp.Key]bool{}
	for _, a := range g.waiting {
		if key := a.question.about(); lane(g.slow[key]) == at && len(round) < size && !taken[key] {
			taken[key] = true
			round = append(round, a)
		} else {
			rest = append(rest, a)
		}
	}
	g.waiting, g.busy[at] = rest, len(round) > 0
	return round
}

// runRound runs a round. It is nobody's call in particular, so a panic in it must find the askers.
func runRound[Q question, R any](do rounds[Q, R], questions []Q) (answers []Result[R]) {
	ctx, cancel := context.WithTimeout(context.Background(), roundTimeout)
	defer cancel()
	defer func() {
		if err := fault.Recovered(ctx, recover(), nil); err != nil {
			answers = sameError[R](len(questions), err)
		}
	}()
	return do(ctx, questions)
}

// sameError gives all askers of a round the same error.
func sameError[R any](n int, err error) []Result[R] {
	answers := make([]Result[R], n)
	for i := range answers {
		answers[i].Err = err
	}
	return answers
}
