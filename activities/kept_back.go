package activities

import (
	"context"
	"time"

	"tandem/db"
	"tandem/flow"
)

// keptBackLimit is how many records of which something is kept back are moved before one scan for changes. The rest follows with the next.
const keptBackLimit = 1000

// moveKeptBack moves, before a scan for changes, what an operation before kept back and this direction is to move: nothing of it need have
// changed on the side that the scan reads. A scan that reads everything comes across it anyway.
func (c *chunk) moveKeptBack(ctx context.Context) error {
	whole := c.state.Watermark.IsZero() && !c.state.Changes
	if c.in.Filter.Kind != flow.Changes || len(c.in.Filter.Parts) > 0 || c.state.Landed > 0 || whole {
		return nil
	}
	ids, err := c.Store.KeptBack(ctx, c.in.Instance, c.in.Entity, c.in.Direction, c.ec.Owners(c.in.Entity), keptBackLimit)
	if err != nil || len(ids) == 0 {
		return err
	}
	return c.runIDs(ctx, ids)
}

// runIDs moves records by their ids, before or after the scan.
func (c *chunk) runIDs(ctx context.Context, ids []string) error {
	return c.entity.Run(ctx, c.ec, flow.Scan{Filter: flow.Filter{Kind: flow.IDs, IDs: ids}, Isolate: c.tries >= isolateFrom}, &byIDs{c})
}

// byIDs records what is read by its ids before or after the scan, which stays where it is.
type byIDs struct{ *chunk }

// Start is the chunk's for records that are read by their ids.
func (k *byIDs) Start(ctx context.Context, page flow.Page) (older []string, err error) {
	k.started = time.Now()
	k.page, err = k.Store.StartPage(ctx, db.PageStart{
		Operation: k.in.Operation, Instance: k.in.Instance, Entity: k.in.Entity, Direction: k.in.Direction, Epoch: k.lease.Epoch,
		ReadAt: k.readAt(page.AskedAt), ByID: true, Missing: page.Missing, Records: page.Records,
	})
	return k.page.Older, err
}

// Finish stores what became of a page, and leaves the cursor of the scan where it is.
func (k *byIDs) Finish(ctx context.Context, page flow.Page, results []flow.Result) (more bool, err error) {
	page.Next, page.Done = k.state.Cursor, false
	if err := k.finishPage(ctx, page, gone(page, results)); err != nil {
		return false, err
	}
	k.count(results)
	k.state.Landed++
	k.goesOn(ctx)
	k.beat.set(k.state)
	return true, nil
}
