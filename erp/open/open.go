// Package open knows every ERP backend by name.
package open

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/odoo"
	"tandem/fault"
)

// The names of the backends.
const (
	Ledger = "ledger" // built in
	Odoo   = "odoo"   // 14 or later
)

// Settings say which backend to open. Equal settings lead to the same books: one backend serves all who have them.
type Settings struct {
	Backend  string
	Database *sqlx.DB // where the ledger keeps its books and workers take turns; it stays the caller's to close
	Remote   Remote   // how any other ERP is reached
}

// Remote says how to reach an ERP that is not built in.
type Remote struct {
	URL      string
	Database string
	Login    string
	Secret   string
	Protocol string // "jsonrpc" or "json2"; empty is the best one the ERP has
	Company  string // id of the company written to; empty is the user's own
	Language string // in which names are written, e.g. "fr_FR"; empty is "en_US"
}

// String hides the secret from logs.
func (Remote) String() string { return "[redacted]" }

// Open opens a backend; one that is not built in is asked for its version. An unknown name is fault.Invalid.
func Open(ctx context.Context, s Settings) (erp.Backend, error) {
	switch s.Backend {
	case Ledger:
		return ledger.Open(s.Database), nil
	case Odoo:
		return openOdoo(ctx, s.Remote, s.Database)
	default:
		return nil, fault.Field("backend", "unknown ERP %q: choose %q or %q", s.Backend, Ledger, Odoo)
	}
}

func openOdoo(ctx context.Context, r Remote, shared *sqlx.DB) (erp.Backend, error) {
	settings := odoo.Settings{
		URL: r.URL, Database: r.Database, Login: r.Login, Secret: r.Secret, Protocol: odoo.Protocol(r.Protocol),
		Company: r.Company, Language: r.Language,
	}
	if shared != nil {
		settings.Turns = newTurns(shared, r.URL+" "+r.Database)
	}
	backend, err := odoo.Open(ctx, settings)
	if err != nil {
		return nil, err
	}
	return backend, nil
}
