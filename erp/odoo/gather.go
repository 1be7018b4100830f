package odoo

import (
	"context"
	"sync"

	"tandem/erp"
	"tandem/fault"
)

const (
	// roundSize is how many orders take a step together. More would not be faster, and would take back more of what was
	// done when Odoo fails.
	roundSize = 50
	// roundTimeout bounds a round, which may be several calls.
	roundTimeout = 2 * callTimeout
)

// gather joins calls that come at the same time. While one round of them is under way, those that come meanwhile wait,
// and make up the next: nobody waits for company, and yet Odoo, which takes a hundred orders through a step in a quarter
// of the time that a hundred calls take, is asked once.
type gather[Q question, R any] struct {
	mu      sync.Mutex
	waiting []asked[Q, R]
	busy    bool
}

// question is about one order.
type question interface{ about() erp.Key }

// rounds answers questions about different orders, one answer each, in order.
type rounds[Q question, R any] func(ctx context.Context, questions []Q) []told[R]

// asked is a question whose asker waits.
type asked[Q question, R any] struct {
	question Q
	reply    chan<- told[R]
}

type told[R any] struct {
	value R
	err   error
}

// ask gives the answer to one question. When the context ends, the round goes on without its asker.
func (g *gather[Q, R]) ask(ctx context.Context, q Q, do rounds[Q, R]) (R, error) {
	reply := make(chan told[R], 1)
	g.mu.Lock()
	g.waiting = append(g.waiting, asked[Q, R]{q, reply})
	if !g.busy {
		g.busy = true
		go g.work(do)
	}
	g.mu.Unlock()
	select {
	case a := <-reply:
		return a.value, a.err
	case <-ctx.Done():
		var none R
		return none, unreachable(ctx.Err())
	}
}

// work takes round after round until nobody waits.
func (g *gather[Q, R]) work(do rounds[Q, R]) {
	for {
		round := g.next()
		if len(round) == 0 {
			return
		}
		answers := runRound(do, mapped(round, func(a asked[Q, R]) Q { return a.question }))
		for i, a := range round {
			a.reply <- answers[i]
		}
	}
}

// next takes the questions of a round out of those that wait: at most one about an order, because the answer to the
// second depends on what the first one does.
func (g *gather[Q, R]) next() []asked[Q, R] {
	g.mu.Lock()
	defer g.mu.Unlock()
	var round, rest []asked[Q, R]
	taken := map[erp.Key]bool{}
	for _, a := range g.waiting {
		if key := a.question.about(); len(round) < roundSize && !taken[key] {
			taken[key] = true
			round = append(round, a)
		} else {
			rest = append(rest, a)
		}
	}
	g.waiting, g.busy = rest, len(round) > 0
	return round
}

// runRound runs a round. It is nobody's call in particular, so a panic in it must find the askers.
func runRound[Q question, R any](do rounds[Q, R], questions []Q) (answers []told[R]) {
	ctx, cancel := context.WithTimeout(context.Background(), roundTimeout)
	defer cancel()
	defer func() {
		if problem := recover(); problem != nil {
			answers = alike[R](len(questions), fault.New(fault.Internal, "a step of %d orders panicked: %v", len(questions), problem))
		}
	}()
	return do(ctx, questions)
}

// alike gives all askers of a round the same error.
func alike[R any](n int, err error) []told[R] {
	answers := make([]told[R], n)
	for i := range answers {
		answers[i].err = err
	}
	return answers
}
