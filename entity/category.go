package entity

import (
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

var category = importingTerms(spec[woo.Category, erp.Term]{
	Spec: flow.Spec{Entity: categoryName, Label: "Categories"},
	read: orNone(scan(func(c *woo.Client) *woo.Service[woo.Category] { return c.Categories }, wholeList)),
	land: landCategories,
	describe: func(c woo.Category) flow.Record {
		return flow.Record{ID: c.ID.String(), Raw: c.Raw}
	},
	convert: mapCategory,
})

// mapCategory maps a node of the tree. A parent that comes later parks it until then; one that is its own parent is at the
// top.
func mapCategory(ec Context, c woo.Category) (erp.Term, error) {
	if c.Parent == c.ID {
		c.Parent = 0
	}
	return erp.Term{
		Key: keyOf(ec, categoryName, c.ID), Kind: erp.Category,
		Name: plain(c.Name), Code: c.Slug, Parent: optionalKey(ec, categoryName, c.Parent),
		Description: c.Description, Position: int(inRange(c.MenuOrder)), Active: true, Image: termImage(c.Image),
	}, nil
}
