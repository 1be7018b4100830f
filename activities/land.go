package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"

	"tandem/db"
	"tandem/flow"
)

// errClockWentBack ends a run whose source's clock is behind the watermark: what changed since cannot be told from what did not.
var errClockWentBack = errors.New("the store's clock is behind the watermark")

// Start keeps the raw records of a page before it is landed. A crash until Finish is answered by doing the page again: the backend
// then says "unchanged".
func (c *chunk) Start(ctx context.Context, page flow.Page) (older []string, err error) {
	if c.clockWentBack(page) {
		return nil, errClockWentBack
	}
	c.started = time.Now()
	if !c.in.Direction.Moves() {
		c.observe(page)
		return nil, nil
	}
	c.page, err = c.Store.StartPage(ctx, db.PageStart{
		Operation: c.in.Operation, Instance: c.in.Instance, Entity: c.in.Entity, Direction: c.in.Direction, Epoch: c.lease.Epoch,
		ReadAt: c.readAt(page.AskedAt), ByID: c.in.Filter.Kind == flow.IDs,
		Missing: page.Missing, Total: page.Total, Records: page.Records,
	})
	c.observe(page)
	return c.page.Older, err
}

// Finish stores what became of a page, and says whether the chunk goes on: it does not when it has had its share of the worker,
// or when that stops.
func (c *chunk) Finish(ctx context.Context, page flow.Page, results []flow.Result) (more bool, err error) {
	results = c.reported(page, results)
	if c.in.Direction.Moves() {
		err = c.finishPage(ctx, page, results)
	} else {
		err = c.Store.FinishMatchPage(ctx, c.lease, db.MatchPage{Next: page.Next, Total: page.Total, Requests: c.requests.Swap(0)})
	}
	if err != nil {
		return false, err
	}
	c.advance(page, results)
	c.goesOn(ctx)
	c.beat.set(c.state)
	return !page.Done && c.state.Pages < c.in.MaxPages && time.Since(c.began) <= chunkLimit, nil
}

// finishPage stores what became of records that went somewhere.
func (c *chunk) finishPage(ctx context.Context, page flow.Page, results []flow.Result) error {
	run := activity.GetInfo(ctx).WorkflowExecution
	return c.Store.FinishPage(ctx, db.PageResult{
		Operation: c.in.Operation, Instance: c.in.Instance, Entity: c.in.Entity, Direction: c.in.Direction, Epoch: c.lease.Epoch,
		WorkflowID: run.ID, RunID: run.RunID, Next: page.Next, Results: results, Started: c.page,
		AllRead:  page.Done && page.Skipped == "" && c.filter().Kind == flow.All && c.entity.DeletesSilently(),
		Duration: time.Since(c.started), Requests: c.requests.Swap(0),
	})
}

func (c *chunk) advance(page flow.Page, results []flow.Result) {
	c.state.Cursor, c.state.Done = page.Next, page.Done
	c.state.Pages++
	c.state.Landed++
	c.state.Skipped = page.Skipped
	if page.Total > 0 {
		c.state.Total = page.Total
	}
	c.count(results)
}

// count counts what became of records.
func (c *chunk) count(results []flow.Result) {
	for _, r := range results {
		c.state.Counts.count(r.Outcome.Status)
		if r.Outcome.Plan != nil && r.Outcome.Landed() {
			c.state.Runs++
		}
	}
}

func (c *Counts) count(status flow.Status) {
	c.Read++
	switch status {
	case flow.Created:
		c.Created++
	case flow.Updated:
		c.Updated++
	case flow.Unchanged:
		c.Unchanged++
	case flow.Parked:
		c.Parked++
	case flow.Failed:
		c.Failed++
	}
}
