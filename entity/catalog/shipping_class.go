package catalog

import (
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

const shippingClassName = "shipping_class"

// ShippingClasses is the import of shipping classes.
var ShippingClasses = mapping.ImportingTerms(mapping.Import[woo.ShippingClass, erp.Term]{
	Spec: flow.Spec{Entity: shippingClassName, Label: "Shipping classes", FindDeleted: true, Dispensable: true},
	Read: mapping.OrNone(mapping.Scan(func(c *woo.Client) *woo.Service[woo.ShippingClass] { return c.ShippingClasses }, mapping.WholeList)),
	Describe: func(s woo.ShippingClass) flow.Record {
		return flow.Record{ID: s.ID.String(), Raw: s.Raw, Label: mapping.Label(s.Name)}
	},
	Convert: mapShippingClass,
	Sides:   termSides(erp.ShippingClass, termComparison[woo.ShippingClass](labelled)),
})

func mapShippingClass(ec mapping.Context, s woo.ShippingClass) (erp.Term, error) {
	return erp.Term{
		Key: mapping.KeyOf(ec, shippingClassName, s.ID), Kind: erp.ShippingClass,
		Name: mapping.Plain(s.Name), Code: s.Slug, Description: s.Description, Active: true,
	}, nil
}

// ShippingClassExport is the export of shipping classes.
var ShippingClassExport = termExport[woo.ShippingClass]{
	entity: shippingClassName, label: "Shipping classes", kind: erp.ShippingClass,
	service: func(c *woo.Client) *woo.Service[woo.ShippingClass] { return c.ShippingClasses },
	id:      func(s woo.ShippingClass) woo.ID { return s.ID }, content: mapShippingClass, fields: labelled,
}.exporting()
