package ledger

import (
	"context"
	"fmt"

	"tandem/erp"
	"tandem/fault"
)

// Probe checks that the ledger's tables are there and may be written to.
func (l *Ledger) Probe(ctx context.Context) (erp.Info, error) {
	var found struct {
		Company   string
		CompanyID string `db:"company_id"`
		Version   int
		Writable  bool
	}
	err := l.db.GetContext(ctx, &found, `
		SELECT c.name AS company, c.id::text AS company_id, coalesce(m.version, 0) AS version,
		       has_table_privilege('ledger.external_ids', 'INSERT')
		           AND NOT current_setting('transaction_read_only')::boolean AS writable
		FROM ledger.companies c
		CROSS JOIN (SELECT max(version_id) AS version FROM ledger.migrations WHERE is_applied) m
		ORDER BY c.id LIMIT 1`)
	if err != nil {
		return erp.Info{}, classify(err)
	}
	if !found.Writable {
		return erp.Info{}, fault.New(fault.Unauthorized, "the ledger's database may only be read: connect to the primary server as a user who may write")
	}
	return erp.Info{Name: "Tandem ledger", Version: fmt.Sprintf("schema %d", found.Version), Company: found.Company, CompanyID: found.CompanyID}, nil
}

// Options lists the ledger's settings. An instance names them by their code, which is their ID here.
func (l *Ledger) Options(ctx context.Context) (erp.Options, error) {
	var options erp.Options
	for _, list := range []struct {
		into  *[]erp.Choice
		query string
	}{
		{&options.Companies, `SELECT id::text, name, currency FROM ledger.companies`},
		{&options.Warehouses, `SELECT code AS id, code, name FROM ledger.warehouses`},
		{&options.Currencies, `SELECT code AS id, code, name, code AS currency FROM ledger.currencies`},
		{&options.Journals, `SELECT code AS id, code, name, kind, coalesce(currency, '') AS currency FROM ledger.journals`},
		{&options.PaymentMethods, `SELECT code AS id, code, name FROM ledger.payment_methods`},
		{&options.PaymentTerms, `SELECT code AS id, code, name FROM ledger.payment_terms`},
		{&options.SalesTeams, `SELECT code AS id, code, name FROM ledger.sales_teams`},
		{&options.Salespeople, `SELECT code AS id, code, name FROM ledger.salespeople`},
		{&options.Accounts, `SELECT code AS id, code, name, kind FROM ledger.accounts`},
		{&options.Taxes, `SELECT id::text, trim_scale(rate) || '%' AS code, name, CASE WHEN price_include THEN 'included' ELSE 'excluded' END AS kind FROM ledger.taxes`},
		{&options.PriceLists, `SELECT id::text, name, kind, currency FROM ledger.price_lists`},
	} {
		if err := l.db.SelectContext(ctx, list.into, list.query+` ORDER BY name, id`); err != nil {
			return erp.Options{}, classify(err)
		}
	}
	return options, nil
}
