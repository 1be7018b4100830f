// Package odoo is the ERP backend for Odoo 14 to 19, through its external API and without a module installed in it.
//
// Records are landed by Odoo's own import method, load, under external ids of the module "tandem": the database keeps
// them unique, so a batch that is sent again after a lost reply updates what it made the first time. What Tandem landed
// last is remembered in custom fields whose names begin with x_tandem; see schema.go. What differs between versions is
// in release_tables.go, one table per thing, and nowhere else.
package odoo

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"tandem/erp"
	"tandem/fault"
)

// Protocol names one of Odoo's external APIs.
type Protocol string

// The protocols. JSONRPC works with every version up to 21, JSON2 from 19 on.
const (
	JSONRPC Protocol = "jsonrpc"
	JSON2   Protocol = "json2"
)

// Settings say how to reach an Odoo.
type Settings struct {
	URL      string
	Database string
	Login    string       // JSONRPC only
	Secret   string       // an API key, or for JSONRPC a password
	Protocol Protocol     // empty: JSON2 where Odoo has it, otherwise JSONRPC
	Company  string       // id of the company written to; empty is the user's own
	Language string       // in which names are written, e.g. "fr_FR"; empty is "en_US"
	Turns    Turns        // with other workers on the same Odoo; nil where there are none
	HTTP     *http.Client // nil is one with the package's time limit
}

// Backend is an Odoo.
type Backend struct {
	settings Settings
	api      api
	release  release
	locks    locks
	steps    steps
	suspects suspects
	company  atomic.Int64 // the one that is written to; 0 until it has been looked up

	mu       sync.Mutex
	setup    *setup           // nil until the first record is landed
	services map[string]int64 // nil until the first order is landed
}

var _ erp.Backend = (*Backend)(nil)

// Open makes the backend of an Odoo, whose version it asks for. Nothing is written. A version older than 14 is
// fault.Unsupported; a URL that does not lead to an Odoo is fault.Invalid.
func Open(ctx context.Context, s Settings) (*Backend, error) {
	wire, err := newWire(s)
	if err != nil {
		return nil, err
	}
	version, err := wire.version(ctx)
	if err != nil {
		return nil, err
	}
	rel, err := releaseOf(version)
	if err != nil {
		return nil, err
	}
	b := &Backend{settings: s, release: rel}
	b.company.Store(parseID(s.Company))
	b.api, err = wire.dialect(s, rel)
	return b, err
}

// Close releases connections.
func (b *Backend) Close() error {
	b.api.close()
	return nil
}

// dialect chooses the protocol for a version.
func (w *wire) dialect(s Settings, rel release) (api, error) {
	switch {
	case s.Protocol == JSON2 && pick(rel, newestProtocols) != JSON2:
		return nil, fault.Field("protocol", "Odoo %s has no JSON-2: use %q", rel.version, JSONRPC)
	case s.Protocol == JSON2, s.Protocol == "" && pick(rel, newestProtocols) == JSON2:
		return &json2{wire: w, database: s.Database, key: s.Secret}, nil
	case s.Login == "":
		return nil, fault.Field("login", "JSON-RPC needs the login of the user the key belongs to")
	case s.Database == "":
		return nil, fault.Field("database", "JSON-RPC needs the name of the database: on Odoo Online it is the first part of the address")
	default:
		rpc := &jsonRPC{wire: w, database: s.Database, login: s.Login, secret: s.Secret}
		if pick(rel, sessionErrors) {
			rpc.session = &session{}
		}
		return rpc, nil
	}
}
