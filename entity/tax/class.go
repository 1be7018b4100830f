package tax

import (
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// Classes is the import of tax classes.
var Classes = mapping.ImportingTerms(mapping.Import[woo.TaxClass, erp.Term]{
	Spec: flow.Spec{Entity: mapping.TaxClassName, Label: "Tax classes", ValidID: flow.IsName},
	Read: mapping.OrNone(mapping.Directory(func(c *woo.Client) *woo.Directory[woo.TaxClass] { return c.TaxClasses },
		func(t woo.TaxClass) string { return t.Slug })),
	Describe: func(t woo.TaxClass) flow.Record {
		return flow.Record{ID: t.Slug, Raw: t.Raw, Label: mapping.Label(t.Name)}
	},
	Convert: mapClass,
})

func mapClass(ec mapping.Context, t woo.TaxClass) (erp.Term, error) {
	return erp.Term{
		Key: mapping.NamedKey(ec, mapping.TaxClassName, t.Slug), Kind: erp.TaxClass,
		Name: mapping.Plain(t.Name), Code: t.Slug, Active: true,
	}, nil
}
