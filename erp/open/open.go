// Package open lists the ERPs that Tandem can be connected with.
package open

import (
	"github.com/jmoiron/sqlx"

	"tandem/budget"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/odoo"
)

// Drivers lists every ERP, one a line. An instance that names none is kept in step with the first.
func Drivers() erp.Drivers {
	return erp.Drivers{
		ledger.Driver(),
		odoo.Driver(),
	}
}

// Host shares Tandem's database with the ERPs that are opened: their workers take turns by its locks. All that this process
// opens on one server share a request budget.
func Host(database *sqlx.DB) erp.Host {
	return erp.Host{
		Database: database, Turns: func(scope string) erp.Turns { return newTurns(database, scope) },
		Budgets: &budget.Registry{},
	}
}
