// Package open knows every ERP backend by name.
package open

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/fault"
)

// Ledger is the name of the built-in backend.
const Ledger = "ledger"

// Settings say which backend to open.
type Settings struct {
	Backend  string
	Database *sqlx.DB // where the ledger keeps its books; it stays the caller's to close
}

// Open opens a backend. An unknown name is fault.Invalid.
func Open(_ context.Context, s Settings) (erp.Backend, error) {
	switch s.Backend {
	case Ledger:
		return ledger.Open(s.Database), nil
	default:
		return nil, fault.Field("backend", "unknown ERP %q: choose %q", s.Backend, Ledger)
	}
}
