package catalog

import (
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

const categoryName = "category"

// Categories is the import of the tree of categories.
var Categories = mapping.ImportingTerms(mapping.Import[woo.Category, erp.Term]{
	Spec: flow.Spec{Entity: categoryName, Label: "Categories", FindDeleted: true},
	Read: mapping.OrNone(mapping.Scan(func(c *woo.Client) *woo.Service[woo.Category] { return c.Categories }, mapping.WholeList)),
	Land: landCategories,
	Describe: func(c woo.Category) flow.Record {
		return flow.Record{ID: c.ID.String(), Raw: c.Raw, Label: mapping.Label(c.Name)}
	},
	Convert: mapCategory,
	Sides:   termSides(erp.Category, termComparison[woo.Category](categoryFields)),
})

// mapCategory maps a node of the tree. A parent that comes later parks it until then; one that is its own parent is at the
// top.
func mapCategory(ec mapping.Context, c woo.Category) (erp.Term, error) {
	if c.Parent == c.ID {
		c.Parent = 0
	}
	return erp.Term{
		Key: mapping.KeyOf(ec, categoryName, c.ID), Kind: erp.Category,
		Name: mapping.Plain(c.Name), Code: c.Slug, Parent: mapping.OptionalKey(ec, categoryName, c.Parent),
		Description: c.Description, Position: int(mapping.InRange(c.MenuOrder)), Active: true, Image: mapping.TermImage(c.Image),
	}, nil
}

// CategoryExport is the export of the tree of categories, parents first.
var CategoryExport = termExport[woo.Category]{
	entity: categoryName, label: "Categories", kind: erp.Category,
	service: func(c *woo.Client) *woo.Service[woo.Category] { return c.Categories },
	id:      func(c woo.Category) woo.ID { return c.ID }, content: mapCategory,
	fields: categoryFields,
	refs:   func(t *erp.Term) []*erp.Key { return []*erp.Key{&t.Parent} },
}.exporting()

func categoryFields(ec mapping.Context, t erp.Term) woo.Fields {
	fields := labelled(ec, t)
	fields["menu_order"], fields["parent"] = t.Position, mapping.StoreID(t.Parent)
	return fields
}
