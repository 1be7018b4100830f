package entity

import (
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

var taxClass = importingTerms(spec[woo.TaxClass, erp.Term]{
	Spec: flow.Spec{Entity: taxClassName, Label: "Tax classes", ValidID: flow.IsName},
	read: orNone(directory(func(c *woo.Client) *woo.Directory[woo.TaxClass] { return c.TaxClasses },
		func(t woo.TaxClass) string { return t.Slug })),
	describe: func(t woo.TaxClass) flow.Record {
		return flow.Record{ID: t.Slug, Raw: t.Raw}
	},
	convert: mapTaxClass,
})

func mapTaxClass(ec Context, t woo.TaxClass) (erp.Term, error) {
	return erp.Term{
		Key: namedKey(ec, taxClassName, t.Slug), Kind: erp.TaxClass,
		Name: plain(t.Name), Code: t.Slug, Active: true,
	}, nil
}
