package catalog

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// localAttribute is the entity of external ids of attributes that only products of a store have.
const localAttribute = "product_attribute"

// ListTerms reads terms with their values. Odoo's own category All stands for none, and attributes that only one product of the store
// has are parts of that.
func (w *Writer) ListTerms(ctx context.Context, kind erp.TermKind, q erp.RecordQuery) (erp.RecordPage[erp.Term], error) {
	if _, err := w.records.Prepared(ctx); err != nil {
		return erp.RecordPage[erp.Term]{}, err
	}
	r := termReader{Writer: w, kind: kind, model: TermModelOf(w.rpc.Release, kind), instance: q.Instance}
	feed, err := r.feed(ctx)
	if err != nil {
		return erp.RecordPage[erp.Term]{}, err
	}
	return record.ReadPage(ctx, w.records, feed, q, r.read)
}

// termReader reads terms of one kind for an instance.
type termReader struct {
	*Writer
	kind            erp.TermKind
	model, instance string
}

// feed says which records are of the kind.
func (r termReader) feed(ctx context.Context) (record.Feed, error) {
	f := record.Feed{Model: r.model, Changed: []string{"write_date"}}
	var err error
	switch r.model {
	case "product.category":
		var all int64
		all, err = r.allCategory(ctx)
		f.Where = []any{rpc.Where("id", "!=", all)}
	case "product.attribute":
		var locals []int64
		locals, err = r.only(ctx, r.instance, localAttribute, string(erp.Attribute))
		f.Where = []any{rpc.Where("id", "not in", locals)}
		f.Changed = append(f.Changed, "value_ids.write_date")
	case record.TermModel:
		f.Where = []any{rpc.Where("x_kind", "=", string(r.kind))}
	default: // product tags, which brands are too
		var brands []int64
		if r.kind == erp.Brand {
			brands, err = r.records.IDsIn(ctx, "", r.model, string(erp.Brand))
			f.Where = []any{rpc.In("id", brands)}
		} else {
			brands, err = r.only(ctx, "", string(erp.Brand), string(erp.Tag))
			f.Where = []any{rpc.Where("id", "not in", brands)}
		}
	}
	return f, err
}

// allCategory is the category of products that are in none; 0 where there is no such.
func (w *Writer) allCategory(ctx context.Context) (int64, error) {
	id, err := w.records.XMLID(ctx, "product", "product_category_all")
	if fault.Is(err, fault.Unsupported) {
		return 0, nil
	}
	return id, err
}

// only finds the records that have a key of one entity and none of another, in an instance or in any.
func (r termReader) only(ctx context.Context, instance, entity, other string) ([]int64, error) {
	ids, err := r.records.IDsIn(ctx, instance, r.model, entity)
	if err != nil || len(ids) == 0 {
		return []int64{}, err
	}
	others, err := r.records.IDsIn(ctx, instance, r.model, other)
	return slices.DeleteFunc(ids, func(id int64) bool { return slices.Contains(others, id) }), err
}

// heldTerm is a term as Odoo has it, in whichever model.
type heldTerm struct {
	rpc.Row
	Name   rpc.Text `json:"name"`
	Parent rpc.Link `json:"parent_id"`
	XName  rpc.Text `json:"x_name"`
	XCode  rpc.Text `json:"x_code"`
}

func (r termReader) read(ctx context.Context, ids []int64) (record.Held[erp.Term], error) {
	fields := []string{"name"}
	switch r.model {
	case "product.category":
		fields = append(fields, "parent_id")
	case record.TermModel:
		fields = []string{"x_name", "x_code"}
	}
	held := record.Held[erp.Term]{Records: map[int64]erp.Term{}, Merge: mergeTerm}
	rows, err := rpc.SearchByID[heldTerm](ctx, r.rpc, r.model, ids, fields...)
	if err != nil {
		return held, err
	}
	named := slices.Clone(ids)
	for _, row := range rows {
		named = append(named, row.Parent.ID)
	}
	keys, err := r.records.KeysIn(ctx, r.instance, r.model, named)
	if err != nil {
		return held, err
	}
	all, err := r.allOf(ctx)
	if err != nil {
		return held, err
	}
	for id, row := range rows {
		t := erp.Term{Key: keys.OrPending(string(r.kind), id), Kind: r.kind, Name: string(row.Name + row.XName), Code: string(row.XCode), Active: true}
		if row.Parent.ID != 0 && row.Parent.ID != all {
			t.Parent = keys.OrPending(string(r.kind), row.Parent.ID)
		}
		held.Records[id] = t
	}
	if r.kind == erp.Attribute {
		err = r.addValues(ctx, ids, held.Records)
	}
	return held, err
}

// allOf is the category that stands for none, for categories.
func (r termReader) allOf(ctx context.Context) (int64, error) {
	if r.kind != erp.Category {
		return 0, nil
	}
	return r.allCategory(ctx)
}

// heldValue is a value of an attribute as Odoo has it.
type heldValue struct {
	rpc.Row
	Name     rpc.Text `json:"name"`
	Position int      `json:"sequence"`
	Owner    rpc.Link `json:"attribute_id"`
}

func (r termReader) addValues(ctx context.Context, attributes []int64, terms map[int64]erp.Term) error {
	const model = "product.attribute.value"
	values, err := rpc.SearchBy[heldValue](ctx, r.rpc, model, "attribute_id", attributes, nil, "name", "sequence", "attribute_id")
	if err != nil {
		return err
	}
	keys, err := r.records.KeysIn(ctx, r.instance, model, rpc.Map(values, func(v heldValue) int64 { return v.ID }))
	for _, v := range values {
		t := terms[v.Owner.ID]
		t.Values = append(t.Values, erp.Term{
			Key: keys.OrPending(string(erp.AttributeValue), v.ID), Kind: erp.AttributeValue, Name: string(v.Name), Position: v.Position, Active: true,
		})
		terms[v.Owner.ID] = t
	}
	return err
}

// mergeTerm keeps what Odoo has no place for: codes, descriptions, positions, images.
func mergeTerm(held, stored erp.Term) erp.Term {
	merged := stored
	merged.Key, merged.Kind, merged.Parent = held.Key, held.Kind, held.Parent
	if !landsAs(stored, held.Name) {
		merged.Name = held.Name
	}
	if held.Kind != erp.Attribute {
		return merged
	}
	merged.Values = nil
	rest := slices.Clone(held.Values)
	for _, value := range stored.Values {
		at := slices.IndexFunc(rest, func(h erp.Term) bool { return h.Key == value.Key })
		if at >= 0 {
			position := rest[at].Position
			value, rest = mergeTerm(rest[at], value), slices.Delete(rest, at, at+1)
			value.Position = position
		}
		merged.Values = append(merged.Values, value)
	}
	merged.Values = append(merged.Values, rest...)
	return merged
}

// landsAs reports whether a term of the store is landed under a name: see writeTags and nameValues.
func landsAs(stored erp.Term, name string) bool {
	return name == stored.Name || name == stored.Name+" ("+stored.Key.ID+")"
}
