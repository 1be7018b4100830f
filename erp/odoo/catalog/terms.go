package catalog

import (
	"context"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// TermModelOf gives the model a kind of term is kept in. What Odoo has no records of is kept in a model of Tandem's own,
// and so are values that come without their attribute.
func TermModelOf(r rpc.Release, kind erp.TermKind) string {
	switch kind {
	case erp.Category:
		return "product.category"
	case erp.Attribute:
		return "product.attribute"
	case erp.Tag, erp.Brand:
		if model := rpc.TagModels.For(r); model != "" {
			return model
		}
	}
	return record.TermModel
}

// UpsertTerms lands terms with their values. A parent may come anywhere in the batch; one that is neither there nor in
// Odoo parks the term with the code "unknown_parent". Values the batch does not name stay as they are. A tag or brand
// becomes the product tag that has its name already, since Odoo takes a name once only.
func (w *Writer) UpsertTerms(ctx context.Context, batch []erp.Term) ([]erp.Outcome, error) {
	return record.Catalogue[erp.Term]{
		Key:   termKey,
		Check: check.Term,
		Model: func(release rpc.Release, t *erp.Term) string { return TermModelOf(release, t.Kind) },
		Name:  record.ExternalName,
		Write: w.writeTerms,
	}.Upsert(ctx, w.records, batch)
}

func termKey(t *erp.Term) *erp.Key { return &t.Key }

func (w *Writer) writeTerms(ctx context.Context, drafts []*record.Draft[erp.Term]) error {
	byModel := map[string][]*record.Draft[erp.Term]{}
	for _, d := range drafts {
		d.Pending = len(d.Record.Values) > 0
		model := TermModelOf(w.rpc.Release, d.Record.Kind)
		byModel[model] = append(byModel[model], d)
	}
	if err := w.writeCategories(ctx, byModel["product.category"]); err != nil {
		return err
	}
	if err := w.writeTags(ctx, byModel[rpc.TagModels.For(w.rpc.Release)]); err != nil {
		return err
	}
	if err := record.LoadDrafts(ctx, w.records, "product.attribute", byModel["product.attribute"], attributeRecord); err != nil {
		return err
	}
	if err := w.writeAttributeValues(ctx, byModel["product.attribute"]); err != nil {
		return err
	}
	if err := record.LoadDrafts(ctx, w.records, record.TermModel, byModel[record.TermModel], termRecord); err != nil {
		return err
	}
	if err := w.writePlainValues(ctx, byModel[record.TermModel]); err != nil {
		return err
	}
	for _, model := range []string{"product.attribute", record.TermModel} {
		if err := record.StampPending(ctx, w.records, model, record.ExternalName, byModel[model]); err != nil {
			return err
		}
	}
	return nil
}

func attributeRecord(d *record.Draft[erp.Term]) *record.Record {
	cells := []rpc.Cell{rpc.TextCell("name", d.Record.Name), rpc.IntCell("sequence", d.Record.Position), d.StampCell()}
	if d.Created {
		cells = append(cells, rpc.TextCell("create_variant", "dynamic")) // of one that products have, Odoo does not let it be changed
	}
	return &record.Record{Name: record.ExternalName(d.Key), Cells: cells}
}

func termRecord(d *record.Draft[erp.Term]) *record.Record {
	return &record.Record{Name: record.ExternalName(d.Key), Cells: []rpc.Cell{
		rpc.TextCell("x_name", d.Record.Name), rpc.TextCell("x_kind", string(d.Record.Kind)), rpc.TextCell("x_code", d.Record.Code),
		d.StampCell()}}
}

// valueDrafts makes drafts of the values of landed terms. They are written whenever their term is.
func valueDrafts(drafts []*record.Draft[erp.Term]) (values, parents []*record.Draft[erp.Term]) {
	for _, d := range landing.Accepted(drafts) {
		for i := range d.Record.Values {
			values = append(values, &record.Draft[erp.Term]{Draft: landing.NewDraft(&d.Record.Values[i], termKey)})
			parents = append(parents, d)
		}
	}
	return values, parents
}

// writePlainValues lands the values of terms that Odoo keeps no records of, such as a shipping zone's methods.
func (w *Writer) writePlainValues(ctx context.Context, drafts []*record.Draft[erp.Term]) error {
	values, parents := valueDrafts(drafts)
	if err := record.LoadDrafts(ctx, w.records, record.TermModel, values, termRecord); err != nil {
		return err
	}
	refuseParents(values, parents)
	return nil
}

// refuseParents refuses the terms one of whose values is refused.
func refuseParents(values, parents []*record.Draft[erp.Term]) {
	for i, v := range values {
		if v.Refused != nil {
			parents[i].Refused = v.Refused
		}
	}
}
