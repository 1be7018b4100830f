package worker

import (
	"context"

	"tandem/fault"
)

// turn lets one pass at a time. Unlike at a mutex, whoever waits may give up.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn until ctx ends.
func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.Wrap(fault.Unavailable, ctx.Err(), "the ERP takes too long to answer")
	}
}

func (t turn) leave() { <-t }
