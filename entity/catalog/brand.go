package catalog

import (
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

const brandName = "brand"

// Brands is the import of brands, which an older WooCommerce does not have.
var Brands = mapping.ImportingTerms(mapping.Import[woo.Brand, erp.Term]{
	Spec: flow.Spec{Entity: brandName, Label: "Brands", FindDeleted: true, Dispensable: true},
	Read: mapping.OrNone(mapping.Scan(func(c *woo.Client) *woo.Service[woo.Brand] { return c.Brands }, mapping.WholeList)),
	Describe: func(b woo.Brand) flow.Record {
		return flow.Record{ID: b.ID.String(), Raw: b.Raw, Label: mapping.Label(b.Name)}
	},
	Convert: mapBrand,
	Sides:   termSides(erp.Brand, termComparison[woo.Brand](brandFields)),
})

// mapBrand maps a brand. Brands form a tree in WooCommerce; in an ERP they are a flat list, so a parent is only noted.
func mapBrand(ec mapping.Context, b woo.Brand) (erp.Term, error) {
	term := erp.Term{
		Key: mapping.KeyOf(ec, brandName, b.ID), Kind: erp.Brand,
		Name: mapping.Plain(b.Name), Code: b.Slug, Description: b.Description,
		Position: int(mapping.InRange(b.MenuOrder)), Active: true, Image: mapping.TermImage(b.Image),
	}
	if b.Parent != 0 {
		term.Extra = map[string]string{"parent": b.Parent.String()}
	}
	return term, nil
}

// BrandExport is the export of brands. Where a brand stands in the store's tree is left as it is.
var BrandExport = termExport[woo.Brand]{
	entity: brandName, label: "Brands", kind: erp.Brand,
	service: func(c *woo.Client) *woo.Service[woo.Brand] { return c.Brands },
	id:      func(b woo.Brand) woo.ID { return b.ID }, content: mapBrand,
	fields: brandFields,
}.exporting()

func brandFields(ec mapping.Context, t erp.Term) woo.Fields {
	fields := labelled(ec, t)
	fields["menu_order"] = t.Position
	return fields
}
