package flow

import (
	"context"
	"iter"

	"tandem/fault"
)

// readAhead runs a reader beside its consumer: while a batch is being landed, the next are read. At most two wait. When the
// consumer stops, reading is cancelled and has ended before the loop does.
func readAhead[B any](ctx context.Context, read func(context.Context) iter.Seq2[B, error]) iter.Seq2[B, error] {
	type item struct {
		batch B
		err   error
	}
	return func(yield func(B, error) bool) {
		reading, stop := context.WithCancel(ctx)
		items := make(chan item, 1)
		go func() {
			defer close(items)
			hand := func(b B, err error) bool {
				select {
				case items <- item{b, err}:
					return true
				case <-reading.Done():
					return false
				}
			}
			if err := readSafely(reading, read, hand); err != nil {
				var none B
				hand(none, err)
			}
		}()
		defer func() {
			stop()
			for range items { //nolint:revive // waits for the reader to end
			}
		}()
		for it := range items {
			if !yield(it.batch, it.err) || it.err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			var none B
			yield(none, fault.Wrap(fault.Unavailable, err, "reading was stopped"))
		}
	}
}

// readSafely hands on what a reader gives. A panic in it, which would end the worker from a goroutine of its own, is an error.
func readSafely[B any](ctx context.Context, read func(context.Context) iter.Seq2[B, error], hand func(B, error) bool) (err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	for b, err := range read(ctx) {
		if !hand(b, err) {
			return nil
		}
	}
	return nil
}
