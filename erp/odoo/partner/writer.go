// Package partner lands customers and guests in an Odoo as contacts, with their addresses below them.
package partner

import (
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// Writer lands the partners of one Odoo.
type Writer struct {
	records *record.Store
	rpc     *rpc.Client
}

// New makes the writer of an Odoo. Nothing is asked or written yet.
func New(records *record.Store, c *rpc.Client) *Writer { return &Writer{records: records, rpc: c} }
