package catalog

import (
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// CustomFields are the fields that the records of a catalog have in Odoo besides Odoo's own.
func CustomFields(r rpc.Release) []record.CustomField {
	var fields []record.CustomField
	for _, model := range []string{
		"product.category", "product.attribute", "product.attribute.value", "account.tax", "product.pricelist", "product.template",
		rpc.TagModels.For(r), rpc.CouponModels.For(r),
	} {
		fields = append(fields, record.CustomField{Model: model, Name: record.StampField, Kind: "char"})
	}
	return append(fields,
		record.CustomField{Model: "account.tax", Name: CompoundField, Kind: "boolean"}, // the store calculates it on other taxes, too
		record.CustomField{Model: "product.product", Name: UncountedField, Kind: "boolean"},
		record.CustomField{Model: templateFrames.model, Name: templateFrames.note, Kind: "char"}, // digest of the image that was handed over last
		record.CustomField{Model: variantFrames.model, Name: variantFrames.note, Kind: "char"},
	)
}
