package record

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
)

// StampField holds the content digest of what Tandem landed last in a record. It is written along with the content, in
// one transaction, so a lost reply cannot part them. Where the content takes several calls it is written by the last one.
const StampField = "x_tandem"

// MarkField holds what is still to be done about a record, such as an order, between the first and the last of the calls that
// land it, so that it is not forgotten when something comes in between. It is empty once the record is landed.
const MarkField = "x_tandem_mark"

// Draft is a record on its way into Odoo.
type Draft[T any] struct {
	*landing.Draft[T]
	Pending bool // more calls follow the one that lands the record: it is stamped after them
	hidden  bool // its external id names what the user does not see, or what is gone
}

// StampCell says what was landed, or nothing yet.
func (d *Draft[T]) StampCell() rpc.Cell {
	if d.Pending {
		return rpc.TextCell(StampField, "")
	}
	return rpc.TextCell(StampField, d.After)
}

// StampPending stamps the drafts that were landed by several calls.
func StampPending[T any](ctx context.Context, s *Store, model string, name func(erp.Key) string, drafts []*Draft[T]) error {
	var landed []*Draft[T]
	for _, d := range landing.Accepted(drafts) {
		if d.Pending {
			landed = append(landed, d)
		}
	}
	results, err := s.Load(ctx, model, rpc.Map(landed, func(d *Draft[T]) *Record {
		return &Record{Name: name(d.Key), Cells: []rpc.Cell{rpc.TextCell(StampField, d.After)}}
	}))
	for i, r := range results {
		landed[i].Refused = r.Refused
	}
	return err
}

// Catalogue says how records that are one record of Odoo under one key are landed: everything but partners.
type Catalogue[T any] struct {
	Key   func(*T) *erp.Key
	Check func(*T) *landing.Refusal
	Model func(release rpc.Release, record *T) string // where it is kept
	Name  func(erp.Key) string                        // of its external id
	// Marked is the model of records that are marked while several calls land them; empty where there are none. See MarkField.
	Marked string
	// Write lands the drafts, all of them new or changed, sets their ids and refuses those that cannot be.
	Write func(ctx context.Context, drafts []*Draft[T]) error
}

// Upsert lands a batch. What is as it was landed last is left alone.
func (c Catalogue[T]) Upsert(ctx context.Context, s *Store, batch []T) ([]erp.Outcome, error) {
	return Writer[T]{
		Key:   c.Key,
		Check: c.Check,
		Land:  func(ctx context.Context, records []*T) ([]erp.Outcome, error) { return c.land(ctx, s, records) },
	}.Upsert(ctx, s, batch)
}

func (c Catalogue[T]) land(ctx context.Context, s *Store, records []*T) ([]erp.Outcome, error) {
	if _, err := s.Prepared(ctx); err != nil {
		return nil, err
	}
	drafts, err := c.draft(ctx, s, records)
	if err != nil {
		return nil, err
	}
	if changed := landing.Changed(drafts); len(changed) > 0 {
		if err := c.Write(ctx, changed); err != nil {
			return nil, err
		}
	}
	for _, d := range drafts {
		d.explainHidden(c.Name)
	}
	return landing.Outcomes(drafts), nil
}

// explainHidden says why Odoo refuses a record that it has where the user does not see it. Taking another one under the same
// external id in its place could book an order twice.
func (d *Draft[T]) explainHidden(name func(erp.Key) string) {
	if d.hidden && d.Refused != nil && d.Refused.Code == refusedCode {
		d.Refused = landing.Failed("other_company", "Odoo has this record already where the user does not see it: in another company, or "+
			"behind a record rule. Let the user see it; or, when the store goes to this company from now on, delete the external identifier %s in "+
			"Odoo, and process it again", Module+"."+name(d.Key))
	}
}

// draft compares the records with what was landed last.
func (c Catalogue[T]) draft(ctx context.Context, s *Store, records []*T) ([]*Draft[T], error) {
	names := make([]string, len(records))
	for i, record := range records {
		names[i] = c.Name(*c.Key(record))
	}
	known, err := s.Resolve(ctx, names)
	if err != nil {
		return nil, err
	}
	stamps, err := s.stamps(ctx, known, c.Marked)
	if err != nil {
		return nil, err
	}
	drafts := make([]*Draft[T], len(records))
	for i, record := range records {
		d := &Draft[T]{Draft: landing.NewDraft(record, c.Key)}
		drafts[i] = d
		at, bound := known[names[i]]
		stamp, exists := stamps[place{at.Model, at.ResID}]
		if d.hidden = bound && !exists; !bound || d.hidden {
			continue
		}
		d.Found(at.ResID, stamp)
		if model := c.Model(s.rpc.Release, record); at.Model != model {
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

// Stamped is a record with its stamp.
type Stamped struct {
	rpc.Row
	Stamp rpc.Text `json:"x_tandem"`
	Mark  rpc.Text `json:"x_tandem_mark"` // of a catalogue that is marked
}

// Before is what was landed last, with what is still to be done about it in front.
func (s Stamped) Before() string {
	if s.Mark == "" {
		return string(s.Stamp)
	}
	return string(s.Mark + " " + s.Stamp)
}

// stamps reads what was landed last in records, and the marks of those of a model. Those that a person deleted are missing from
// the map.
func (s *Store) stamps(ctx context.Context, records map[string]Bound, marked string) (map[place]string, error) {
	byModel := map[string][]int64{}
	for _, r := range records {
		byModel[r.Model] = append(byModel[r.Model], r.ResID)
	}
	found := make(map[place]string, len(records))
	for model, list := range byModel {
		fields := []string{StampField}
		if model == marked {
			fields = append(fields, MarkField)
		}
		rows, err := rpc.SearchBy[Stamped](ctx, s.rpc, model, "id", rpc.Distinct(list), nil, fields...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[place{model, r.ID}] = r.Before()
		}
	}
	return found, nil
}

// LoadDrafts lands one record for each draft.
func LoadDrafts[T any](ctx context.Context, s *Store, model string, drafts []*Draft[T], of func(*Draft[T]) *Record) error {
	return LoadDraftsOr(ctx, s, model, drafts, func(d *Draft[T], try int) *Record {
		if try > 0 {
			return nil
		}
		return of(d)
	})
}

// LoadDraftsOr lands one record for each draft, the next one of it where Odoo refuses that: see LoadOr.
func LoadDraftsOr[T any](ctx context.Context, s *Store, model string, drafts []*Draft[T], of func(d *Draft[T], try int) *Record) error {
	drafts = landing.Accepted(drafts)
	results, err := LoadOr(ctx, s, model, drafts, of)
	if err != nil {
		return err
	}
	for i, d := range drafts {
		if d.Refused = results[i].Refused; d.Refused == nil {
			d.ID = results[i].ID
		}
	}
	return nil
}

// LandedIDs lists the ids of those drafts that Odoo has a record of.
func LandedIDs[T any](drafts []*Draft[T]) []int64 {
	var ids []int64
	for _, d := range drafts {
		if d.ID != 0 {
			ids = append(ids, d.ID)
		}
	}
	return ids
}
