package api

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

const (
	// commandLimit is how many orders one request commands, and commandsAtOnce how many of them at the same time: a request
	// is over within its minute.
	commandLimit   = 500
	commandsAtOnce = 8
	// refusedShown is how many refusals a reply names.
	refusedShown = 20
)

// RetryOrders tells all orders that a filter picks to try again.
func (s *server) RetryOrders(ctx context.Context, in gen.RetryOrdersRequestObject) (gen.RetryOrdersResponseObject, error) {
	done, err := s.commandOrders(ctx, "retry", *in.Body, func(ctx context.Context, run db.OrderRun) error {
		return s.retryOrder(ctx, run, "")
	})
	return gen.RetryOrders202JSONResponse(done), err
}

// CancelOrders ends the runs of all orders that a filter picks.
func (s *server) CancelOrders(ctx context.Context, in gen.CancelOrdersRequestObject) (gen.CancelOrdersResponseObject, error) {
	done, err := s.commandOrders(ctx, "cancel", *in.Body, s.cancelOrder)
	return gen.CancelOrders202JSONResponse(done), err
}

func (s *server) commandOrders(ctx context.Context, name string, in gen.OrderSelection, command func(context.Context, db.OrderRun) error) (gen.OrderCommands, error) {
	if _, err := s.DB.Instance(ctx, in.Instance); fault.Is(err, fault.NotFound) {
		return gen.OrderCommands{}, fault.Field("instance", "there is no instance %q", in.Instance)
	} else if err != nil {
		return gen.OrderCommands{}, err
	}
	selection := db.OrderSelection{Instance: in.Instance, States: in.States, Code: in.Code, Step: in.Step}
	if len(selection.States) == 0 {
		selection.States = []string{db.RunBlocked}
	}
	runs, matched, err := s.DB.SelectOrderRuns(ctx, selection, commandLimit)
	if err != nil {
		return gen.OrderCommands{}, err
	}
	out := gen.OrderCommands{Matched: matched, Remaining: matched, Refused: []gen.OrderRefusal{}}
	if in.DryRun {
		return out, nil
	}
	by := callerOf(ctx).name
	bulk := bulkCommand{name: name, by: by, give: command, log: s.DB.LogOrderCommand, out: &out}
	err = bulk.run(ctx, runs)
	s.Logger.InfoContext(ctx, "orders were commanded", "command", name, "by", by, "instance", in.Instance,
		"states", selection.States, "code", in.Code, "step", in.Step, "matched", matched, "accepted", out.Accepted)
	return out, err
}

// bulkCommand gives one command to many orders.
type bulkCommand struct {
	name, by string
	give     func(context.Context, db.OrderRun) error
	log      func(ctx context.Context, run db.OrderRun, command, by string) error

	mu  sync.Mutex
	out *gen.OrderCommands
}

// run ends early when Temporal does not answer; what it did not come to remains.
func (b *bulkCommand) run(ctx context.Context, runs []db.OrderRun) error {
	group, commanding := errgroup.WithContext(ctx)
	group.SetLimit(commandsAtOnce)
	for _, run := range runs {
		group.Go(func() error {
			if commanding.Err() != nil {
				return nil //nolint:nilerr // another command has failed: the group returns that error
			}
			err := b.give(commanding, run)
			if fault.Is(err, fault.Unavailable) {
				return err
			}
			b.note(run, err)
			if err != nil {
				return nil //nolint:nilerr // it is noted in the answer, and the others go on
			}
			return b.log(commanding, run, b.name, b.by)
		})
	}
	err := group.Wait()
	if b.out.Accepted > 0 {
		return nil // what was done is told; the rest remains
	}
	return err
}

func (b *bulkCommand) note(run db.OrderRun, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.out.Remaining--
	if err == nil {
		b.out.Accepted++
		return
	}
	if len(b.out.Refused) < refusedShown {
		b.out.Refused = append(b.out.Refused, gen.OrderRefusal{WooID: run.WooID, Reason: fault.From(err).Message})
	}
}
