package activities

import (
	"context"
	"log/slog"
	"time"

	"tandem/db"
	"tandem/fault"
	"tandem/woo"
)

// How an activity is tried again: after a second, then twice as long each time, up to a minute. A store that has been down all
// night is back at work a minute after it answers.
const (
	FirstRetry = time.Second
	LastRetry  = time.Minute
)

// brokenAfter is how long a list of the store may fail, while the store itself answers, before its entity is given up.
const brokenAfter = 10 * time.Minute

// noteEvery bounds how often what a chunk waits for is written down.
const noteEvery = 5 * time.Second

// RetryDelay is how long Temporal waits after the given attempt, from 1.
func RetryDelay(attempt int) time.Duration {
	delay := FirstRetry
	for range attempt - 1 {
		if delay = 2 * delay; delay >= LastRetry {
			return LastRetry
		}
	}
	return delay
}

// retried is told of requests to the store that go wrong and are sent again; the first few seconds of that are not worth a word.
func (c *chunk) retried(ctx context.Context, r woo.Retry) {
	if r.Lasting < noteEvery || !c.waiting.due() {
		return
	}
	w := c.note(ctx, r.Err, time.Now().Add(r.Wait))
	if !c.waiting.isShown() {
		c.show(ctx, w)
	}
}

// giveUpOrWait notes why the chunk failed and when it is tried again. What never gets better is given up: it answers with the
// error that says so.
func (c *chunk) giveUpOrWait(ctx context.Context, err error) error {
	f := fault.From(err)
	if !fault.Retryable(f) || f.Code == db.CodeSuperseded || ctx.Err() != nil {
		return err
	}
	w := c.note(ctx, err, time.Now().Add(max(f.After, RetryDelay(c.tries))))
	if time.Since(w.Since) >= brokenAfter {
		err = c.broken(ctx, err)
	}
	if fault.Retryable(fault.From(err)) && worthShowing(c.tries) {
		c.show(ctx, w)
	}
	return err
}

// broken tells a list that the store cannot give from a store that is away: only the former is given up.
func (c *chunk) broken(ctx context.Context, err error) error {
	switch woo.ReasonOf(err) {
	case woo.Unavailable, woo.NotWooCommerce, woo.Blocked:
	default:
		return err
	}
	if c.ec.Store == nil || !c.ec.Store.Answers(ctx) {
		return err
	}
	return fault.Wrap(fault.Unsupported, err,
		"the store itself answers, but has not given this list for %d minutes: %s. Its error log says why; then import again, or leave this entity out",
		int(brokenAfter.Minutes()), fault.From(err).Message)
}

// note writes down what the chunk waits for. It must not fail the work: when the database is away too, that is what is tried
// again.
func (c *chunk) note(ctx context.Context, err error, next time.Time) db.Waiting {
	f := fault.From(err)
	w := db.Waiting{
		Kind: string(f.Kind), Message: f.Error(), Remedy: remedy(f), Attempt: c.tries, NextTryAt: next.UTC().Truncate(time.Second),
	}
	var failed error
	if w.Since, failed = c.Store.SetWaiting(ctx, c.attempt, w); failed != nil {
		slog.WarnContext(ctx, "what the import waits for could not be noted", "error", failed)
	}
	return w
}

// remedy says what a person may do about what is tried again.
func remedy(f *fault.Error) string {
	switch f.Kind {
	case fault.RateLimited:
		return "It continues automatically. If that happens often, lower the store's readers."
	case fault.Internal:
		return "It is tried again; a record that always fails is set aside after a few attempts. Report the message with the worker's log."
	default:
		return "It continues automatically once the other side answers. If it does not, check that system; pausing and resuming tries at once, cancelling stops it."
	}
}
