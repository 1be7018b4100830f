package catalog

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// writeCategories lands categories level by level, because a category is given its parent's id.
func (w *Writer) writeCategories(ctx context.Context, drafts []*record.Draft[erp.Term]) error {
	if len(drafts) == 0 {
		return nil
	}
	ids, err := w.parentIDs(ctx, drafts)
	if err != nil {
		return err
	}
	waiting := drafts
	for len(waiting) > 0 {
		ready, rest := readyCategories(waiting, ids)
		if len(ready) == 0 {
			for _, d := range rest {
				d.Refused = landing.Parked("unknown_parent", "its parent has not landed: import it", d.Record.Parent)
			}
			return nil
		}
		err := record.LoadDrafts(ctx, w.records, "product.category", ready, func(d *record.Draft[erp.Term]) *record.Record {
			return &record.Record{Name: record.ExternalName(d.Key), Cells: []rpc.Cell{
				rpc.TextCell("name", d.Record.Name), rpc.LinkCell("parent_id", ids[d.Record.Parent]), rpc.TextCell(record.StampField, d.After)}}
		})
		if err != nil {
			return err
		}
		for _, d := range landing.Accepted(ready) {
			ids[d.Key] = d.ID
		}
		waiting = rest
	}
	return nil
}

// parentIDs finds the parents that are in Odoo already.
func (w *Writer) parentIDs(ctx context.Context, drafts []*record.Draft[erp.Term]) (map[erp.Key]int64, error) {
	var parents []erp.Key
	for _, d := range drafts {
		if !d.Record.Parent.IsZero() {
			parents = append(parents, d.Record.Parent)
		}
	}
	return w.records.IDsOf(ctx, "product.category", parents, record.ExternalName)
}

// readyCategories splits off those whose parent is there.
func readyCategories(drafts []*record.Draft[erp.Term], ids map[erp.Key]int64) (ready, rest []*record.Draft[erp.Term]) {
	for _, d := range drafts {
		if _, ok := ids[d.Record.Parent]; ok || d.Record.Parent.IsZero() {
			ready = append(ready, d)
		} else {
			rest = append(rest, d)
		}
	}
	return ready, rest
}
