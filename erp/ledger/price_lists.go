package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

type priceListRow struct {
	ID       int64         `json:"id"`
	Name     string        `json:"name"`
	Kind     erp.PriceKind `json:"kind"`
	Currency string        `json:"currency"`
}

var priceLists = catalogue[erp.PriceList]{
	model: "price_list", table: "price_lists",
	key:   func(p *erp.PriceList) *erp.Key { return &p.Key },
	check: check.PriceList,
	write: writePriceLists,
}

// UpsertPriceLists lands price lists. A currency that is not in the ledger fails the list with the code
// "unknown_currency".
func (l *Ledger) UpsertPriceLists(ctx context.Context, batch []erp.PriceList) ([]erp.Outcome, error) {
	return priceLists.upsert(ctx, l, batch)
}

func writePriceLists(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.PriceList]) error {
	var currencies []string
	for _, d := range drafts {
		currencies = append(currencies, d.Record.Currency)
	}
	var known []string
	err := tx.SelectContext(ctx, &known, `SELECT code FROM ledger.currencies WHERE code = ANY ($1)`, pq.Array(currencies))
	if err != nil {
		return classify(err)
	}
	exists := make(map[string]bool, len(known))
	for _, code := range known {
		exists[code] = true
	}
	for _, d := range drafts {
		if !exists[d.Record.Currency] {
			d.Refused = landing.Failed("unknown_currency", "there is no currency %q in the ledger: add it there", d.Record.Currency)
		}
	}
	drafts, err = assign(ctx, tx, "price_lists", drafts)
	if err != nil {
		return err
	}
	rows := make([]priceListRow, len(drafts))
	for i, d := range drafts {
		rows[i] = priceListRow{ID: d.ID, Name: d.Record.Name, Kind: d.Record.Kind, Currency: d.Record.Currency}
	}
	return upsertRows(ctx, tx, "price_lists", rows)
}
