package catalog

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// UncountedField marks a variant whose stock the store does not keep. Odoo keeps that of all variants of a product, or of
// none.
const UncountedField = "x_tandem_uncounted"

// templateCells are what a product shows, on its template.
func (w productWriter) templateCells(d *record.Draft[erp.Product]) []rpc.Cell {
	p := d.Record
	cells := []rpc.Cell{
		rpc.TextCell("name", p.Name), rpc.TextCell("description", p.Description), rpc.TextCell("description_sale", ""),
		rpc.BoolCell("sale_ok", true), rpc.BoolCell("active", true), rpc.TextCell("invoice_policy", "order"), d.StampCell(),
	}
	cells = slices.Concat(cells, w.kindCells(p), w.priceCells(d), w.classCells(d))
	if rpc.TagModels.For(w.rpc.Release) != "" {
		var tags []int64
		for _, key := range slices.Concat(p.Tags, p.Brands) {
			tags = append(tags, w.refs.terms[key])
		}
		cells = append(cells, rpc.LinksCell("product_tag_ids", rpc.Distinct(tags)))
	}
	return record.SetFields(cells, free(p.Fields), nil)
}

// salesPrice is what Odoo sells a product for where no price list says otherwise: the regular price in the company's
// currency, the lowest one of several variants. It is null when none was imported.
func (w productWriter) salesPrice(p *erp.Product) decimal.NullDecimal {
	var lowest decimal.NullDecimal
	regular := erp.PriceListID(erp.Regular, w.currency)
	for _, v := range p.Variants {
		for _, price := range v.Prices {
			if price.List.ID != regular || p.Kind == erp.Variable && !v.Active {
				continue
			}
			if !lowest.Valid || price.Amount.LessThan(lowest.Decimal) {
				lowest = decimal.NewNullDecimal(price.Amount)
			}
		}
	}
	return lowest
}

// free gives the mapped fields that are custom ones; those of Odoo's own go to the variant.
func free(fields map[string]string) map[string]string {
	custom := map[string]string{}
	for name, value := range fields {
		if _, ok := productFields[name]; !ok || name == "comment" {
			custom[name] = value
		}
	}
	return custom
}

// kindCells say whether a product is goods that are counted, goods that are not, or a service. What is counted is goods though
// it is virtual, like tickets and licences: Odoo counts no services.
func (w productWriter) kindCells(p *erp.Product) []rpc.Cell {
	kind := rpc.Storables.For(w.rpc.Release)
	texts := kind.Uncounted
	switch {
	case slices.ContainsFunc(p.Variants, func(v erp.Variant) bool { return v.TrackStock }):
		texts = kind.Counted
	case p.Virtual:
		texts = kind.Service
	}
	cells := make([]rpc.Cell, len(texts))
	for i, column := range kind.Columns {
		cells[i] = rpc.TextCell(column, texts[i])
	}
	return cells
}

// measureDigits is to how many digits weights and volumes are landed.
const measureDigits = 6

// landedMeasures are those of a variant, or of its product where it has none of its own.
func landedMeasures(p *erp.Product, v *erp.Variant) erp.Measures {
	if v.Measures.Weight.IsZero() && v.Measures.Length.IsZero() {
		return p.Measures
	}
	return v.Measures
}

// variantCells are what a variant has of its own. A single product's fields fill its variant.
func (w productWriter) variantCells(p *erp.Product, v *erp.Variant) []rpc.Cell {
	measures := landedMeasures(p, v)
	sku, barcode := v.SKU, v.Barcode
	if p.Kind != erp.Variable {
		sku, barcode = cmp.Or(sku, p.SKU), cmp.Or(barcode, p.Barcode)
	}
	cells := []rpc.Cell{
		rpc.TextCell("default_code", sku), rpc.TextCell("barcode", barcode), rpc.BoolCell("active", v.Active || p.Kind != erp.Variable),
		rpc.BoolCell(UncountedField, !v.TrackStock),
		rpc.DecimalCell("weight", weight(measures).Round(measureDigits)), rpc.DecimalCell("volume", volume(measures).Round(measureDigits)),
	}
	if p.Kind != erp.Variable {
		cells = record.SetFields(cells, named(p.Fields), variantFields)
	}
	return w.ownBarcode(record.ExternalName(v.Key), record.SetFields(cells, v.Fields, variantFields))
}

// named gives the mapped fields of a product that fill its variant.
func named(fields map[string]string) map[string]string {
	own := map[string]string{}
	for name, value := range fields {
		if _, ok := variantFields[name]; ok {
			own[name] = value
		}
	}
	return own
}

// ownBarcode leaves a barcode out that another product has: Odoo takes it once only.
func (w productWriter) ownBarcode(name string, cells []rpc.Cell) []rpc.Cell {
	for i, c := range cells {
		if c.Field != "barcode" || c.Text == "" {
			continue
		}
		if owner, taken := w.refs.barcodes[c.Text]; taken && owner != name {
			cells[i] = rpc.TextCell("barcode", "")
		} else {
			w.refs.barcodes[c.Text] = name
		}
	}
	return cells
}
