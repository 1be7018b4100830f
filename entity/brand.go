package entity

import (
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

var brand = importingTerms(spec[woo.Brand, erp.Term]{
	Spec: flow.Spec{Entity: brandName, Label: "Brands", Dispensable: true},
	read: orNone(scan(func(c *woo.Client) *woo.Service[woo.Brand] { return c.Brands }, wholeList)),
	describe: func(b woo.Brand) flow.Record {
		return flow.Record{ID: b.ID.String(), Raw: b.Raw}
	},
	convert: mapBrand,
})

// mapBrand maps a brand. Brands form a tree in WooCommerce; in an ERP they are a flat list, so a parent is only noted.
func mapBrand(ec Context, b woo.Brand) (erp.Term, error) {
	term := erp.Term{
		Key: keyOf(ec, brandName, b.ID), Kind: erp.Brand,
		Name: plain(b.Name), Code: b.Slug, Description: b.Description,
		Position: int(inRange(b.MenuOrder)), Active: true, Image: termImage(b.Image),
	}
	if b.Parent != 0 {
		term.Extra = map[string]string{"parent": b.Parent.String()}
	}
	return term, nil
}
