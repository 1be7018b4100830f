package catalog

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// labelled is a record that is known by its name.
type labelled struct {
	rpc.Row
	Name  string   `json:"name"`
	Owner rpc.Link `json:"attribute_id"` // of an attribute's value
}

// writeTags lands tags under names that are theirs alone. A new tag takes over the product tag that has its name.
func (w *Writer) writeTags(ctx context.Context, drafts []*record.Draft[erp.Term]) error {
	if len(drafts) == 0 {
		return nil
	}
	model := rpc.TagModels.For(w.rpc.Release)
	names := make([]string, len(drafts))
	for i, d := range drafts {
		names[i] = d.Record.Name
	}
	there, err := rpc.SearchBy[labelled](ctx, w.rpc, model, "name", rpc.Distinct(names), nil, "name")
	if err != nil {
		return err
	}
	taken := make(map[string]int64, len(there))
	for _, tag := range there {
		taken[tag.Name] = tag.ID
	}
	adopted := map[string]int64{}
	used := make(map[string]bool, len(drafts))
	for i, d := range drafts {
		owner := taken[d.Record.Name]
		if used[d.Record.Name] || owner != 0 && d.ID != 0 && owner != d.ID {
			names[i] = d.Record.Name + " (" + d.Key.ID + ")"
		} else if owner != 0 && d.ID == 0 {
			adopted[record.ExternalName(d.Key)] = owner
		}
		used[d.Record.Name] = true
	}
	if err := w.records.Bind(ctx, model, adopted); err != nil {
		return err
	}
	named := make(map[erp.Key]string, len(drafts))
	for i, d := range drafts {
		named[d.Key] = names[i]
	}
	return record.LoadDrafts(ctx, w.records, model, drafts, func(d *record.Draft[erp.Term]) *record.Record {
		return &record.Record{Name: record.ExternalName(d.Key), Cells: []rpc.Cell{rpc.TextCell("name", named[d.Key]), rpc.TextCell(record.StampField, d.After)}}
	})
}

// valueRef names a value of an attribute.
type valueRef struct {
	attribute int64
	name      string
}

// valueIDs reads the values of attributes.
func (w *Writer) valueIDs(ctx context.Context, attributes []int64) (map[valueRef]int64, error) {
	rows, err := rpc.SearchBy[labelled](ctx, w.rpc, "product.attribute.value", "attribute_id", rpc.Distinct(attributes), nil, "name", "attribute_id")
	ids := make(map[valueRef]int64, len(rows))
	for _, r := range rows {
		ids[valueRef{r.Owner.ID, r.Name}] = r.ID
	}
	return ids, err
}

// writeAttributeValues lands the values under their attributes. Odoo takes a name once in an attribute: a value takes
// over the one that has its name, and one whose name is another's carries the store's id along with it.
func (w *Writer) writeAttributeValues(ctx context.Context, drafts []*record.Draft[erp.Term]) error {
	values, parents := valueDrafts(drafts)
	if len(values) == 0 {
		return nil
	}
	keys, attributes := make([]erp.Key, len(values)), make([]int64, len(values))
	for i, v := range values {
		keys[i], attributes[i] = v.Key, parents[i].ID
	}
	held, err := w.records.IDsOf(ctx, "product.attribute.value", keys, record.ExternalName)
	if err != nil {
		return err
	}
	taken, err := w.valueIDs(ctx, attributes)
	if err != nil {
		return err
	}
	names, adopted := nameValues(values, attributes, held, taken)
	if err := w.records.Bind(ctx, "product.attribute.value", adopted); err != nil {
		return err
	}
	attributeOf := make(map[erp.Key]int64, len(values))
	for i, v := range values {
		attributeOf[v.Key] = attributes[i]
	}
	err = record.LoadDrafts(ctx, w.records, "product.attribute.value", values, func(v *record.Draft[erp.Term]) *record.Record {
		return &record.Record{Name: record.ExternalName(v.Key), Cells: []rpc.Cell{
			rpc.TextCell("name", names[v.Key]), rpc.LinkCell("attribute_id", attributeOf[v.Key]), rpc.IntCell("sequence", v.Record.Position),
			rpc.TextCell(record.StampField, v.After)}}
	})
	refuseParents(values, parents)
	return err
}

// nameValues gives every value a name of its own in its attribute, and the external ids of those that take one over.
func nameValues(values []*record.Draft[erp.Term], attributes []int64, held map[erp.Key]int64, taken map[valueRef]int64) (names map[erp.Key]string, adopted map[string]int64) {
	names, adopted = make(map[erp.Key]string, len(values)), map[string]int64{}
	used := make(map[valueRef]bool, len(values))
	owned := make(map[int64]bool, len(held))
	for _, id := range held {
		owned[id] = true
	}
	for i, v := range values {
		ref := valueRef{attributes[i], v.Record.Name}
		owner := taken[ref]
		switch {
		case used[ref], owner != 0 && owner != held[v.Key] && (held[v.Key] != 0 || owned[owner]):
			ref.name += " (" + v.Key.ID + ")"
		case owner != 0 && held[v.Key] == 0:
			adopted[record.ExternalName(v.Key)] = owner
		}
		used[valueRef{attributes[i], v.Record.Name}] = true
		names[v.Key] = ref.name
	}
	return names, adopted
}
