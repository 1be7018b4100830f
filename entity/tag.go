package entity

import (
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

var tag = importingTerms(spec[woo.Tag, erp.Term]{
	Spec: flow.Spec{Entity: tagName, Label: "Tags", Dispensable: true},
	read: orNone(scan(func(c *woo.Client) *woo.Service[woo.Tag] { return c.Tags }, wholeList)),
	describe: func(t woo.Tag) flow.Record {
		return flow.Record{ID: t.ID.String(), Raw: t.Raw}
	},
	convert: mapTag,
})

func mapTag(ec Context, t woo.Tag) (erp.Term, error) {
	return erp.Term{
		Key: keyOf(ec, tagName, t.ID), Kind: erp.Tag,
		Name: plain(t.Name), Code: t.Slug, Description: t.Description, Active: true,
	}, nil
}
