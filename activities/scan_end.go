package activities

import (
	"context"
	"time"

	"tandem/db"
	"tandem/flow"
)

// clockSlack is how far clocks may differ before that means anything: it is under the overlap of two scans for changes.
const clockSlack = time.Minute

// clockWentBack reports whether the store's clock is behind the watermark that this scan reads from: it was set back, or ran
// ahead when the watermark was set.
func (c *chunk) clockWentBack(page flow.Page) bool {
	return c.in.Filter.Kind == flow.Changes && !c.state.Watermark.IsZero() && !page.StoreTime.IsZero() &&
		page.StoreTime.Add(clockSlack).Before(c.state.Watermark)
}

// observe keeps what the end of the scan needs to know of a page.
func (c *chunk) observe(page flow.Page) {
	if c.state.StoreTime.IsZero() && (!c.exports() || c.state.AskedAt.IsZero()) {
		c.state.StoreTime, c.state.AskedAt = page.StoreTime, c.readAt(page.AskedAt)
	}
	for _, r := range page.Records {
		if r.Modified.After(c.state.Newest) {
			c.state.Newest = r.Modified
		}
	}
}

// end closes a scan that is through. A scan by ids or dates has not seen everything and moves no watermark.
func (c *chunk) end(ctx context.Context) error {
	if !c.state.Done {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	if !c.in.Direction.Moves() {
		return c.endMatching(ctx)
	}
	if c.exports() {
		return c.Store.CompleteScan(ctx, c.lease, c.exportEnd())
	}
	if err := c.noteSkew(ctx); err != nil {
		return err
	}
	return c.Store.CompleteScan(ctx, c.lease, db.ScanEnd{
		Began: c.state.AskedAt, Until: c.watermark(), Whole: c.state.Watermark.IsZero(), Note: c.state.Skipped,
	})
}

// exportEnd is the end of a scan of an ERP, which tells what changes later by the cursor that it gave last.
func (c *chunk) exportEnd() db.ScanEnd {
	end := db.ScanEnd{Position: c.position(), Began: c.state.AskedAt, Whole: !c.state.Changes, Note: c.state.Skipped}
	if c.in.Filter.Kind != flow.IDs {
		end.Until, end.Cursor = c.lease.At, c.state.Cursor
	}
	return end
}

// watermark is how far a complete scan has seen: the beginning of the scan by the store's clock, or by ours when the store's
// runs ahead, and no further than the latest change it met, whose date no wrong clock can have spoilt. Zero leaves it
// as it is.
func (c *chunk) watermark() time.Time {
	if c.in.Filter.Kind != flow.All && c.in.Filter.Kind != flow.Changes || c.state.StoreTime.IsZero() {
		return time.Time{}
	}
	until := c.state.StoreTime
	if !c.state.AskedAt.IsZero() && c.state.AskedAt.Before(until) {
		until = c.state.AskedAt
	}
	dated := c.entity.Accepts(flow.Filter{Kind: flow.Range, From: until}) == nil
	if dated && c.state.Newest.Before(until) {
		until = c.state.Newest
	}
	return until
}

// noteSkew keeps by how many minutes the store's clock differs from ours.
func (c *chunk) noteSkew(ctx context.Context) error {
	if c.state.StoreTime.IsZero() || c.state.AskedAt.IsZero() {
		return nil
	}
	skew := c.state.StoreTime.Sub(c.state.AskedAt)
	return c.Store.SetClockSkew(ctx, c.in.Instance, skew.Round(clockSlack))
}
