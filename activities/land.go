package activities

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"

	"tandem/db"
	"tandem/entity"
	"tandem/erp"
)

// land keeps the raw records of a page, lands them, and stores what became of each. A crash in between is answered by doing the
// page again: the backend then says "unchanged". Records of which a newer copy is kept are not landed, but read again.
func (c *chunk) land(ctx context.Context, page entity.Page) error {
	c.started = time.Now()
	began := c.started
	started, err := c.Store.StartPage(ctx, c.pageStart(page))
	if err != nil {
		return err
	}
	current := page
	current.Records = slices.DeleteFunc(slices.Clone(page.Records), func(r entity.Record) bool {
		return slices.Contains(started.Older, r.ID)
	})
	results, err := c.landRecords(ctx, current)
	if err != nil {
		return err
	}
	result, err := c.pageResult(ctx, current, results)
	if err != nil {
		return err
	}
	result.Started = started
	result.Results = append(result.Results, again(started.Older)...)
	result.Duration, result.Requests = time.Since(began), c.requests.Swap(0)
	if err := c.Store.FinishPage(ctx, result); err != nil {
		return err
	}
	c.advance(page, result.Results)
	c.goesOn(ctx)
	return nil
}

func (c *chunk) pageStart(page entity.Page) db.PageStart {
	start := db.PageStart{
		Operation: c.in.Operation, Instance: c.in.Instance, Entity: c.in.Entity, Epoch: c.lease.Epoch,
		ReadAt: c.readAt(page.AskedAt), ByID: c.in.Filter.Kind == entity.IDs,
		Missing: page.Missing, Total: page.Total, Records: make([]db.RawRecord, len(page.Records)),
	}
	for i, r := range page.Records {
		start.Records[i] = db.RawRecord{WooID: r.ID, Raw: r.Raw, Modified: r.Modified, Type: r.Type, Status: r.Status}
	}
	return start
}

// again marks records whose kept copy is newer than the one that was read.
func again(ids []string) []db.RecordResult {
	results := make([]db.RecordResult, len(ids))
	for i, id := range ids {
		results[i] = db.RecordResult{
			WooID: id, Again: true, Code: "older_copy", Reason: "a newer copy of the record is kept already: it is read again by its id",
		}
	}
	return results
}

func (c *chunk) pageResult(ctx context.Context, page entity.Page, results []entity.Result) (db.PageResult, error) {
	run := activity.GetInfo(ctx).WorkflowExecution
	out := db.PageResult{
		Operation: c.in.Operation, Instance: c.in.Instance, Entity: c.in.Entity, Epoch: c.lease.Epoch,
		WorkflowID: run.ID, RunID: run.RunID,
		Results: make([]db.RecordResult, 0, len(results)+len(page.Missing)),
	}
	for i, r := range results {
		record, err := recordResult(page.Records[i], r)
		if err != nil {
			return db.PageResult{}, err
		}
		out.Results = append(out.Results, record)
	}
	for _, id := range page.Missing {
		out.Results = append(out.Results, missingResult(id, page))
	}
	return out, nil
}

// missingResult is what becomes of an id that was asked for and that the store does not list.
func missingResult(id string, page entity.Page) db.RecordResult {
	result := db.RecordResult{
		WooID: id, Status: string(erp.Failed), Code: "not_in_store", Reason: "the store has no such record; it may have been deleted",
	}
	switch {
	case slices.Contains(page.Trashed, id):
		result.Code = "in_store_trash"
		result.Reason = "the record, or the product of the variation, is in the store's trash and is not imported from there: restore it in " +
			"the store and process it again, or delete it there for good"
	case slices.Contains(page.Carts, id):
		result.Code = "cart"
		result.Reason = "it is a cart (a draft of the checkout), which is not imported: it comes with an import once the customer orders"
	}
	return result
}

func recordResult(record entity.Record, r entity.Result) (db.RecordResult, error) {
	out := db.RecordResult{
		WooID: record.ID, Status: string(r.Status), ERPID: r.ID, Before: r.Before, After: r.After,
		Code: r.Code, Reason: r.Reason, Steps: r.Steps, WooType: record.Type, Modified: record.Modified,
	}
	for _, key := range r.Waits {
		out.Waits = append(out.Waits, key.String())
	}
	if r.Landed() {
		out.Keys = append(out.Keys, r.Key.String())
	}
	for _, key := range r.Also {
		out.Keys = append(out.Keys, key.String())
	}
	if !r.Landed() || r.Order == nil {
		return out, nil
	}
	asked := PlanSale(r.Order.Workflow, r.Order.OrderDate, r.Order.PaidAt)
	if len(asked.Steps) == 0 {
		return out, nil // nothing would ever end its run
	}
	plan, err := json.Marshal(asked)
	if err != nil {
		return db.RecordResult{}, err
	}
	out.Run = &db.OrderRunSeed{Plan: plan}
	return out, nil
}

func (c *chunk) advance(page entity.Page, results []db.RecordResult) {
	c.state.Cursor, c.state.Done = page.Next, page.Done
	c.state.Pages++
	c.state.Landed++
	c.state.Skipped = page.Skipped
	if page.Total > 0 {
		c.state.Total = page.Total
	}
	c.observe(page)
	for _, r := range results {
		if r.Status == "" {
			continue // it has its result when it was read again
		}
		c.state.Counts.count(erp.Status(r.Status))
		if r.Run != nil {
			c.state.Runs++
		}
	}
}

func (c *Counts) count(status erp.Status) {
	c.Read++
	switch status {
	case erp.Created:
		c.Created++
	case erp.Updated:
		c.Updated++
	case erp.Unchanged:
		c.Unchanged++
	case erp.Parked:
		c.Parked++
	case erp.Failed:
		c.Failed++
	}
}
