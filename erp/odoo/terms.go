package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
)

// termHome gives the model a kind of term is kept in. What Odoo has no records of is kept in a model of Tandem's own,
// and so are values that come without their attribute.
func termHome(r rpc.Release, kind erp.TermKind) string {
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
	return termModel
}

var terms = catalogue[erp.Term]{
	key:   termKey,
	check: check.Term,
	model: func(b *Backend, t *erp.Term) string { return termHome(b.rpc.Release, t.Kind) },
	name:  externalName,
	write: writeTerms,
}

// UpsertTerms lands terms with their values. A parent may come anywhere in the batch; one that is neither there nor in
// Odoo parks the term with the code "unknown_parent". Values the batch does not name stay as they are. A tag or brand
// becomes the product tag that has its name already, since Odoo takes a name once only.
func (b *Backend) UpsertTerms(ctx context.Context, batch []erp.Term) ([]erp.Outcome, error) {
	return terms.upsert(ctx, b, batch)
}

func termKey(t *erp.Term) *erp.Key { return &t.Key }

func writeTerms(ctx context.Context, b *Backend, drafts []*draft[erp.Term]) error {
	byModel := map[string][]*draft[erp.Term]{}
	for _, d := range drafts {
		d.pending = len(d.Record.Values) > 0
		model := termHome(b.rpc.Release, d.Record.Kind)
		byModel[model] = append(byModel[model], d)
	}
	if err := b.writeCategories(ctx, byModel["product.category"]); err != nil {
		return err
	}
	if err := b.writeTags(ctx, byModel[rpc.TagModels.For(b.rpc.Release)]); err != nil {
		return err
	}
	if err := loadDrafts(ctx, b, "product.attribute", byModel["product.attribute"], attributeRecord); err != nil {
		return err
	}
	if err := b.writeAttributeValues(ctx, byModel["product.attribute"]); err != nil {
		return err
	}
	if err := loadDrafts(ctx, b, termModel, byModel[termModel], termRecord); err != nil {
		return err
	}
	if err := b.writePlainValues(ctx, byModel[termModel]); err != nil {
		return err
	}
	for _, model := range []string{"product.attribute", termModel} {
		if err := stampPending(ctx, b, model, externalName, byModel[model]); err != nil {
			return err
		}
	}
	return nil
}

func attributeRecord(d *draft[erp.Term]) *record {
	return &record{name: externalName(d.Key), cells: []rpc.Cell{
		rpc.TextCell("name", d.Record.Name), rpc.TextCell("create_variant", "dynamic"), rpc.IntCell("sequence", d.Record.Position),
		d.stampCell()}}
}

func termRecord(d *draft[erp.Term]) *record {
	return &record{name: externalName(d.Key), cells: []rpc.Cell{
		rpc.TextCell("x_name", d.Record.Name), rpc.TextCell("x_kind", string(d.Record.Kind)), rpc.TextCell("x_code", d.Record.Code),
		d.stampCell()}}
}

// valueDrafts makes drafts of the values of landed terms. They are written whenever their term is.
func valueDrafts(drafts []*draft[erp.Term]) (values, parents []*draft[erp.Term]) {
	for _, d := range landing.Accepted(drafts) {
		for i := range d.Record.Values {
			values = append(values, &draft[erp.Term]{Draft: landing.NewDraft(&d.Record.Values[i], termKey)})
			parents = append(parents, d)
		}
	}
	return values, parents
}

// writePlainValues lands the values of terms that Odoo keeps no records of, such as a shipping zone's methods.
func (b *Backend) writePlainValues(ctx context.Context, drafts []*draft[erp.Term]) error {
	values, parents := valueDrafts(drafts)
	if err := loadDrafts(ctx, b, termModel, values, termRecord); err != nil {
		return err
	}
	refuseParents(values, parents)
	return nil
}

// refuseParents refuses the terms one of whose values is refused.
func refuseParents(values, parents []*draft[erp.Term]) {
	for i, v := range values {
		if v.Refused != nil {
			parents[i].Refused = v.Refused
		}
	}
}
