package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

type taxRow struct {
	ID              int64           `json:"id"`
	Name            string          `json:"name"`
	Rate            decimal.Decimal `json:"rate"`
	Country         string          `json:"country"`
	State           string          `json:"state"`
	Postcodes       []string        `json:"postcodes"`
	Cities          []string        `json:"cities"`
	Class           string          `json:"class"`
	Priority        int             `json:"priority"`
	Compound        bool            `json:"compound"`
	Shipping        bool            `json:"shipping"`
	PriceInclude    bool            `json:"price_include"`
	AccountID       *int64          `json:"account_id"`
	RefundAccountID *int64          `json:"refund_account_id"`
}

var taxes = catalogue[erp.Tax]{
	model: "tax", table: "taxes",
	key:   func(t *erp.Tax) *erp.Key { return &t.Key },
	check: check.Tax,
	write: writeTaxes,
}

// UpsertTaxes lands tax rates. An account that is not in the ledger fails the tax with the code "unknown_account".
func (l *Ledger) UpsertTaxes(ctx context.Context, batch []erp.Tax) ([]erp.Outcome, error) {
	return taxes.upsert(ctx, l, batch)
}

func writeTaxes(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Tax]) error {
	var codes []string
	for _, d := range drafts {
		codes = append(codes, d.Record.Account, d.Record.RefundAccount)
	}
	accounts, err := accountIDs(ctx, tx, codes)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		for _, code := range []string{d.Record.Account, d.Record.RefundAccount} {
			if code != "" && accounts[code] == nil {
				d.Refused = landing.Failed("unknown_account", "there is no account %q in the ledger: choose another in the instance's settings", code)
			}
		}
	}
	drafts, err = assign(ctx, tx, "taxes", drafts)
	if err != nil {
		return err
	}
	rows := make([]taxRow, len(drafts))
	for i, d := range drafts {
		rows[i] = newTaxRow(d, accounts)
	}
	return upsertRows(ctx, tx, "taxes", rows)
}

func newTaxRow(d *landing.Draft[erp.Tax], accounts map[string]*int64) taxRow {
	t := d.Record
	return taxRow{
		ID: d.ID, Name: t.Name, Rate: t.Rate, Country: t.Country, State: t.State,
		Postcodes: filled(t.Postcodes), Cities: filled(t.Cities), Class: t.Class, Priority: t.Priority,
		Compound: t.Compound, Shipping: t.Shipping, PriceInclude: t.PriceInclude,
		AccountID: accounts[t.Account], RefundAccountID: accounts[t.RefundAccount],
	}
}

// accountIDs finds accounts by code. The ids are pointers because most taxes leave the account to the company.
func accountIDs(ctx context.Context, tx *sqlx.Tx, codes []string) (map[string]*int64, error) {
	var rows []struct {
		ID   int64
		Code string
	}
	err := tx.SelectContext(ctx, &rows, `SELECT id, code FROM ledger.accounts WHERE code = ANY ($1)`, pq.Array(codes))
	found := make(map[string]*int64, len(rows))
	for _, row := range rows {
		found[row.Code] = &row.ID
	}
	return found, classify(err)
}

// filled makes a missing list an empty one, as NOT NULL columns want it.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
