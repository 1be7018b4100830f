package odoo

import "tandem/erp/odoo/record"

// stockFields are the fields in which Odoo keeps what its stock figures do not say.
func stockFields() []record.CustomField {
	return []record.CustomField{
		{Model: "sale.order.line", Name: asideField, Kind: "float"},
		{Model: "product.product", Name: countedField, Kind: "char"},
	}
}
