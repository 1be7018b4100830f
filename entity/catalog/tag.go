package catalog

import (
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

const tagName = "tag"

// Tags is the import of product tags.
var Tags = mapping.ImportingTerms(mapping.Import[woo.Tag, erp.Term]{
	Spec: flow.Spec{Entity: tagName, Label: "Tags", FindDeleted: true, Dispensable: true},
	Read: mapping.OrNone(mapping.Scan(func(c *woo.Client) *woo.Service[woo.Tag] { return c.Tags }, mapping.WholeList)),
	Describe: func(t woo.Tag) flow.Record {
		return flow.Record{ID: t.ID.String(), Raw: t.Raw, Label: mapping.Label(t.Name)}
	},
	Convert: mapTag,
	Sides:   termSides(erp.Tag, termComparison[woo.Tag](labelled)),
})

func mapTag(ec mapping.Context, t woo.Tag) (erp.Term, error) {
	return erp.Term{
		Key: mapping.KeyOf(ec, tagName, t.ID), Kind: erp.Tag,
		Name: mapping.Plain(t.Name), Code: t.Slug, Description: t.Description, Active: true,
	}, nil
}

// TagExport is the export of product tags.
var TagExport = termExport[woo.Tag]{
	entity: tagName, label: "Tags", kind: erp.Tag,
	service: func(c *woo.Client) *woo.Service[woo.Tag] { return c.Tags },
	id:      func(t woo.Tag) woo.ID { return t.ID }, content: mapTag, fields: labelled,
}.exporting()
