package partner

import "tandem/erp/odoo/record"

// CustomFields are the fields that contacts have in Odoo besides Odoo's own.
func CustomFields() []record.CustomField {
	return []record.CustomField{{Model: "res.partner", Name: record.StampField, Kind: "char"}}
}
