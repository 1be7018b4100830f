package odoo

import (
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// customFields are all that are added to models of Odoo. A model whose module is not installed is left out.
func customFields(r rpc.Release) []record.CustomField {
	var fields []record.CustomField
	for _, model := range []string{
		"product.category", "product.attribute", "product.attribute.value", "account.tax", "product.pricelist",
		"product.template", "res.partner", "sale.order", rpc.TagModels.For(r), rpc.CouponModels.For(r),
	} {
		fields = append(fields, record.CustomField{Model: model, Name: record.StampField, Kind: "char"})
	}
	return append(fields,
		record.CustomField{Model: "sale.order", Name: "x_tandem_amounts", Kind: "char"},       // digest of what is fixed once it is invoiced or shipped
		record.CustomField{Model: "sale.order", Name: "x_tandem_total", Kind: "char"},         // what the store charged
		record.CustomField{Model: "sale.order", Name: "x_tandem_cancelled", Kind: "boolean"},  // it is the store that cancelled the order
		record.CustomField{Model: "sale.order", Name: "x_tandem_taxes", Kind: "text"},         // the store's tax rates and their labels, as JSON
		record.CustomField{Model: "sale.order", Name: record.MarkField, Kind: "char"},         // what is still to be done to land it
		record.CustomField{Model: "sale.order", Name: "x_tandem_date", Kind: "char"},          // when it was placed: Odoo dates it again when it is confirmed
		record.CustomField{Model: "sale.order", Name: "x_tandem_opening", Kind: "text"},       // goods to be put on hand for it and not known to be yet
		record.CustomField{Model: "sale.order.line", Name: "x_tandem_aside", Kind: "float"},   // what the store has set aside for the line
		record.CustomField{Model: "sale.order.line", Name: splitField, Kind: "char"},          // the taxes of the line, by their ids, as JSON
		record.CustomField{Model: "sale.order.line", Name: soldAsField, Kind: "char"},         // the key under which the store sold its goods
		record.CustomField{Model: "sale.order.line", Name: placeholderField, Kind: "boolean"}, // they are the placeholder of what the store did not have
		record.CustomField{Model: "account.tax", Name: compoundField, Kind: "boolean"},        // the store calculates it on other taxes, too
		record.CustomField{Model: "product.product", Name: "x_tandem_counted", Kind: "char"},  // when the store counted it, per warehouse, as JSON
		record.CustomField{Model: "product.product", Name: uncountedField, Kind: "boolean"},
		record.CustomField{Model: templateFrames.model, Name: templateFrames.note, Kind: "char"}, // digest of the image that was handed over last
		record.CustomField{Model: variantFrames.model, Name: variantFrames.note, Kind: "char"},
	)
}
