package woo

import (
	"context"
	"iter"
	"sync"

	"tandem/fault"
)

// Ahead reads parts of something a few at once, before they are asked for, and gives what was read in the order of the parts. The first
// error ends the loop. What is still being read when the loop ends is cancelled and waited for.
func Ahead[P, R any](ctx context.Context, readers int, parts []P, read func(context.Context, P) (R, error)) iter.Seq2[R, error] {
	type pending struct {
		done  chan struct{}
		value R
		err   error
	}
	return func(yield func(R, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		var queue []*pending
		left := parts
		fill := func() {
			for len(left) > 0 && len(queue) < max(readers, 1) {
				part, p := left[0], &pending{done: make(chan struct{})}
				left, queue = left[1:], append(queue, p)
				running.Go(func() {
					defer close(p.done)
					defer func() { p.err = fault.Recovered(ctx, recover(), p.err) }()
					p.value, p.err = read(ctx, part)
				})
			}
		}
		for fill(); len(queue) > 0; {
			head := queue[0]
			queue = queue[1:]
			<-head.done
			if head.err == nil {
				fill() // the readers go on while the caller is busy with this one
			}
			if !yield(head.value, head.err) || head.err != nil {
				return
			}
		}
	}
}
