package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// writeVariable lands variable products: the templates, the attributes they vary by, and a variant for each variation.
// The attributes are such that Odoo makes no variants on its own.
func (w productWriter) writeVariable(ctx context.Context, drafts []*record.Draft[erp.Product]) error {
	if len(drafts) == 0 {
		return nil
	}
	options, err := w.resolveOptions(ctx, drafts)
	if err != nil {
		return err
	}
	lines, err := w.attributeLines(ctx, drafts)
	if err != nil {
		return err
	}
	err = record.LoadDrafts(ctx, w.records, "product.template", drafts, func(d *record.Draft[erp.Product]) *record.Record {
		return &record.Record{Name: record.TemplateName(d.Key), Cells: w.templateCells(d), Lines: options.lines(d, lines)}
	})
	if err != nil {
		return err
	}
	return w.writeVariations(ctx, landing.Accepted(drafts), options)
}

// options are the attributes and values that products vary by, as Odoo's ids.
type options struct {
	attributes map[optionRef]int64
	values     map[valueRef]int64
}

// optionRef names an attribute in a product.
type optionRef struct {
	product   erp.Key
	attribute string
}

// attributeLine is a product.template.attribute.line: the values of one attribute a template comes in.
type attributeLine struct {
	rpc.Row
	Template  rpc.Link `json:"product_tmpl_id"`
	Attribute rpc.Link `json:"attribute_id"`
	Values    []int64  `json:"value_ids"`
}

// attributeLines reads what templates vary by now.
func (w productWriter) attributeLines(ctx context.Context, drafts []*record.Draft[erp.Product]) (map[[2]int64]attributeLine, error) {
	rows, err := rpc.SearchBy[attributeLine](ctx, w.rpc, "product.template.attribute.line", "product_tmpl_id", record.LandedIDs(drafts), nil,
		"product_tmpl_id", "attribute_id", "value_ids")
	found := make(map[[2]int64]attributeLine, len(rows))
	for _, r := range rows {
		found[[2]int64{r.Template.ID, r.Attribute.ID}] = r
	}
	return found, err
}

// lines gives a product's attribute lines. Values are only ever added: variants that are gone still have theirs.
func (o options) lines(d *record.Draft[erp.Product], existing map[[2]int64]attributeLine) [][]rpc.Cell {
	var lines [][]rpc.Cell
	for _, attribute := range d.Record.Attributes {
		id := o.attributes[optionRef{d.Key, attribute.Name}]
		if !attribute.Variation || id == 0 {
			continue
		}
		values := slices.Clone(existing[[2]int64{d.ID, id}].Values)
		for _, name := range valuesOf(d.Record, attribute) {
			values = append(values, o.values[valueRef{id, name}])
		}
		name := attributeLineName(d.Key, id)
		lines = append(lines, []rpc.Cell{
			rpc.TextCell("attribute_line_ids/id", record.Module+"."+name),
			rpc.LinkCell("attribute_line_ids/attribute_id", id), rpc.LinksCell("attribute_line_ids/value_ids", rpc.Distinct(values)),
		})
	}
	return lines
}

// attributeLineEntity is the entity of external ids of attribute lines.
const attributeLineEntity = "attribute_line"

// attributeLineName gives the external id of the line of an attribute in a product.
func attributeLineName(product erp.Key, attribute int64) string {
	return record.ExternalName(erp.Key{Entity: attributeLineEntity, Instance: product.Instance, ID: fmt.Sprintf("%s/%d", product.ID, attribute)})
}

// valuesOf lists the values of an attribute that a product has, those of its variants included.
func valuesOf(p *erp.Product, attribute erp.ProductAttribute) []string {
	values := slices.Clone(attribute.Values)
	for _, v := range p.Variants {
		for _, option := range v.Options {
			if option.Attribute == attribute.Name {
				values = append(values, option.Value)
			}
		}
	}
	return rpc.Distinct(values)
}

// resolveOptions finds the attributes and values that products vary by, and makes those that are missing.
func (w productWriter) resolveOptions(ctx context.Context, drafts []*record.Draft[erp.Product]) (options, error) {
	o := options{attributes: map[optionRef]int64{}}
	if err := w.resolveAttributes(ctx, drafts, o.attributes); err != nil {
		return o, err
	}
	var ids []int64
	for _, id := range o.attributes {
		ids = append(ids, id)
	}
	var err error
	if o.values, err = w.valueIDs(ctx, ids); err != nil {
		return o, err
	}
	return o, w.createValues(ctx, drafts, o)
}

// resolveAttributes finds attributes by their key. One that only some product has gets a record by its name.
func (w productWriter) resolveAttributes(ctx context.Context, drafts []*record.Draft[erp.Product], ids map[optionRef]int64) error {
	local := map[string]string{} // names by external id
	uses := map[optionRef]string{}
	for _, d := range drafts {
		for _, a := range d.Record.Attributes {
			ref := optionRef{d.Key, a.Name}
			switch {
			case !a.Variation || len(valuesOf(d.Record, a)) == 0:
			case !a.Key.IsZero():
				ids[ref] = w.refs.terms[a.Key]
			default:
				uses[ref] = record.ExternalName(erp.Key{Entity: localAttribute, Instance: d.Key.Instance, ID: a.Name})
				local[uses[ref]] = a.Name
			}
		}
	}
	made, err := w.records.Ensure(ctx, "product.attribute", slices.Sorted(maps.Keys(local)), func(name string) []rpc.Cell {
		return []rpc.Cell{rpc.TextCell("name", local[name]), rpc.TextCell("create_variant", "dynamic")}
	})
	for ref, name := range uses {
		ids[ref] = made[name]
	}
	return err
}

func (w productWriter) createValues(ctx context.Context, drafts []*record.Draft[erp.Product], o options) error {
	refs := map[string]valueRef{} // by external id
	for _, d := range drafts {
		for _, a := range d.Record.Attributes {
			id := o.attributes[optionRef{d.Key, a.Name}]
			for _, value := range valuesOf(d.Record, a) {
				if ref := (valueRef{id, value}); id != 0 && o.values[ref] == 0 {
					refs[record.ExternalName(erp.Key{Entity: "product_value", Instance: d.Key.Instance, ID: fmt.Sprintf("%d/%s", id, value)})] = ref
				}
			}
		}
	}
	ids, err := w.records.Ensure(ctx, "product.attribute.value", slices.Sorted(maps.Keys(refs)), func(name string) []rpc.Cell {
		return []rpc.Cell{rpc.TextCell("name", refs[name].name), rpc.LinkCell("attribute_id", refs[name].attribute)}
	})
	for name, id := range ids {
		o.values[refs[name]] = id
	}
	return err
}
