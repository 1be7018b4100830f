package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
)

// writeCategories lands categories level by level, because a category is given its parent's id.
func (b *Backend) writeCategories(ctx context.Context, drafts []*draft[erp.Term]) error {
	if len(drafts) == 0 {
		return nil
	}
	ids, err := b.parentIDs(ctx, drafts)
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
		err := loadDrafts(ctx, b, "product.category", ready, func(d *draft[erp.Term]) *record {
			return &record{name: externalName(d.Key), cells: []rpc.Cell{
				rpc.TextCell("name", d.Record.Name), rpc.LinkCell("parent_id", ids[d.Record.Parent]), rpc.TextCell(stampField, d.After)}}
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
func (b *Backend) parentIDs(ctx context.Context, drafts []*draft[erp.Term]) (map[erp.Key]int64, error) {
	var parents []erp.Key
	for _, d := range drafts {
		if !d.Record.Parent.IsZero() {
			parents = append(parents, d.Record.Parent)
		}
	}
	return b.idsOf(ctx, "product.category", parents, externalName)
}

// idsOf finds the records of one model that keys name.
func (b *Backend) idsOf(ctx context.Context, model string, keys []erp.Key, name func(erp.Key) string) (map[erp.Key]int64, error) {
	ids := make(map[erp.Key]int64, len(keys))
	if len(keys) == 0 {
		return ids, nil
	}
	known, err := b.resolve(ctx, mapped(keys, name))
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if at, ok := known[name(key)]; ok && at.Model == model {
			ids[key] = at.ResID
		}
	}
	return ids, nil
}

// readyCategories splits off those whose parent is there.
func readyCategories(drafts []*draft[erp.Term], ids map[erp.Key]int64) (ready, rest []*draft[erp.Term]) {
	for _, d := range drafts {
		if _, ok := ids[d.Record.Parent]; ok || d.Record.Parent.IsZero() {
			ready = append(ready, d)
		} else {
			rest = append(rest, d)
		}
	}
	return ready, rest
}
