package odoo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"tandem/erp"
	"tandem/fault"
)

// stampField holds the content digest of what Tandem landed last in a record. It is written along with the content, in
// one transaction, so a lost reply cannot part them. Where the content takes several calls it is written by the last one.
const stampField = "x_tandem"

// draft is a record on its way into Odoo.
type draft[T any] struct {
	record  *T
	key     erp.Key
	id      int64 // 0 until a new record is landed
	created bool
	before  string
	after   string
	pending bool // more calls follow the one that lands the record: it is stamped after them
	refused *refusal
}

// stampCell says what was landed, or nothing yet.
func (d *draft[T]) stampCell() cell {
	if d.pending {
		return cellOf(stampField, "")
	}
	return cellOf(stampField, d.after)
}

// stampPending stamps the drafts that were landed by several calls.
func stampPending[T any](ctx context.Context, b *Backend, model string, name func(erp.Key) string, drafts []*draft[T]) error {
	var landed []*draft[T]
	for _, d := range accepted(drafts) {
		if d.pending {
			landed = append(landed, d)
		}
	}
	results, err := b.load(ctx, model, mapped(landed, func(d *draft[T]) *record {
		return &record{name: name(d.key), cells: []cell{cellOf(stampField, d.after)}}
	}))
	for i, r := range results {
		landed[i].refused = r.refused
	}
	return err
}

// catalogue says how records that are one record of Odoo under one key are landed: everything but partners.
type catalogue[T any] struct {
	key   func(*T) *erp.Key
	check func(*T) *refusal
	model func(b *Backend, record *T) string // where it is kept
	name  func(erp.Key) string               // of its external id
	// write lands the drafts, all of them new or changed, sets their ids and refuses those that cannot be.
	write func(ctx context.Context, b *Backend, drafts []*draft[T]) error
}

func (c catalogue[T]) upsert(ctx context.Context, b *Backend, batch []T) ([]erp.Outcome, error) {
	return landing[T]{
		key:   func(record *T) erp.Key { return *c.key(record) },
		check: c.check,
		land:  func(ctx context.Context, records []*T) ([]erp.Outcome, error) { return c.land(ctx, b, records) },
	}.run(ctx, b, batch)
}

func (c catalogue[T]) land(ctx context.Context, b *Backend, records []*T) ([]erp.Outcome, error) {
	if _, err := b.prepared(ctx); err != nil {
		return nil, err
	}
	drafts, err := c.draft(ctx, b, records)
	if err != nil {
		return nil, err
	}
	var changed []*draft[T]
	for _, d := range drafts {
		if d.before != d.after && d.refused == nil {
			changed = append(changed, d)
		}
	}
	if len(changed) > 0 {
		if err := c.write(ctx, b, changed); err != nil {
			return nil, err
		}
	}
	outcomes := make([]erp.Outcome, len(drafts))
	for i, d := range drafts {
		outcomes[i] = d.outcome()
	}
	return outcomes, nil
}

// draft compares the records with what was landed last.
func (c catalogue[T]) draft(ctx context.Context, b *Backend, records []*T) ([]*draft[T], error) {
	names := make([]string, len(records))
	for i, record := range records {
		names[i] = c.name(*c.key(record))
	}
	known, err := b.resolve(ctx, names)
	if err != nil {
		return nil, err
	}
	stamps, err := b.stamps(ctx, known)
	if err != nil {
		return nil, err
	}
	drafts := make([]*draft[T], len(records))
	for i, record := range records {
		digest, err := digestOf(*record, c.key)
		if err != nil {
			return nil, err
		}
		d := &draft[T]{record: record, key: *c.key(record), after: digest, created: true}
		drafts[i] = d
		at, bound := known[names[i]]
		if stamp, exists := stamps[place{at.Model, at.ResID}]; bound && exists {
			d.id, d.created, d.before = at.ResID, false, stamp
		}
		if bound && !d.created && at.Model != c.model(b, record) {
			d.refused = failed("other_model", "the key names a %s in Odoo, not a %s", at.Model, c.model(b, record))
		}
	}
	return drafts, nil
}

// place is where a record is in Odoo.
type place struct {
	model string
	id    int64
}

// stamped is a record with its stamp.
type stamped struct {
	row
	Stamp text `json:"x_tandem"`
}

// stamps reads what was landed last in records. Those that a person deleted are missing from the map.
func (b *Backend) stamps(ctx context.Context, records map[string]bound) (map[place]string, error) {
	byModel := map[string][]int64{}
	for _, r := range records {
		byModel[r.Model] = append(byModel[r.Model], r.ResID)
	}
	found := make(map[place]string, len(records))
	for model, list := range byModel {
		rows, err := searchBy[stamped](ctx, b, model, "id", distinct(list), nil, stampField)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[place{model, r.ID}] = string(r.Stamp)
		}
	}
	return found, nil
}

// accepted gives the drafts that are not refused.
func accepted[T any](drafts []*draft[T]) []*draft[T] {
	var rest []*draft[T]
	for _, d := range drafts {
		if d.refused == nil {
			rest = append(rest, d)
		}
	}
	return rest
}

// loadDrafts lands one record for each draft.
func loadDrafts[T any](ctx context.Context, b *Backend, model string, drafts []*draft[T], record func(*draft[T]) *record) error {
	drafts = accepted(drafts)
	if len(drafts) == 0 {
		return nil
	}
	results, err := b.load(ctx, model, mapped(drafts, record))
	if err != nil {
		return err
	}
	for i, d := range drafts {
		if d.refused = results[i].refused; d.refused == nil {
			d.id = results[i].id
		}
	}
	return nil
}

func mapped[A, B any](list []A, f func(A) B) []B {
	result := make([]B, len(list))
	for i, v := range list {
		result[i] = f(v)
	}
	return result
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
		outcome.ID = idText(d.id)
	}
	return outcome
}

// digestOf names a record's content: two records with the same digest are the same but for their keys. Decimals are
// written without trailing zeros and maps in the order of their keys, so equal content gives equal JSON.
func digestOf[T any](record T, key func(*T) *erp.Key) (string, error) {
	*key(&record) = erp.Key{} // record is a copy; the content is the same under whichever key it comes
	content, err := json.Marshal(record)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "a record cannot be written as JSON")
	}
	return hashOf(string(content)), nil
}

// hashOf gives the SHA-256 of a text in hexadecimal.
func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
