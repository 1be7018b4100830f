package stock

import "tandem/erp/odoo/record"

// CustomFields are the fields in which Odoo keeps what its stock figures do not say.
func CustomFields() []record.CustomField {
	return []record.CustomField{
		{Model: "sale.order.line", Name: AsideField, Kind: "float"},
		{Model: "product.product", Name: countedField, Kind: "char"},
	}
}
