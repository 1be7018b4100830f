package catalog

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// AdoptTerms binds keys to terms and, with them, to their values.
func (w *Writer) AdoptTerms(ctx context.Context, batch []erp.Adoption[erp.Term]) error {
	records := map[string][]record.Adopted{}
	parts := map[string]map[string]map[string]int64{}
	for i := range batch {
		model := TermModelOf(w.rpc.Release, batch[i].Record.Kind)
		adopted, err := record.NewAdopted(&batch[i], termKey, record.ExternalName)
		if err != nil {
			return err
		}
		values, err := record.Parts(batch[i].Parts)
		if err != nil {
			return err
		}
		records[model] = append(records[model], adopted)
		if len(values) > 0 {
			parts[model] = joined(parts[model], valueModel(batch[i].Record.Kind), values)
		}
	}
	for model, adopted := range records {
		if err := w.records.Adopt(ctx, model, adopted, parts[model]); err != nil {
			return err
		}
	}
	return nil
}

// valueModel is where the values of terms are kept.
func valueModel(kind erp.TermKind) string {
	if kind == erp.Attribute {
		return "product.attribute.value"
	}
	return record.TermModel
}

// joined adds external ids to those of a model.
func joined(parts map[string]map[string]int64, model string, more map[string]int64) map[string]map[string]int64 {
	if parts == nil {
		parts = map[string]map[string]int64{}
	}
	if parts[model] == nil {
		parts[model] = map[string]int64{}
	}
	for name, id := range more {
		parts[model][name] = id
	}
	return parts
}

// AdoptProducts binds keys to products and, with them, to their variants and to what they vary by.
func (w *Writer) AdoptProducts(ctx context.Context, batch []erp.Adoption[erp.Product]) error {
	var records []record.Adopted
	var parts map[string]map[string]int64
	products := map[int64]erp.Product{}
	for i := range batch {
		adopted, err := record.NewAdopted(&batch[i], func(p *erp.Product) *erp.Key { return &p.Key }, record.TemplateName)
		if err != nil {
			return err
		}
		variants, err := record.Parts(batch[i].Parts)
		if err != nil {
			return err
		}
		records, products[adopted.ID] = append(records, adopted), batch[i].Record
		parts = joined(parts, "product.product", variants)
	}
	if err := w.addOnlyVariants(ctx, products, parts["product.product"]); err != nil {
		return err
	}
	if err := w.addLines(ctx, products, parts); err != nil {
		return err
	}
	if err := w.records.Adopt(ctx, "product.template", records, parts); err != nil {
		return err
	}
	return w.noteSent(ctx, batch)
}

// addOnlyVariants names the variants of products that are sold as they are after them. One that has its key keeps it.
func (w *Writer) addOnlyVariants(ctx context.Context, products map[int64]erp.Product, names map[string]int64) error {
	var single []int64
	var keys []erp.Key
	for id, p := range products {
		if p.Kind != erp.Variable {
			single, keys = append(single, id), append(keys, p.Key)
		}
	}
	bound, err := w.records.IDsOf(ctx, "product.product", keys, record.ExternalName)
	if err != nil {
		return err
	}
	slices.Sort(single)
	variants, err := rpc.SearchBy[Variant](ctx, w.rpc, "product.product", "product_tmpl_id", single, nil, "product_tmpl_id", "active")
	if err != nil {
		return err
	}
	byTemplate := map[int64][]Variant{}
	for _, v := range variants {
		byTemplate[v.Template.ID] = append(byTemplate[v.Template.ID], v)
	}
	for _, id := range single {
		p, own := products[id], byTemplate[id]
		at := slices.IndexFunc(own, func(v Variant) bool { return v.ID == bound[p.Key] })
		if at < 0 {
			at = slices.IndexFunc(own, func(v Variant) bool { return v.Active || len(own) == 1 })
		}
		if at >= 0 {
			names[record.ExternalName(p.Key)] = own[at].ID
		}
	}
	return nil
}

// addLines names the attribute lines that are there, so that landing the product makes no second one of an attribute.
func (w *Writer) addLines(ctx context.Context, products map[int64]erp.Product, parts map[string]map[string]int64) error {
	const model = "product.template.attribute.line"
	var variable []int64
	for id, p := range products {
		if p.Kind == erp.Variable {
			variable = append(variable, id)
		}
	}
	lines, err := rpc.SearchBy[attributeLine](ctx, w.rpc, model, "product_tmpl_id", variable, []any{rpc.Where("active", "=", true)},
		"product_tmpl_id", "attribute_id", "value_ids")
	for _, l := range lines {
		joined(parts, model, map[string]int64{attributeLineName(products[l.Template.ID].Key, l.Attribute.ID): l.ID})
	}
	return err
}
