package catalog

import (
	"context"
	"fmt"
	"slices"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// variation is a variant of a variable product on its way into Odoo.
type variation struct {
	draft  *record.Draft[erp.Product]
	record *erp.Variant
	values []int64 // of the template's attributes, sorted
}

// templateValue is a product.template.attribute.value: a value as one template has it.
type templateValue struct {
	rpc.Row
	Template  rpc.Link `json:"product_tmpl_id"`
	Attribute rpc.Link `json:"attribute_id"`
	Value     rpc.Link `json:"product_attribute_value_id"`
}

// writeVariations lands the variants of templates that have landed, and archives those that are gone.
func (w productWriter) writeVariations(ctx context.Context, drafts []*record.Draft[erp.Product], o options) error {
	if len(drafts) == 0 {
		return nil
	}
	variations, err := w.variationsOf(ctx, drafts, o)
	if err != nil {
		return err
	}
	variations = refuseTwins(variations)
	if err := w.takeOver(ctx, landing.Accepted(drafts), variations); err != nil {
		return err
	}
	results, err := w.loadVariants(ctx, rpc.Map(variations, func(v *variation) *record.Record {
		cells := append(w.variantCells(v.draft.Record, v.record), rpc.LinkCell("product_tmpl_id", v.draft.ID),
			rpc.LinksCell("product_template_attribute_value_ids", v.values))
		return &record.Record{Name: record.ExternalName(v.record.Key), Cells: dedupe(cells)}
	}))
	if err != nil {
		return err
	}
	wanted := map[int64]bool{}
	for _, d := range drafts {
		for _, v := range d.Record.Variants {
			if erp.Stays(v) {
				wanted[record.PendingID(v.Key)] = true
			}
		}
	}
	for i, v := range variations {
		if results[i].Refused != nil {
			v.draft.Refused = results[i].Refused
			continue
		}
		wanted[results[i].ID], w.variants[v.record.Key] = true, results[i].ID
	}
	return w.archiveOthers(ctx, rpc.Map(landing.Accepted(drafts), func(d *record.Draft[erp.Product]) int64 { return d.ID }), wanted)
}

// variationsOf finds the values of each variant. An attribute without an option is left out: any value will do.
func (w productWriter) variationsOf(ctx context.Context, drafts []*record.Draft[erp.Product], o options) ([]*variation, error) {
	templates := rpc.Map(drafts, func(d *record.Draft[erp.Product]) int64 { return d.ID })
	rows, err := rpc.SearchBy[templateValue](ctx, w.rpc, "product.template.attribute.value", "product_tmpl_id", templates, nil,
		"product_tmpl_id", "attribute_id", "product_attribute_value_id")
	if err != nil {
		return nil, err
	}
	values := make(map[[2]int64]int64, len(rows)) // by template and value
	for _, r := range rows {
		values[[2]int64{r.Template.ID, r.Value.ID}] = r.ID
	}
	var variations []*variation
	for _, d := range drafts {
		for i := range d.Record.Variants {
			if erp.Stays(d.Record.Variants[i]) {
				continue
			}
			v := &variation{draft: d, record: &d.Record.Variants[i]}
			for _, option := range v.record.Options {
				attribute := o.attributes[optionRef{d.Key, option.Attribute}]
				if id := values[[2]int64{d.ID, o.values[valueRef{attribute, option.Value}]}]; id != 0 {
					v.values = append(v.values, id)
				}
			}
			slices.Sort(v.values)
			variations = append(variations, v)
		}
	}
	return variations, nil
}

// refuseTwins parks products of which two variations have the same options, and gives the variations of the others. A store may
// have such twins, but Odoo takes a combination of values once: making the second would archive or delete the first.
func refuseTwins(variations []*variation) []*variation {
	first := map[string]*variation{}
	for _, v := range variations {
		if !v.record.Active {
			continue // of archived variants Odoo takes any number
		}
		combination := fmt.Sprint(v.draft.ID, v.values)
		twin := first[combination]
		if first[combination] = v; twin == nil {
			continue
		}
		v.draft.Refused = landing.Parked("same_options", fmt.Sprintf("the variations %s and %s have the same options, or none, and Odoo takes a "+
			"combination once: give one of them other options in the store, or disable or delete it, and process the product again", twin.record.Key.ID, v.record.Key.ID))
	}
	return slices.DeleteFunc(variations, func(v *variation) bool { return v.draft.Refused != nil })
}

// takeOver binds new variations to variants that have their values and nobody's key, such as the one Odoo made on its own
// or the only one of a product that was simple: Odoo takes a combination of values once.
func (w productWriter) takeOver(ctx context.Context, drafts []*record.Draft[erp.Product], variations []*variation) error {
	var templates []int64
	for _, d := range drafts {
		if !d.Created {
			templates = append(templates, d.ID)
		}
	}
	there, err := rpc.SearchBy[Variant](ctx, w.rpc, "product.product", "product_tmpl_id", templates, nil,
		"product_tmpl_id", "product_template_attribute_value_ids", "active")
	if err != nil || len(there) == 0 {
		return err
	}
	held, err := w.records.IDsOf(ctx, "product.product", rpc.Map(variations, func(v *variation) erp.Key { return v.record.Key }), record.ExternalName)
	if err != nil {
		return err
	}
	wanted := map[int64]bool{}
	for _, id := range held {
		wanted[id] = true
	}
	vacant := map[string]int64{}
	for _, r := range there {
		slices.Sort(r.Values)
		if !wanted[r.ID] {
			vacant[fmt.Sprint(r.Template.ID, r.Values)] = r.ID
		}
	}
	adopted := map[string]int64{}
	for _, v := range variations {
		combination := fmt.Sprint(v.draft.ID, v.values)
		if id := vacant[combination]; id != 0 && held[v.record.Key] == 0 {
			adopted[record.ExternalName(v.record.Key)] = id
			delete(vacant, combination)
		}
	}
	return w.records.Bind(ctx, "product.product", adopted)
}
