package rpc

import (
	"context"
	"net/http"
	"sync"
	"time"

	"tandem/fault"
)

const (
	// mostCalls is how many calls go to one Odoo at once. A usual server has fewer workers than that, and queues the rest.
	mostCalls = 16
	// longestHold is the longest silence that a call waits out. After a longer one it is its caller who tries again.
	longestHold = 30 * time.Second
	// shortestHold is how long calls are held back when the server does not say.
	shortestHold = 500 * time.Millisecond
	// mostTries is how often a call is sent that the server does not take for now.
	mostTries = 3
)

// pace bounds the calls to one server. When the server asks to slow down, all of them are held back for as long as it says,
// and half as many are under way at once afterwards; good answers raise that again, one by one.
type pace struct {
	mu     sync.Mutex
	cut    int // how many calls fewer than mostCalls may be under way
	used   int
	good   int // answers since the last change
	held   time.Time
	change chan struct{} // closed at the next change; nil while nobody waits
}

// enter waits for a turn. A silence that is too long to wait for is fault.RateLimited.
func (p *pace) enter(ctx context.Context) error {
	for {
		wait, change := p.take()
		switch {
		case wait > longestHold:
			return slowDown(wait)
		case wait > 0:
			change = nil
		case change == nil:
			return nil
		default:
			wait = longestHold
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-change:
		case <-ctx.Done():
			timer.Stop()
			return Unreachable(ctx.Err(), 0)
		}
		timer.Stop()
	}
}

// take takes a turn, or says how long to wait, or what to wait for.
func (p *pace) take() (wait time.Duration, change <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wait = time.Until(p.held); wait > 0 {
		return wait, nil
	}
	if p.used < mostCalls-p.cut {
		p.used++
		return 0, nil
	}
	if p.change == nil {
		p.change = make(chan struct{})
	}
	return 0, p.change
}

// leave gives a turn back and learns from the reply.
func (p *pace) leave(r reply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used--
	p.good++
	switch {
	case r.status == http.StatusTooManyRequests:
		p.good, p.cut = 0, mostCalls-max(1, (mostCalls-p.cut)/2)
		if until := time.Now().Add(max(retryAfter(r.header), shortestHold)); until.After(p.held) {
			p.held = until
		}
	case p.cut > 0 && p.good >= mostCalls:
		p.good, p.cut = 0, p.cut-1
	}
	if p.change != nil {
		close(p.change)
		p.change = nil
	}
}

// wait says how long the server asked to be left alone.
func (p *pace) wait() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.held)
}

func slowDown(after time.Duration) error {
	return &fault.Error{Kind: fault.RateLimited, Message: "Odoo asks to slow down", After: after}
}
