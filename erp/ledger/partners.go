package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/partnerbook"
)

// UpsertPartners lands customers and guests with their addresses. Records of a batch count in their order: a later one
// finds by e-mail what an earlier one made. When a key is bound to a partner that was there already, or an address
// changes, the partner counts as updated.
func (l *Ledger) UpsertPartners(ctx context.Context, batch []erp.Partner) ([]erp.Outcome, error) {
	return writer[erp.Partner]{
		key:   func(p *erp.Partner) *erp.Key { return &p.Key },
		check: checkPartner,
		land:  landPartners,
	}.upsert(ctx, l, batch)
}

func landPartners(ctx context.Context, tx *sqlx.Tx, records []*erp.Partner) ([]erp.Outcome, error) {
	book, err := openBook(ctx, tx, records)
	if err != nil {
		return nil, err
	}
	drafts := make([]*partnerbook.Draft, len(records))
	for i, record := range records {
		if drafts[i], err = book.Take(record); err != nil {
			return nil, err
		}
	}
	if err := writeBook(ctx, tx, book); err != nil {
		return nil, err
	}
	return landing.Outcomes(drafts), nil
}
