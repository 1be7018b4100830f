package odoo

import (
	"context"

	"tandem/erp"
)

// labelled is a record that is known by its name.
type labelled struct {
	row
	Name  string `json:"name"`
	Owner link   `json:"attribute_id"` // of an attribute's value
}

// writeTags lands tags under names that are theirs alone. A new tag takes over the product tag that has its name.
func (b *Backend) writeTags(ctx context.Context, drafts []*draft[erp.Term]) error {
	if len(drafts) == 0 {
		return nil
	}
	model := pick(b.release, tagModels)
	names := make([]string, len(drafts))
	for i, d := range drafts {
		names[i] = d.record.Name
	}
	there, err := searchBy[labelled](ctx, b, model, "name", distinct(names), nil, "name")
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
		owner := taken[d.record.Name]
		if used[d.record.Name] || owner != 0 && d.id != 0 && owner != d.id {
			names[i] = d.record.Name + " (" + d.key.ID + ")"
		} else if owner != 0 && d.id == 0 {
			adopted[externalName(d.key)] = owner
		}
		used[d.record.Name] = true
	}
	if err := b.bind(ctx, model, adopted); err != nil {
		return err
	}
	named := make(map[erp.Key]string, len(drafts))
	for i, d := range drafts {
		named[d.key] = names[i]
	}
	return loadDrafts(ctx, b, model, drafts, func(d *draft[erp.Term]) *record {
		return &record{name: externalName(d.key), cells: []cell{cellOf("name", named[d.key]), cellOf(stampField, d.after)}}
	})
}

// valueRef names a value of an attribute.
type valueRef struct {
	attribute int64
	name      string
}

// valueIDs reads the values of attributes.
func (b *Backend) valueIDs(ctx context.Context, attributes []int64) (map[valueRef]int64, error) {
	rows, err := searchBy[labelled](ctx, b, "product.attribute.value", "attribute_id", distinct(attributes), nil, "name", "attribute_id")
	ids := make(map[valueRef]int64, len(rows))
	for _, r := range rows {
		ids[valueRef{r.Owner.ID, r.Name}] = r.ID
	}
	return ids, err
}

// writeAttributeValues lands the values under their attributes. Odoo takes a name once in an attribute: a value takes
// over the one that has its name, and one whose name is another's carries the store's id along with it.
func (b *Backend) writeAttributeValues(ctx context.Context, drafts []*draft[erp.Term]) error {
	values, parents, err := valueDrafts(drafts)
	if err != nil || len(values) == 0 {
		return err
	}
	keys, attributes := make([]erp.Key, len(values)), make([]int64, len(values))
	for i, v := range values {
		keys[i], attributes[i] = v.key, parents[i].id
	}
	held, err := b.idsOf(ctx, "product.attribute.value", keys, externalName)
	if err != nil {
		return err
	}
	taken, err := b.valueIDs(ctx, attributes)
	if err != nil {
		return err
	}
	names, adopted := nameValues(values, attributes, held, taken)
	if err := b.bind(ctx, "product.attribute.value", adopted); err != nil {
		return err
	}
	attributeOf := make(map[erp.Key]int64, len(values))
	for i, v := range values {
		attributeOf[v.key] = attributes[i]
	}
	err = loadDrafts(ctx, b, "product.attribute.value", values, func(v *draft[erp.Term]) *record {
		return &record{name: externalName(v.key), cells: []cell{
			cellOf("name", names[v.key]), refer("attribute_id", attributeOf[v.key]), count("sequence", v.record.Position),
			cellOf(stampField, v.after)}}
	})
	refuseParents(values, parents)
	return err
}

// nameValues gives every value a name of its own in its attribute, and the external ids of those that take one over.
func nameValues(values []*draft[erp.Term], attributes []int64, held map[erp.Key]int64, taken map[valueRef]int64) (names map[erp.Key]string, adopted map[string]int64) {
	names, adopted = make(map[erp.Key]string, len(values)), map[string]int64{}
	used := make(map[valueRef]bool, len(values))
	owned := make(map[int64]bool, len(held))
	for _, id := range held {
		owned[id] = true
	}
	for i, v := range values {
		ref := valueRef{attributes[i], v.record.Name}
		owner := taken[ref]
		switch {
		case used[ref], owner != 0 && owner != held[v.key] && (held[v.key] != 0 || owned[owner]):
			ref.name += " (" + v.key.ID + ")"
		case owner != 0 && held[v.key] == 0:
			adopted[externalName(v.key)] = owner
		}
		used[valueRef{attributes[i], v.record.Name}] = true
		names[v.key] = ref.name
	}
	return names, adopted
}
