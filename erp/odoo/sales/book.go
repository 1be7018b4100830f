// Package sales lands the orders of a store in an Odoo, takes them through their steps, from quotation to paid and shipped, and
// reads where they stand. Goods are the stock package's; what an order takes of them is decided here.
package sales

import (
	"sync"

	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// Book has the orders of one Odoo.
type Book struct {
	records *record.Store
	rpc     *rpc.Client
	stock   *stock.Inventory

	mu       sync.Mutex
	services map[string]int64 // nil until the first order is landed
}

// New makes the book of an Odoo. Nothing is asked or written yet.
func New(records *record.Store, c *rpc.Client, goods *stock.Inventory) *Book {
	return &Book{records: records, rpc: c, stock: goods}
}
