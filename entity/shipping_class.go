package entity

import (
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

var shippingClass = importingTerms(spec[woo.ShippingClass, erp.Term]{
	Spec: flow.Spec{Entity: shippingClassName, Label: "Shipping classes", Dispensable: true},
	read: orNone(scan(func(c *woo.Client) *woo.Service[woo.ShippingClass] { return c.ShippingClasses }, wholeList)),
	describe: func(s woo.ShippingClass) flow.Record {
		return flow.Record{ID: s.ID.String(), Raw: s.Raw}
	},
	convert: mapShippingClass,
})

func mapShippingClass(ec Context, s woo.ShippingClass) (erp.Term, error) {
	return erp.Term{
		Key: keyOf(ec, shippingClassName, s.ID), Kind: erp.ShippingClass,
		Name: plain(s.Name), Code: s.Slug, Description: s.Description, Active: true,
	}, nil
}
