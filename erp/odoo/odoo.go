// Package odoo is the ERP backend for Odoo 14 to 19, through its external API and without a module installed in it.
//
// Records are landed by Odoo's own import method, load, under external ids of the module "tandem": the database keeps
// them unique, so a batch that is sent again after a lost reply updates what it made the first time. What Tandem landed
// last is remembered in custom fields whose names begin with x_tandem; see custom_fields.go. How that is done is in
// package record, and how Odoo is called in package rpc. What differs between versions is in rpc's release_tables.go, one
// table per thing, and nowhere else.
//
// What becomes of each kind of record is in packages partner, catalog, stock and sales; this one puts them together to the port,
// and has what is about all of them: what an instance may choose from, probing, keys, and totals.
package odoo

import (
	"context"
	"net/http"

	"tandem/budget"
	"tandem/erp"
	"tandem/erp/odoo/catalog"
	"tandem/erp/odoo/partner"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/sales"
	"tandem/erp/odoo/stock"
)

// Protocol names one of Odoo's external APIs.
type Protocol = rpc.Protocol

// The protocols. JSONRPC works with every version up to 21, JSON2 from 19 on.
const (
	JSONRPC = rpc.JSONRPC
	JSON2   = rpc.JSON2
)

// Settings say how to reach an Odoo.
type Settings struct {
	URL      string
	Database string
	Login    string         // JSONRPC only
	Secret   string         // an API key, or for JSONRPC a password
	Protocol Protocol       // empty: JSON2 where Odoo has it, otherwise JSONRPC
	Company  string         // id of the company written to; empty is the user's own
	Language string         // in which names are written, e.g. "fr_FR"; empty is "en_US"
	Turns    erp.Turns      // with other workers on the same Odoo; nil where there are none
	HTTP     *http.Client   // nil is one with the package's time limit
	Budget   *budget.Budget // share one between all backends on a server; nil is one of its own
}

// Backend is an Odoo.
type Backend struct {
	records  *record.Store
	partners *partner.Writer
	catalog  *catalog.Writer
	stock    *stock.Inventory
	sales    *sales.Book
	settings Settings
	rpc      *rpc.Client
}

var (
	_ erp.Backend    = (*Backend)(nil)
	_ erp.RefundBook = (*Backend)(nil)
)

// Open makes the backend of an Odoo, whose version it asks for. Nothing is written. A version older than 14 is
// fault.Unsupported; a URL that does not lead to an Odoo is fault.Invalid.
func Open(ctx context.Context, s Settings) (*Backend, error) {
	c, err := rpc.Dial(ctx, rpc.Settings{URL: s.URL, Database: s.Database, Login: s.Login, Secret: s.Secret, Protocol: s.Protocol,
		Company: s.Company, Language: s.Language, HTTP: s.HTTP, Budget: s.Budget})
	if err != nil {
		return nil, err
	}
	return newBackend(s, c), nil
}

func newBackend(s Settings, c *rpc.Client) *Backend {
	records := record.New(c, s.Company, customFields(c.Release))
	goods := stock.New(records, c, s.Turns)
	return &Backend{
		records: records, partners: partner.New(records, c), catalog: catalog.New(records, c), stock: goods,
		sales: sales.New(records, c, goods), settings: s, rpc: c,
	}
}

// Close releases connections.
func (b *Backend) Close() error {
	b.rpc.Close()
	return nil
}
