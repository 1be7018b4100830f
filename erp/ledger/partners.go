package ledger

import (
	"context"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/landing"
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
	stale, err := stalePartners(ctx, tx, records)
	if err != nil {
		return nil, err
	}
	drafts := make([]interface{ Outcome() erp.Outcome }, len(records))
	for i, record := range records {
		if stale[record.Key] {
			drafts[i] = refusedPartner(record.Key)
		} else if drafts[i], err = book.Take(record); err != nil {
			return nil, err
		}
	}
	if err := writeBook(ctx, tx, book); err != nil {
		return nil, err
	}
	return landing.Outcomes(drafts), nil
}

// stalePartners names the keys of partners that have another revision than the record that is to land has.
func stalePartners(ctx context.Context, tx *sqlx.Tx, records []*erp.Partner) (map[erp.Key]bool, error) {
	revisions := map[erp.Key]string{}
	for _, record := range records {
		if record.Revision != "" {
			revisions[record.Key] = record.Revision
		}
	}
	known, err := resolve(ctx, tx, "partner", slices.Collect(maps.Keys(revisions)))
	if err != nil {
		return nil, err
	}
	wanted := make(map[int64]string, len(known))
	for key, partner := range known {
		wanted[partner.ID] = revisions[key]
	}
	byID, err := staleOf(ctx, tx, "partners", wanted)
	stale := make(map[erp.Key]bool, len(known))
	for key, partner := range known {
		stale[key] = byID[partner.ID]
	}
	return stale, err
}

// refusedPartner is the key of a partner that somebody changed meanwhile.
type refusedPartner erp.Key

// Outcome says so.
func (p refusedPartner) Outcome() erp.Outcome { return changedMeanwhile().Outcome(erp.Key(p)) }
