package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
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
	check: checkTax,
	write: writeTaxes,
}

// UpsertTaxes lands tax rates. An account that is not in the ledger fails the tax with the code "unknown_account".
func (l *Ledger) UpsertTaxes(ctx context.Context, batch []erp.Tax) ([]erp.Outcome, error) {
	return taxes.upsert(ctx, l, batch)
}

func checkTax(t *erp.Tax) *refusal {
	if t.Rate.IsNegative() {
		return failed("invalid_rate", "the tax rate %s is negative", t.Rate)
	}
	return checkCountry(t.Country)
}

func writeTaxes(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Tax]) error {
	var codes []string
	for _, d := range drafts {
		codes = append(codes, d.record.Account, d.record.RefundAccount)
	}
	accounts, err := accountIDs(ctx, tx, codes)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		for _, code := range []string{d.record.Account, d.record.RefundAccount} {
			if code != "" && accounts[code] == nil {
				d.refused = failed("unknown_account", "there is no account %q in the ledger: choose another in the instance's settings", code)
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

func newTaxRow(d *draft[erp.Tax], accounts map[string]*int64) taxRow {
	t := d.record
	return taxRow{
		ID: d.id, Name: t.Name, Rate: t.Rate, Country: t.Country, State: t.State,
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

// checkCountry refuses what is not an ISO 3166-1 alpha-2 code or empty.
func checkCountry(code string) *refusal {
	if code == "" || len(code) == 2 && isUpper(code[0]) && isUpper(code[1]) {
		return nil
	}
	return failed("invalid_country", "the country is not a code of two capital letters")
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// filled makes a missing list an empty one, as NOT NULL columns want it.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
