// Package budget bounds the requests that are sent to one server, a store or an ERP: how many at once, how many per second,
// and none while the server asks for silence.
//
// Neither WooCommerce nor Odoo has a rate limit of its own; their hosts have, and none says how high. So the rate is found
// as TCP finds its own: a little faster with every good answer, a good part slower on 429, on a server error and when
// answers take much longer than they used to.
package budget

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// Options bound a Budget. Zero fields take the defaults.
type Options struct {
	Rate        float64       // requests per second to start with; default 20
	MinRate     float64       // never slower; default 0.5
	MaxRate     float64       // never faster; default 200
	Concurrency int           // requests at once; default 4
	MaxHold     time.Duration // the longest silence a request waits out; default a minute
}

// Budget is how many requests a server is asked to bear: everything that talks to one server should share one.
type Budget struct {
	slots   *semaphore.Weighted
	limiter *rate.Limiter
	options Options

	mu      sync.Mutex
	rate    float64
	held    time.Time // no request before this moment
	lastCut time.Time
	recent  throughput
	trends  map[string]*trend
	stats   Stats
}

// Stats is a snapshot for metrics. Counts only grow.
type Stats struct {
	Requests  int64         // finished, repeated tries included
	Retries   int64         // tries after the first
	Throttled int64         // answers 429
	Failures  int64         // other failures of the server: no answer, 5xx, pages instead of JSON
	Waited    time.Duration // sum over all requests of the time spent waiting for their turn
	Rate      float64       // requests per second allowed now
	InFlight  int64
}

// Verdict is what an answer says about the server.
type Verdict int

// The verdicts.
const (
	Served    Verdict = iota // it answered, be it with a refusal
	Throttled                // it asks for fewer requests
	Failing                  // it is in trouble: no answer, 5xx
)

// Answer is what a budget learns from.
type Answer struct {
	Verdict Verdict
	After   time.Duration // how long the server wants no requests
	Took    time.Duration
	// Kind names what was asked for: answers of one kind usually take about as long. Numbers in a path do not matter.
	Kind string
}

// How far one bad sign slows down, and how long until the next may: the requests that were under way at the first sign tell the same
// story and must not count again.
const (
	cutThrottled = 0.5
	cutFailing   = 0.75
	cutSlow      = 0.85
	cutPause     = time.Second
)

// New returns a budget that begins with the options' rate.
func New(o Options) *Budget {
	o.Rate, o.MinRate, o.MaxRate = cmp.Or(o.Rate, 20), cmp.Or(o.MinRate, 0.5), cmp.Or(o.MaxRate, 200)
	o.Concurrency, o.MaxHold = cmp.Or(o.Concurrency, 4), cmp.Or(o.MaxHold, time.Minute)
	return &Budget{
		slots:   semaphore.NewWeighted(int64(o.Concurrency)),
		limiter: rate.NewLimiter(rate.Limit(o.Rate), o.Concurrency),
		options: o,
		rate:    o.Rate,
		trends:  map[string]*trend{},
	}
}

// Stats returns a snapshot.
func (b *Budget) Stats() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	stats := b.stats
	stats.Rate = b.rate
	return stats
}

// HeldError is a server that asked for a longer silence than a request may wait.
type HeldError struct{ Wait time.Duration }

// Error says for how long.
func (e *HeldError) Error() string {
	return fmt.Sprintf("the server asked for no requests for another %s", e.Wait.Round(time.Second))
}

// Permit is the right to send one request; Done or Release must be called.
type Permit struct{ budget *Budget }

// Acquire waits for a turn. A silence that is too long to wait for is a HeldError.
func (b *Budget) Acquire(ctx context.Context) (*Permit, error) {
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
	return &Permit{budget: b}, nil
}

// turn waits out the silence the server asked for, then for the rate.
func (b *Budget) turn(ctx context.Context) error {
	for {
		wait := b.Held()
		if wait <= 0 {
			return b.limiter.Wait(ctx)
		}
		if wait > b.options.MaxHold {
			return &HeldError{Wait: wait}
		}
		if err := Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// Held is for how long requests are still held back; it is not positive when they are not.
func (b *Budget) Held() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Until(b.held)
}

// Release ends a request that says nothing about the server, because its caller gave up.
func (p *Permit) Release() {
	p.budget.slots.Release(1)
	p.budget.mu.Lock()
	defer p.budget.mu.Unlock()
	p.budget.countRequest()
}

// countRequest counts a request that has ended; the lock is held.
func (b *Budget) countRequest() {
	b.stats.InFlight--
	b.stats.Requests++
}

// Done ends a request and learns from the answer.
func (p *Permit) Done(a Answer) {
	b := p.budget
	b.slots.Release(1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.countRequest()
	b.recent.add(time.Now())
	switch {
	case a.Verdict == Throttled:
		b.stats.Throttled++
		b.hold(a.After)
		b.cut(cutThrottled)
	case a.Verdict == Failing:
		b.stats.Failures++
		b.cut(cutFailing)
	case b.trend(a.Kind).slower(a.Took):
		b.cut(cutSlow)
	default:
		b.raise()
	}
}

// CountRetry counts a request as sent again.
func (b *Budget) CountRetry() {
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

// cut slows down. A limit far above the rate in use would have to be cut many times before anything became slower, so it is
// the rate in use that is cut then; one that is hardly used counts as if each slot served a request per second.
func (b *Budget) cut(factor float64) {
	now := time.Now()
	if now.Sub(b.lastCut) < cutPause {
		return
	}
	b.lastCut = now
	b.setRate(min(b.rate, max(b.recent.perSecond(now), float64(b.options.Concurrency))) * factor)
}

// raise adds one request per second for every good answer: from 20 to 200 takes a few seconds of full use.
func (b *Budget) raise() { b.setRate(b.rate + 1) }

func (b *Budget) setRate(perSecond float64) {
	b.rate = min(max(perSecond, b.options.MinRate), b.options.MaxRate)
	b.limiter.SetLimit(rate.Limit(b.rate))
}

func (b *Budget) trend(path string) *trend {
	kind := kindOf(path)
	if b.trends[kind] == nil {
		b.trends[kind] = &trend{}
	}
	return b.trends[kind]
}

// Sleep waits, unless the context ends first.
func Sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
