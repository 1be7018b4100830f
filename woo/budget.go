package woo

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// BudgetOptions bound a [Budget]. Zero fields take the defaults.
type BudgetOptions struct {
	Rate        float64 // requests per second to start with; default 20
	MinRate     float64 // never slower; default 0.5
	MaxRate     float64 // never faster; default 200
	Concurrency int     // requests at once; default 4
}

// Budget is how many requests a store is asked to bear: everything that talks to one store should share one.
//
// WooCommerce has no rate limit of its own, its hosts have, and none says how high. So the rate is found as TCP finds its own: a little
// faster with every good answer, a good part slower on 429, on a server error and when answers take much longer than they used to.
type Budget struct {
	slots   *semaphore.Weighted
	limiter *rate.Limiter
	options BudgetOptions

	mu      sync.Mutex
	rate    float64
	held    time.Time // no request before this moment
	lastCut time.Time
	trends  map[string]*trend
	stats   BudgetStats
}

// BudgetStats is a snapshot for metrics. Counts only grow.
type BudgetStats struct {
	Requests  int64         // finished, repeated tries included
	Retries   int64         // tries after the first
	Throttled int64         // answers 429
	Failures  int64         // other failures of the store: no answer, 5xx, pages instead of JSON
	Waited    time.Duration // sum over all requests of the time spent waiting for their turn
	Rate      float64       // requests per second allowed now
	InFlight  int64
}

// How far one bad sign slows down, and how long until the next may: the requests that were under way at the first sign tell the same
// story and must not count again.
const (
	cutThrottled = 0.5
	cutFailing   = 0.75
	cutSlow      = 0.85
	cutPause     = time.Second
)

// NewBudget makes a budget.
func NewBudget(options BudgetOptions) *Budget {
	setDefault(&options.Rate, 20)
	setDefault(&options.MinRate, 0.5)
	setDefault(&options.MaxRate, 200)
	setDefault(&options.Concurrency, 4)
	return &Budget{
		slots:   semaphore.NewWeighted(int64(options.Concurrency)),
		limiter: rate.NewLimiter(rate.Limit(options.Rate), options.Concurrency),
		options: options,
		rate:    options.Rate,
		trends:  map[string]*trend{},
	}
}

// Stats gives a snapshot.
func (b *Budget) Stats() BudgetStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	stats := b.stats
	stats.Rate = b.rate
	return stats
}

// heldError is a store that asked for a longer silence than a call may wait.
type heldError struct{ wait time.Duration }

func (e *heldError) Error() string {
	return fmt.Sprintf("the store asked for no requests for another %s", e.wait.Round(time.Second))
}

// permit is the right to send one request; done or release must be called.
type permit struct{ budget *Budget }

// acquire waits for a turn.
func (b *Budget) acquire(ctx context.Context) (*permit, error) {
	started := time.Now()
	if err := b.slots.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	if err := b.turn(ctx); err != nil {
		b.slots.Release(1)
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stats.Waited += time.Since(started)
	b.stats.InFlight++
	return &permit{budget: b}, nil
}

// turn waits out the silence the store asked for, then for the rate.
func (b *Budget) turn(ctx context.Context) error {
	for {
		b.mu.Lock()
		wait := time.Until(b.held)
		b.mu.Unlock()
		if wait <= 0 {
			return b.limiter.Wait(ctx)
		}
		if wait > maxWait {
			return &heldError{wait: wait}
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// release gives the turn back.
func (p *permit) release() {
	p.budget.slots.Release(1)
	p.budget.mu.Lock()
	defer p.budget.mu.Unlock()
	p.budget.stats.InFlight--
	p.budget.stats.Requests++
}

// done gives the turn back and learns from the answer.
func (p *permit) done(path string, took time.Duration, failure *Error) {
	p.release()
	b := p.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case failure != nil && failure.Reason == RateLimited:
		b.stats.Throttled++
		b.hold(failure.After)
		b.cut(cutThrottled)
	case failure != nil && failure.transient():
		b.stats.Failures++
		b.cut(cutFailing)
	case b.trend(path).slower(took):
		b.cut(cutSlow)
	default:
		b.raise()
	}
}

func (b *Budget) countRetry() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stats.Retries++
}

// hold keeps all requests back, not only the one that was told to wait.
func (b *Budget) hold(wait time.Duration) {
	if until := time.Now().Add(wait); until.After(b.held) {
		b.held = until
	}
}

func (b *Budget) cut(factor float64) {
	if time.Since(b.lastCut) < cutPause {
		return
	}
	b.lastCut = time.Now()
	b.setRate(b.rate * factor)
}

// raise adds one request per second for every good answer: from 20 to 200 takes a few seconds of full use.
func (b *Budget) raise() { b.setRate(b.rate + 1) }

func (b *Budget) setRate(perSecond float64) {
	b.rate = math.Min(math.Max(perSecond, b.options.MinRate), b.options.MaxRate)
	b.limiter.SetLimit(rate.Limit(b.rate))
}

func (b *Budget) trend(path string) *trend {
	key := resourceOf(path)
	if b.trends[key] == nil {
		b.trends[key] = &trend{}
	}
	return b.trends[key]
}
