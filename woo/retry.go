package woo

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net/url"
	"time"

	"tandem/budget"
	"tandem/fault"
)

const (
	lastBackoff = 30 * time.Second
	// maxWait is the longest wait inside a call. A store that asks for more is left to the caller, who waits without holding a worker.
	maxWait = time.Minute
)

// repeat runs try until it succeeds or is not worth another one.
func repeat[T any](ctx context.Context, c *Client, r call, try func() (T, *Error)) (T, error) {
	var none T
	began := time.Now()
	for n := 1; ; n++ {
		answer, failure := try()
		if failure == nil {
			return answer, nil
		}
		wait, again := c.backoff(r, failure, n)
		if !again {
			return none, r.final(failure)
		}
		if ctx.Err() != nil {
			return none, r.stopped(ctx.Err())
		}
		c.cfg.Budget.CountRetry()
		tellRetry(ctx, Retry{Err: failure, Try: n, Wait: wait, Lasting: time.Since(began)})
		if err := budget.Sleep(ctx, wait); err != nil {
			return none, r.stopped(err)
		}
	}
}

// backoff decides whether to try again and when. Waits are random so that the readers of a store do not come back all at once.
func (c *Client) backoff(r call, failure *Error, try int) (wait time.Duration, again bool) {
	if try >= min(c.cfg.Tries, cmp.Or(r.tries, c.cfg.Tries)) || !failure.transient() || failure.After > maxWait {
		return 0, false
	}
	if !r.repeatable && !failure.harmless {
		return 0, false
	}
	limit := min(c.cfg.FirstBackoff<<(try-1), lastBackoff)
	return max(limit/2+rand.N(limit/2), failure.After), true
}

// final is the error of a request that is given up: when a create may have happened, it says so.
func (r call) final(failure *Error) *Error {
	if !r.repeatable && failure.transient() && !failure.harmless {
		failure.Reason = Uncertain
		return failure.seal(failure.fault.Err)
	}
	return failure
}

// lost is the error of a request without a complete answer. Go's own error holds the address with the keys, so only its cause is kept.
func (r call) lost(err error, sent bool) *Error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	e := &Error{Reason: Unavailable, Method: r.method, Path: r.path, harmless: !sent}
	return e.seal(err)
}

// failed makes a sealed error of a known reason.
func (r call) failed(reason Reason, status int, cause error) *Error {
	e := &Error{Reason: reason, Status: status, Method: r.method, Path: r.path}
	return e.seal(cause)
}

// noBudget is the error of a request that was not sent because its turn would come too late.
func (r call) noBudget(err error) *Error {
	e := &Error{Reason: Unavailable, Method: r.method, Path: r.path, harmless: true}
	if held := (*budget.HeldError)(nil); errors.As(err, &held) {
		e.Reason, e.After = RateLimited, held.Wait
	}
	return e.seal(err)
}

// stopped is the error of a wait that the caller ended.
func (r call) stopped(cause error) error {
	return fault.Wrap(fault.Unavailable, cause, "%s %s was given up while waiting to try again", r.method, r.path)
}
