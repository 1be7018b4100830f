package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
)

// stampField holds the content digest of what Tandem landed last in a record. It is written along with the content, in
// one transaction, so a lost reply cannot part them. Where the content takes several calls it is written by the last one.
const stampField = "x_tandem"

// draft is a record on its way into Odoo.
type draft[T any] struct {
	*landing.Draft[T]
	pending bool // more calls follow the one that lands the record: it is stamped after them
	hidden  bool // its external id names what the user does not see, or what is gone
}

// stampCell says what was landed, or nothing yet.
func (d *draft[T]) stampCell() rpc.Cell {
	if d.pending {
		return rpc.TextCell(stampField, "")
	}
	return rpc.TextCell(stampField, d.After)
}

// stampPending stamps the drafts that were landed by several calls.
func stampPending[T any](ctx context.Context, b *Backend, model string, name func(erp.Key) string, drafts []*draft[T]) error {
	var landed []*draft[T]
	for _, d := range landing.Accepted(drafts) {
		if d.pending {
			landed = append(landed, d)
		}
	}
	results, err := b.load(ctx, model, mapped(landed, func(d *draft[T]) *record {
		return &record{name: name(d.Key), cells: []rpc.Cell{rpc.TextCell(stampField, d.After)}}
	}))
	for i, r := range results {
		landed[i].Refused = r.refused
	}
	return err
}

// catalogue says how records that are one record of Odoo under one key are landed: everything but partners.
type catalogue[T any] struct {
	key   func(*T) *erp.Key
	check func(*T) *landing.Refusal
	model func(b *Backend, record *T) string // where it is kept
	name  func(erp.Key) string               // of its external id
	// write lands the drafts, all of them new or changed, sets their ids and refuses those that cannot be.
	write func(ctx context.Context, b *Backend, drafts []*draft[T]) error
}

func (c catalogue[T]) upsert(ctx context.Context, b *Backend, batch []T) ([]erp.Outcome, error) {
	return writer[T]{
		key:   c.key,
		check: c.check,
		land:  func(ctx context.Context, records []*T) ([]erp.Outcome, error) { return c.land(ctx, b, records) },
	}.upsert(ctx, b, batch)
}

func (c catalogue[T]) land(ctx context.Context, b *Backend, records []*T) ([]erp.Outcome, error) {
	if _, err := b.prepared(ctx); err != nil {
		return nil, err
	}
	drafts, err := c.draft(ctx, b, records)
	if err != nil {
		return nil, err
	}
	if changed := landing.Changed(drafts); len(changed) > 0 {
		if err := c.write(ctx, b, changed); err != nil {
			return nil, err
		}
	}
	for _, d := range drafts {
		d.explainHidden(c.name)
	}
	return landing.Outcomes(drafts), nil
}

// explainHidden says why Odoo refuses a record that it has where the user does not see it. Taking another one under the same
// external id in its place could book an order twice.
func (d *draft[T]) explainHidden(name func(erp.Key) string) {
	if d.hidden && d.Refused != nil && d.Refused.Code == refusedCode {
		d.Refused = landing.Failed("other_company", "Odoo has this record already where the user does not see it: in another company, or "+
			"behind a record rule. Let the user see it; or, when the store goes to this company from now on, delete the external identifier %s in "+
			"Odoo, and process it again", module+"."+name(d.Key))
	}
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
		d := &draft[T]{Draft: landing.NewDraft(record, c.key)}
		drafts[i] = d
		at, bound := known[names[i]]
		stamp, exists := stamps[place{at.Model, at.ResID}]
		if d.hidden = bound && !exists; !bound || d.hidden {
			continue
		}
		d.Found(at.ResID, stamp)
		if model := c.model(b, record); at.Model != model {
			d.Refused = landing.Failed("other_model", "the key names a %s in Odoo, not a %s", at.Model, model)
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
	rpc.Row
	Stamp rpc.Text `json:"x_tandem"`
	Mark  rpc.Text `json:"x_tandem_mark"` // of orders
}

// before is what was landed last, with what is still to be done about it in front.
func (s stamped) before() string {
	if s.Mark == "" {
		return string(s.Stamp)
	}
	return string(s.Mark + " " + s.Stamp)
}

// stamps reads what was landed last in records. Those that a person deleted are missing from the map.
func (b *Backend) stamps(ctx context.Context, records map[string]bound) (map[place]string, error) {
	byModel := map[string][]int64{}
	for _, r := range records {
		byModel[r.Model] = append(byModel[r.Model], r.ResID)
	}
	found := make(map[place]string, len(records))
	for model, list := range byModel {
		fields := []string{stampField}
		if model == "sale.order" {
			fields = append(fields, markField)
		}
		rows, err := rpc.SearchBy[stamped](ctx, b.rpc, model, "id", rpc.Distinct(list), nil, fields...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[place{model, r.ID}] = r.before()
		}
	}
	return found, nil
}

// loadDrafts lands one record for each draft.
func loadDrafts[T any](ctx context.Context, b *Backend, model string, drafts []*draft[T], of func(*draft[T]) *record) error {
	return loadDraftsOr(ctx, b, model, drafts, func(d *draft[T], try int) *record {
		if try > 0 {
			return nil
		}
		return of(d)
	})
}

// loadDraftsOr lands one record for each draft, the next one of it where Odoo refuses that: see loadOr.
func loadDraftsOr[T any](ctx context.Context, b *Backend, model string, drafts []*draft[T], of func(d *draft[T], try int) *record) error {
	drafts = landing.Accepted(drafts)
	results, err := loadOr(ctx, b, model, drafts, of)
	if err != nil {
		return err
	}
	for i, d := range drafts {
		if d.Refused = results[i].refused; d.Refused == nil {
			d.ID = results[i].id
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
