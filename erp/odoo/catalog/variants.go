package catalog

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// Variant is a product.product as Odoo has it.
type Variant struct {
	rpc.Row
	Template rpc.Link `json:"product_tmpl_id"`
	Values   []int64  `json:"product_template_attribute_value_ids"`
	Active   bool     `json:"active"`
}

// TemplatesOf finds the templates of the variants among records.
func TemplatesOf(ctx context.Context, c *rpc.Client, records map[string]record.Bound) (map[int64]int64, error) {
	var variants []int64
	for _, r := range records {
		if r.Model == "product.product" {
			variants = append(variants, r.ResID)
		}
	}
	rows, err := rpc.SearchBy[Variant](ctx, c, "product.product", "id", rpc.Distinct(variants), nil, "product_tmpl_id")
	templates := make(map[int64]int64, len(rows))
	for _, r := range rows {
		templates[r.ID] = r.Template.ID
	}
	return templates, err
}

// writeSingle lands products that are their own only variant, template and variant in one: Odoo makes the template
// along with the variant, and names it after it. What is there already is written in two calls, the one with the stamp
// last: Odoo 14 empties fields of a template that is written through its variant when a second language is active.
func (w productWriter) writeSingle(ctx context.Context, drafts []*record.Draft[erp.Product]) error {
	held, err := w.records.IDsOf(ctx, "product.product", rpc.Map(drafts, draftKey[erp.Product]), record.ExternalName)
	if err != nil {
		return err
	}
	var fresh, lacking, known []*record.Draft[erp.Product]
	for _, d := range drafts {
		switch {
		case d.ID == 0:
			fresh = append(fresh, d)
		case held[d.Key] == 0:
			lacking = append(lacking, d) // the template was a variable product's
		default:
			known = append(known, d)
		}
	}
	ids := make(map[erp.Key]int64, len(drafts))
	own := func(d *record.Draft[erp.Product]) []rpc.Cell { return w.variantCells(d.Record, &d.Record.Variants[0]) }
	both := func(d *record.Draft[erp.Product]) []rpc.Cell { return append(w.templateCells(d), own(d)...) }
	below := func(d *record.Draft[erp.Product]) []rpc.Cell {
		return append(both(d), rpc.LinkCell("product_tmpl_id", d.ID))
	}
	if err := w.loadOnly(ctx, fresh, both, ids); err != nil {
		return err
	}
	if err := w.loadOnly(ctx, lacking, below, ids); err != nil {
		return err
	}
	if err := w.loadOnly(ctx, known, own, ids); err != nil {
		return err
	}
	err = record.LoadDrafts(ctx, w.records, "product.template", known, func(d *record.Draft[erp.Product]) *record.Record {
		return &record.Record{Name: record.TemplateName(d.Key), Cells: w.templateCells(d)}
	})
	if err != nil {
		return err
	}
	return w.settleSingle(ctx, landing.Accepted(drafts), ids)
}

// loadOnly lands the only variants of single products and notes their ids. The drafts keep the ids of their templates.
func (w productWriter) loadOnly(ctx context.Context, drafts []*record.Draft[erp.Product], cells func(*record.Draft[erp.Product]) []rpc.Cell, ids map[erp.Key]int64) error {
	results, err := w.loadVariants(ctx, rpc.Map(drafts, func(d *record.Draft[erp.Product]) *record.Record {
		return &record.Record{Name: record.ExternalName(d.Key), Cells: dedupe(cells(d))}
	}))
	for i, r := range results {
		if drafts[i].Refused = r.Refused; r.Refused == nil {
			ids[drafts[i].Key] = r.ID
		}
	}
	return err
}

func draftKey[T any](d *record.Draft[T]) erp.Key { return d.Key }

// dedupe keeps the last cell of each column, so that a mapped field wins over what the record says.
func dedupe(cells []rpc.Cell) []rpc.Cell {
	var rest []rpc.Cell
	for i, c := range cells {
		if !slices.ContainsFunc(cells[i+1:], func(later rpc.Cell) bool { return later.Column == c.Column }) {
			rest = append(rest, c)
		}
	}
	return rest
}

// settleSingle finds the templates of new products, and archives the variants that a product had when it was variable.
func (w productWriter) settleSingle(ctx context.Context, drafts []*record.Draft[erp.Product], ids map[erp.Key]int64) error {
	var fresh, known []int64
	for _, d := range drafts {
		w.variants[d.Key] = ids[d.Key]
		if d.ID == 0 {
			fresh = append(fresh, ids[d.Key])
		} else {
			known = append(known, d.ID)
		}
	}
	rows, err := rpc.SearchBy[Variant](ctx, w.rpc, "product.product", "id", fresh, nil, "product_tmpl_id")
	if err != nil {
		return err
	}
	templates := make(map[int64]int64, len(rows))
	for _, r := range rows {
		templates[r.ID] = r.Template.ID
	}
	wanted := map[int64]bool{}
	for _, d := range drafts {
		wanted[ids[d.Key]] = true
		if d.ID == 0 {
			d.ID = templates[ids[d.Key]]
		}
	}
	return w.archiveOthers(ctx, known, wanted)
}

// archiveOthers archives the active variants of templates that are not wanted.
func (w productWriter) archiveOthers(ctx context.Context, templates []int64, wanted map[int64]bool) error {
	rows, err := rpc.SearchBy[Variant](ctx, w.rpc, "product.product", "product_tmpl_id", templates,
		[]any{rpc.Where("active", "=", true)}, "product_tmpl_id")
	if err != nil {
		return err
	}
	var gone []int64
	for _, r := range rows {
		if !wanted[r.ID] {
			gone = append(gone, r.ID)
		}
	}
	return w.rpc.Write(ctx, "product.product", gone, map[string]any{"active": false})
}

// loadVariants lands variants. Where Odoo refuses one that has a barcode, it lands without.
func (w *Writer) loadVariants(ctx context.Context, variants []*record.Record) ([]record.Loaded, error) {
	return record.LoadOr(ctx, w.records, "product.product", variants, func(variant *record.Record, try int) *record.Record {
		switch try {
		case 0:
			return variant
		case 1:
			return withoutBarcode(variant)
		default:
			return nil
		}
	})
}

// withoutBarcode gives the same record with an empty barcode, nil when it has none.
func withoutBarcode(r *record.Record) *record.Record {
	at := slices.IndexFunc(r.Cells, func(c rpc.Cell) bool { return c.Field == "barcode" && c.Text != "" })
	if at < 0 {
		return nil
	}
	bare := *r
	bare.Cells = slices.Clone(r.Cells)
	bare.Cells[at] = rpc.TextCell("barcode", "")
	return &bare
}
