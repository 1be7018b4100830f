package sales

import "tandem/erp/odoo/record"

// CustomFields are the fields that orders and their lines have in Odoo besides Odoo's own.
func CustomFields() []record.CustomField {
	return []record.CustomField{
		{Model: "sale.order", Name: record.StampField, Kind: "char"},
		{Model: "sale.order", Name: "x_tandem_amounts", Kind: "char"},       // digest of what is fixed once it is invoiced or shipped
		{Model: "sale.order", Name: "x_tandem_total", Kind: "char"},         // what the store charged
		{Model: "sale.order", Name: "x_tandem_cancelled", Kind: "boolean"},  // it is the store that cancelled the order
		{Model: "sale.order", Name: "x_tandem_taxes", Kind: "text"},         // the store's tax rates and their labels, as JSON
		{Model: "sale.order", Name: record.MarkField, Kind: "char"},         // what is still to be done to land it
		{Model: "sale.order", Name: "x_tandem_date", Kind: "char"},          // when it was placed: Odoo dates it again when it is confirmed
		{Model: "sale.order", Name: "x_tandem_opening", Kind: "text"},       // goods to be put on hand for it and not known to be yet
		{Model: "sale.order", Name: exportedField, Kind: "boolean"},         // it was made in Odoo, and exported to the store
		{Model: "account.move", Name: record.StampField, Kind: "char"},      // of credit notes
		{Model: "sale.order.line", Name: splitField, Kind: "char"},          // the taxes of the line, by their ids, as JSON
		{Model: "sale.order.line", Name: soldAsField, Kind: "char"},         // the key under which the store sold its goods
		{Model: "sale.order.line", Name: placeholderField, Kind: "boolean"}, // they are the placeholder of what the store did not have
	}
}
