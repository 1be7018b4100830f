package activities

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"tandem/db"
	"tandem/fault"
	"tandem/instance"
)

// runStore is what Starter needs of the database.
type runStore interface {
	DueOrderRuns(ctx context.Context, inst string, limit int) ([]db.OrderRun, error)
	MarkOrderRunsStarted(ctx context.Context, inst string, runs []db.OrderRun) error
	DeferOrderRuns(ctx context.Context, inst string, runs []db.OrderRun) error
}

// SaleStart is a due run: the order, and the plan its SaleOrder is to go through.
type SaleStart struct {
	Instance string
	WooID    string
	PlanID   string // stamps what the SaleOrder records
	Plan     instance.SalePlan
}

// SaleStarter starts the SaleOrder of an order. It reports false when one of a former plan still runs: the order is tried
// again when that has ended.
type SaleStarter interface {
	StartSale(ctx context.Context, sale SaleStart) (started bool, err error)
}

// Starter hands imported orders to their sale workflows. The rows are an outbox written together with the import's
// outcome: an order that was landed is started, whatever crashes in between.
type Starter struct {
	Store runStore
	Sales SaleStarter
}

// StartInput names the instance whose orders are started.
type StartInput struct {
	Instance string `json:"instance"`
}

// How many rows are claimed at once, and how many starts are under way at once.
const (
	startBatch    = 200
	startParallel = 8
	maxFailures   = 10 // that a batch reports
)

// StartSaleOrders starts the sale workflow of every order that is due, and says how many.
func (s *Starter) StartSaleOrders(ctx context.Context, in StartInput) (int, error) {
	started, err := StartDue(ctx, s, in.Instance, func(n int) { activity.RecordHeartbeat(ctx, n) })
	return started, classify(ctx, err)
}

// StartDue is StartSaleOrders outside an activity, for a worker that looks for what was left behind. It tells after each
// batch how many it has started. An order that cannot be started keeps no other from being started; the errors are joined.
func StartDue(ctx context.Context, s *Starter, inst string, tell func(started int)) (int, error) {
	started := 0
	var failures []error
	for {
		due, err := s.Store.DueOrderRuns(ctx, inst, startBatch)
		if err != nil || len(due) == 0 {
			return started, errors.Join(append(failures, err)...)
		}
		n, err := s.startBatch(ctx, inst, due)
		started += n
		if err != nil {
			failures = append(failures, err)
		}
		if fault.Is(err, fault.Unavailable) {
			return started, errors.Join(failures...)
		}
		tell(started)
	}
}

// startBatch starts what it can, and lets the rest of the batch wait a little. When Temporal does not answer, the batch ends.
func (s *Starter) startBatch(ctx context.Context, inst string, due []db.OrderRun) (int, error) {
	b := batchStart{starter: s, due: due, began: make([]bool, len(due)), tried: make([]bool, len(due))}
	failed := b.run(ctx)
	started, waiting := b.sorted()
	if len(started) > 0 {
		if err := s.Store.MarkOrderRunsStarted(ctx, inst, started); err != nil {
			return 0, err
		}
	}
	if len(waiting) > 0 {
		if err := s.Store.DeferOrderRuns(ctx, inst, waiting); err != nil {
			return len(started), err
		}
	}
	return len(started), failed
}

// batchStart is a batch of due runs on their way to Temporal. Each has its own place in the lists.
type batchStart struct {
	starter *Starter
	due     []db.OrderRun
	began   []bool
	tried   []bool

	mu       sync.Mutex
	failures []error
}

func (b *batchStart) run(ctx context.Context) error {
	group, starting := errgroup.WithContext(ctx)
	group.SetLimit(startParallel)
	for i := range b.due {
		group.Go(func() error {
			if starting.Err() != nil {
				return nil //nolint:nilerr // another start has failed: the group returns that error
			}
			b.tried[i] = true
			err := b.start(starting, i)
			if fault.Is(err, fault.Unavailable) {
				return err
			}
			b.note(err)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return errors.Join(b.failures...)
}

func (b *batchStart) start(ctx context.Context, i int) error {
	run := b.due[i]
	sale := SaleStart{Instance: run.Instance, WooID: run.WooID, PlanID: run.PlanID}
	if err := json.Unmarshal(run.Plan, &sale.Plan); err != nil {
		return fault.Wrap(fault.Internal, err, "the plan of order %s of %q cannot be read", run.WooID, run.Instance)
	}
	began, err := b.starter.Sales.StartSale(ctx, sale)
	b.began[i] = began
	return err
}

// note keeps a failure; a few of them say what is wrong.
func (b *batchStart) note(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil && len(b.failures) < maxFailures {
		b.failures = append(b.failures, err)
	}
}

// sorted lists the runs that began and those that were tried but did not.
func (b *batchStart) sorted() (started, waiting []db.OrderRun) {
	for i, run := range b.due {
		switch {
		case b.began[i]:
			started = append(started, run)
		case b.tried[i]:
			waiting = append(waiting, run)
		}
	}
	return started, waiting
}
