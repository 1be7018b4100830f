// Package stock keeps the stock of an Odoo: it counts products and reads what there is of them, reports which have changed, puts
// goods on hand, and delivers pickings. Of orders it knows their ids and what the store has set aside for their lines.
package stock

import (
	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// Inventory is the stock of one Odoo.
type Inventory struct {
	records *record.Store
	rpc     *rpc.Client
	turns   erp.Turns
}

// New makes the inventory of an Odoo. Turns are taken with other processes on the same Odoo; nil where there are none. Nothing
// is asked or written yet.
func New(records *record.Store, c *rpc.Client, turns erp.Turns) *Inventory {
	return &Inventory{records: records, rpc: c, turns: turns}
}
