// Package record lands records in an Odoo, whatever they are: under external ids, with Odoo's own import method, with a stamp of
// what was landed last, in parts that Odoo can bear. What a product or an order is made of, it does not know.
package record

import (
	"sync"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// Store has the records of one Odoo, each found by its external id, and lands others. What calls of this process have to know
// of each other is kept in it: who works on what, and what Odoo broke off at.
type Store struct {
	rpc      *rpc.Client
	company  string        // id of the company that is written to; empty is the user's own
	fields   []CustomField // what Tandem adds to Odoo, besides the model for terms
	locks                  // what calls take turns on, such as records that they share
	suspects suspects

	mu    sync.Mutex
	setup *Setup // nil until the first record is landed
}

// New makes the store of an Odoo. Nothing is asked or written yet.
func New(c *rpc.Client, company string, fields []CustomField) *Store {
	return &Store{rpc: c, company: company, fields: fields}
}

// NoteLanded ends the suspicion that records are too much for Odoo.
func (s *Store) NoteLanded(keys []erp.Key) { s.suspects.landed(keys) }

// NoteBroken notes that Odoo broke off at records, and returns how often it did so at a single one.
func (s *Store) NoteBroken(keys []erp.Key, err error) (strikes int) {
	return s.suspects.broke(keys, err)
}
