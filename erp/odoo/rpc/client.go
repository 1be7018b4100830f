// Package rpc calls an Odoo through its external API, JSON-RPC or JSON-2: it keeps to the server's request budget, classifies what goes
// wrong, and has the values that go in and come out. It knows what differs between versions, and no kind of record.
package rpc

import (
	"context"
	"net/http"
	"sync/atomic"

	"tandem/budget"
	"tandem/fault"
)

// Protocol names one of Odoo's external APIs.
type Protocol string

// The protocols. JSON-RPC works with every version up to 21, JSON-2 from 19 on.
const (
	JSONRPC Protocol = "jsonrpc"
	JSON2   Protocol = "json2"
)

// Settings say how to reach an Odoo.
type Settings struct {
	URL      string
	Database string
	Login    string         // JSONRPC only
	Secret   string         // an API key, or for JSONRPC a password
	Protocol Protocol       // empty: JSON2 where Odoo has it, otherwise JSONRPC
	Company  string         // id of the company written to; empty until SetCompany says which
	Language string         // in which names are written, e.g. "fr_FR"; empty is "en_US"
	HTTP     *http.Client   // nil is one with the package's time limit
	Budget   *budget.Budget // share one between all clients of a server; nil is one of its own
}

// Client calls one Odoo, in the language and the company that are written to.
type Client struct {
	Caller  // by the protocol that Dial chose
	Release Release
	Lang    string       // as the settings name it
	company atomic.Int64 // the one that is written to; 0 until it has been looked up
}

// Dial asks an Odoo for its version, which needs no key, and chooses the protocol. A version older than 14 is
// fault.Unsupported; a URL that does not lead to an Odoo is fault.Invalid.
func Dial(ctx context.Context, s Settings) (*Client, error) {
	wire, err := newWire(s)
	if err != nil {
		return nil, err
	}
	version, err := wire.version(ctx)
	if err != nil {
		return nil, err
	}
	rel, err := ParseRelease(version)
	if err != nil {
		return nil, err
	}
	c := &Client{Release: rel, Lang: s.Language}
	c.company.Store(ParseID(s.Company))
	c.Caller, err = wire.dialect(s, rel)
	return c, err
}

// Company returns the company that is written to; 0 until it is known.
func (c *Client) Company() int64 { return c.company.Load() }

// SetCompany says which company is written to from now on.
func (c *Client) SetCompany(id int64) { c.company.Store(id) }

// dialect chooses the protocol for a version.
func (w *wire) dialect(s Settings, rel Release) (Caller, error) {
	switch {
	case s.Protocol == JSON2 && newestProtocols.For(rel) != JSON2:
		return nil, fault.Field("protocol", "Odoo %s has no JSON-2: use %q", rel.Version, JSONRPC)
	case s.Protocol == JSON2, s.Protocol == "" && newestProtocols.For(rel) == JSON2:
		return &json2{wire: w, database: s.Database, key: s.Secret}, nil
	case s.Login == "":
		return nil, fault.Field("login", "JSON-RPC needs the login of the user the key belongs to")
	case s.Database == "":
		return nil, fault.Field("database", "JSON-RPC needs the name of the database: on Odoo Online it is the first part of the address")
	default:
		rpc := &jsonRPC{wire: w, database: s.Database, login: s.Login, secret: s.Secret}
		if sessionErrors.For(rel) {
			rpc.session = &session{}
		}
		return rpc, nil
	}
}
