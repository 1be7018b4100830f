package ledger

import (
	"context"
	"strconv"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
)

// draft is a record on its way into its table.
type draft[T any] struct {
	record  *T
	key     erp.Key
	id      int64 // 0 until a new record is given one
	created bool
	before  string
	after   string
	refused *refusal
}

// catalogue says how records that have one row under one key are landed: everything but partners.
type catalogue[T any] struct {
	model string // in external_ids
	table string
	key   func(*T) *erp.Key
	check func(*T) *refusal
	// write puts the drafts, all of them new or changed, into their tables. It refuses those whose references are
	// unknown, and calls assign with the others before it needs their ids.
	write func(ctx context.Context, tx *sqlx.Tx, drafts []*draft[T]) error
}

func (c catalogue[T]) upsert(ctx context.Context, l *Ledger, batch []T) ([]erp.Outcome, error) {
	return landing[T]{key: c.keyOf, check: c.check, land: c.land}.run(ctx, l, batch)
}

func (c catalogue[T]) keyOf(record *T) erp.Key { return *c.key(record) }

func (c catalogue[T]) land(ctx context.Context, tx *sqlx.Tx, records []*T) ([]erp.Outcome, error) {
	drafts, err := c.draft(ctx, tx, records)
	if err != nil {
		return nil, err
	}
	var changed []*draft[T]
	for _, d := range drafts {
		if d.before != d.after {
			changed = append(changed, d)
		}
	}
	if len(changed) > 0 {
		if err := c.write(ctx, tx, changed); err != nil {
			return nil, err
		}
		if err := sign(ctx, tx, c.model, accepted(changed)); err != nil {
			return nil, err
		}
	}
	outcomes := make([]erp.Outcome, len(drafts))
	for i, d := range drafts {
		outcomes[i] = d.outcome()
	}
	return outcomes, nil
}

// draft locks the keys and compares the records with what is held.
func (c catalogue[T]) draft(ctx context.Context, tx *sqlx.Tx, records []*T) ([]*draft[T], error) {
	keys := make([]erp.Key, len(records))
	for i, record := range records {
		keys[i] = c.keyOf(record)
	}
	if err := lockKeys(ctx, tx, c.model, keys); err != nil {
		return nil, err
	}
	known, err := resolve(ctx, tx, c.model, keys)
	if err != nil {
		return nil, err
	}
	drafts := make([]*draft[T], len(records))
	for i, record := range records {
		digest, err := digestOf(*record, c.key)
		if err != nil {
			return nil, err
		}
		before, exists := known[keys[i]]
		drafts[i] = &draft[T]{record: record, key: keys[i], id: before.ID, created: !exists, before: before.Digest, after: digest}
	}
	return drafts, nil
}

// sign binds the keys of new records and notes the digest of changed ones.
func sign[T any](ctx context.Context, tx *sqlx.Tx, model string, drafts []*draft[T]) error {
	var fresh, changed []binding
	for _, d := range drafts {
		b := bindingOf(d.key, model, d.id, d.after)
		if d.created {
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
func assign[T any](ctx context.Context, tx *sqlx.Tx, table string, drafts []*draft[T]) ([]*draft[T], error) {
	drafts = accepted(drafts)
	var targets []*int64
	for _, d := range drafts {
		if d.created {
			targets = append(targets, &d.id)
		}
	}
	return drafts, setIDs(ctx, tx, table, targets)
}

func accepted[T any](drafts []*draft[T]) []*draft[T] {
	var rest []*draft[T]
	for _, d := range drafts {
		if d.refused == nil {
			rest = append(rest, d)
		}
	}
	return rest
}

func (d *draft[T]) outcome() erp.Outcome {
	var outcome erp.Outcome
	switch {
	case d.refused != nil:
		outcome = d.refused.outcome(d.key)
		outcome.Before, outcome.After = d.before, d.before
	case d.created:
		outcome = erp.Outcome{Status: erp.Created, After: d.after}
	case d.before == d.after:
		outcome = erp.Outcome{Status: erp.Unchanged, Before: d.before, After: d.after}
	default:
		outcome = erp.Outcome{Status: erp.Updated, Before: d.before, After: d.after}
	}
	outcome.Key = d.key
	if d.id != 0 {
		outcome.ID = strconv.FormatInt(d.id, 10)
	}
	return outcome
}
