package activities

import (
	"context"
	"encoding/json"

	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"tandem/db"
)

// runStore is what Starter needs of the database.
type runStore interface {
	DueOrderRuns(ctx context.Context, inst string, limit int) ([]db.OrderRun, error)
	MarkOrderRunsStarted(ctx context.Context, inst string, ids []string) error
}

// SaleStarter starts the SaleOrder of an order, or leaves the one that runs already alone.
type SaleStarter interface {
	StartSale(ctx context.Context, instance, wooID string, plan SalePlan) error
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
)

// StartSaleOrders starts the sale workflow of every order that is due, and says how many.
func (s *Starter) StartSaleOrders(ctx context.Context, in StartInput) (int, error) {
	started, err := StartDue(ctx, s, in.Instance, func(n int) { activity.RecordHeartbeat(ctx, n) })
	return started, classify(ctx, err)
}

// StartDue is StartSaleOrders outside an activity, for a worker that looks for what was left behind. It tells after each
// batch how many it has started.
func StartDue(ctx context.Context, s *Starter, inst string, tell func(started int)) (int, error) {
	started := 0
	for {
		due, err := s.Store.DueOrderRuns(ctx, inst, startBatch)
		if err != nil || len(due) == 0 {
			return started, err
		}
		if err := s.startBatch(ctx, inst, due); err != nil {
			return started, err
		}
		started += len(due)
		tell(started)
	}
}

func (s *Starter) startBatch(ctx context.Context, inst string, due []db.OrderRun) error {
	group, starting := errgroup.WithContext(ctx)
	group.SetLimit(startParallel)
	ids := make([]string, len(due))
	for i, run := range due {
		ids[i] = run.WooID
		group.Go(func() error {
			var plan SalePlan
			if err := json.Unmarshal(run.Plan, &plan); err != nil {
				return err
			}
			return s.Sales.StartSale(starting, inst, run.WooID, plan)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return s.Store.MarkOrderRunsStarted(ctx, inst, ids)
}
