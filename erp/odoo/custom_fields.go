package odoo

import (
	"slices"

	"tandem/erp/odoo/catalog"
	"tandem/erp/odoo/partner"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/sales"
	"tandem/erp/odoo/stock"
)

// customFields are all that are added to models of Odoo. A model whose module is not installed is left out.
func customFields(r rpc.Release) []record.CustomField {
	return slices.Concat(catalog.CustomFields(r), partner.CustomFields(), sales.CustomFields(), stock.CustomFields())
}
