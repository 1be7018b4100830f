// Package catalog lands what a store sells in an Odoo: terms, taxes, price lists, products with their variants, prices and
// images, and coupons.
package catalog

import (
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// Writer lands the catalog of one Odoo.
type Writer struct {
	records *record.Store
	rpc     *rpc.Client
}

// New makes the writer of an Odoo. Nothing is asked or written yet.
func New(records *record.Store, c *rpc.Client) *Writer { return &Writer{records: records, rpc: c} }
