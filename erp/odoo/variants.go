package odoo

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/landing"
)

// variant is a product.product as Odoo has it.
type variant struct {
	row
	Template link    `json:"product_tmpl_id"`
	Values   []int64 `json:"product_template_attribute_value_ids"`
	Active   bool    `json:"active"`
}

// writeSingle lands products that are their own only variant, template and variant in one: Odoo makes the template
// along with the variant, and names it after it.
func (w productWriter) writeSingle(ctx context.Context, drafts []*draft[erp.Product]) error {
	held, err := w.idsOf(ctx, "product.product", mapped(drafts, draftKey[erp.Product]), externalName)
	if err != nil {
		return err
	}
	ids := make(map[erp.Key]int64, len(drafts))
	var fresh, lacking []*draft[erp.Product]
	for _, d := range drafts {
		if d.ID != 0 && held[d.Key] == 0 {
			lacking = append(lacking, d) // the template was a variable product's
		} else {
			fresh = append(fresh, d)
		}
	}
	for i, part := range [][]*draft[erp.Product]{fresh, lacking} {
		templates := mapped(part, func(d *draft[erp.Product]) int64 { return d.ID })
		err := loadDrafts(ctx, w.Backend, "product.product", part, func(d *draft[erp.Product]) *record {
			cells := append(w.templateCells(d), w.variantCells(d.Record, &d.Record.Variants[0])...)
			if i == 1 {
				cells = append(cells, refer("product_tmpl_id", d.ID))
			}
			return &record{name: externalName(d.Key), cells: dedupe(cells)}
		})
		if err != nil {
			return err
		}
		for j, d := range part {
			if d.Refused == nil {
				ids[d.Key], d.ID = d.ID, templates[j]
			}
		}
	}
	return w.settleSingle(ctx, landing.Accepted(drafts), ids)
}

func draftKey[T any](d *draft[T]) erp.Key { return d.Key }

// dedupe keeps the last cell of each column, so that a mapped field wins over what the record says.
func dedupe(cells []cell) []cell {
	var rest []cell
	for i, c := range cells {
		if !slices.ContainsFunc(cells[i+1:], func(later cell) bool { return later.column == c.column }) {
			rest = append(rest, c)
		}
	}
	return rest
}

// settleSingle finds the templates of new products, and archives the variants that a product had when it was variable.
func (w productWriter) settleSingle(ctx context.Context, drafts []*draft[erp.Product], ids map[erp.Key]int64) error {
	var fresh, known []int64
	for _, d := range drafts {
		w.variants[d.Key] = ids[d.Key]
		if d.ID == 0 {
			fresh = append(fresh, ids[d.Key])
		} else {
			known = append(known, d.ID)
		}
	}
	rows, err := searchBy[variant](ctx, w.Backend, "product.product", "id", fresh, nil, "product_tmpl_id")
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
	rows, err := searchBy[variant](ctx, w.Backend, "product.product", "product_tmpl_id", templates,
		[]any{term("active", "=", true)}, "product_tmpl_id")
	if err != nil {
		return err
	}
	var gone []int64
	for _, r := range rows {
		if !wanted[r.ID] {
			gone = append(gone, r.ID)
		}
	}
	return w.write(ctx, "product.product", gone, map[string]any{"active": false})
}
