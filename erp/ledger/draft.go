package ledger

import (
	"context"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/landing"
)

// catalogue says how records that have one row under one key are landed: everything but partners.
type catalogue[T any] struct {
	model string // in external_ids
	table string
	key   func(*T) *erp.Key
	check func(*T) *landing.Refusal
	// revision is that which the record must have to land; nil for records that land over whatever is there.
	revision func(*T) string
	// write puts the drafts, all of them new or changed, into their tables. It refuses those whose references are
	// unknown, and calls assign with the others before it needs their ids.
	write func(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[T]) error
}

func (c catalogue[T]) upsert(ctx context.Context, l *Ledger, batch []T) ([]erp.Outcome, error) {
	return writer[T]{key: c.key, check: c.check, land: c.land}.upsert(ctx, l, batch)
}

func (c catalogue[T]) land(ctx context.Context, tx *sqlx.Tx, records []*T) ([]erp.Outcome, error) {
	drafts, err := c.draft(ctx, tx, records)
	if err != nil {
		return nil, err
	}
	if changed := landing.Changed(drafts); len(changed) > 0 {
		if err := c.write(ctx, tx, changed); err != nil {
			return nil, err
		}
		if err := sign(ctx, tx, c.model, landing.Accepted(changed)); err != nil {
			return nil, err
		}
	}
	return landing.Outcomes(drafts), nil
}

// draft locks the keys and compares the records with what is held.
func (c catalogue[T]) draft(ctx context.Context, tx *sqlx.Tx, records []*T) ([]*landing.Draft[T], error) {
	keys := make([]erp.Key, len(records))
	for i, record := range records {
		keys[i] = *c.key(record)
	}
	if err := lockKeys(ctx, tx, c.model, keys); err != nil {
		return nil, err
	}
	known, err := resolve(ctx, tx, c.model, keys)
	if err != nil {
		return nil, err
	}
	drafts := make([]*landing.Draft[T], len(records))
	for i, record := range records {
		d := landing.NewDraft(record, c.key)
		if before, ok := known[d.Key]; ok {
			d.Found(before.ID, before.Digest)
		}
		drafts[i] = d
	}
	if c.revision == nil {
		return drafts, nil
	}
	wanted := map[int64]string{}
	for i, d := range drafts {
		if revision := c.revision(records[i]); revision != "" && d.ID != 0 {
			wanted[d.ID] = revision
		}
	}
	stale, err := staleOf(ctx, tx, c.table, wanted)
	for _, d := range drafts {
		if stale[d.ID] {
			d.Refused = changedMeanwhile()
		}
	}
	return drafts, err
}

// staleOf locks records until the end of the transaction, and names those that have another revision than is wanted.
func staleOf(ctx context.Context, tx *sqlx.Tx, table string, wanted map[int64]string) (map[int64]bool, error) {
	stale := make(map[int64]bool, len(wanted))
	if len(wanted) == 0 {
		return stale, nil
	}
	var rows []struct {
		ID      int64
		Changed string
	}
	err := tx.SelectContext(ctx, &rows, `SELECT id, changed::text FROM ledger.`+table+` WHERE id = ANY ($1) ORDER BY id FOR UPDATE`,
		pq.Array(slices.Sorted(maps.Keys(wanted))))
	for _, row := range rows {
		stale[row.ID] = row.Changed != wanted[row.ID]
	}
	return stale, classify(err)
}

func changedMeanwhile() *landing.Refusal {
	return landing.Parked(erp.ChangedMeanwhile, "somebody changed it in the ledger while it was landed: process it again")
}

// sign binds the keys of new records and notes the digest of changed ones.
func sign[T any](ctx context.Context, tx *sqlx.Tx, model string, drafts []*landing.Draft[T]) error {
	var fresh, changed []binding
	for _, d := range drafts {
		b := bindingOf(d.Key, model, d.ID, d.After)
		if d.Created {
			fresh = append(fresh, b)
		} else {
			changed = append(changed, b)
		}
	}
	if err := bind(ctx, tx, fresh); err != nil {
		return err
	}
	return stamp(ctx, tx, changed)
}

// assign gives ids to the new ones among the drafts that are not refused, and gives those drafts.
func assign[T any](ctx context.Context, tx *sqlx.Tx, table string, drafts []*landing.Draft[T]) ([]*landing.Draft[T], error) {
	drafts = landing.Accepted(drafts)
	var targets []*int64
	for _, d := range drafts {
		if d.Created {
			targets = append(targets, &d.ID)
		}
	}
	return drafts, setIDs(ctx, tx, table, targets)
}
