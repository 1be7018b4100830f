package mapping

import (
	"context"

	"tandem/erp"
	"tandem/flow"
)

// comparedPage is one page of an import.
type comparedPage[E, R, T any] struct {
	*Sides[E, R, T]
	ec     Context
	entity string
	pairs  map[*flow.Attempt[R, T]]*bothSides[E]
	mapped map[*flow.Attempt[R, T]]T // what is landed as the store's record was mapped, before the ERP's values were kept
	alike  []erp.Adoption[E]         // what is not landed though the store changed it: the ERP holds all of it already
}

// bothSides is a record that both sides have.
type bothSides[E any] struct {
	resolution
	id       string // the ERP's
	digest   string // of what the ERP holds
	revision string // see erp.Held
	held     E      // with what the ERP has no place for as the store has it
	stored   E      // as the store's record is mapped
	common   flow.Common
	edited   bool // the ERP holds something else than when both sides were equal last, or that is not known
	same     bool // the store holds what it did then
}

func (p *comparedPage[E, R, T]) begin(ctx context.Context, attempts []*flow.Attempt[R, T]) ([]*flow.Attempt[R, T], error) {
	live := flow.NotRefused(attempts)
	for _, a := range live {
		// What cannot be written down does not land either, and says so.
		a.Outcome.Sides.Store, _ = p.storedDigest(a)
	}
	if !p.ec.owned(p.entity) && !p.ec.Overwrite {
		return live, nil
	}
	if err := p.compare(ctx, live); err != nil {
		return nil, err
	}
	var due []*flow.Attempt[R, T]
	var forget []erp.Key
	for _, a := range live {
		pair := p.pairs[a]
		if pair != nil && p.settle(a, pair) {
			continue
		}
		due = append(due, a)
		if pair == nil && p.ec.Overwrite || pair != nil && (pair.forget || p.ec.Overwrite && pair.edited) {
			forget = append(forget, p.keys(a.Value)...)
		}
	}
	if err := p.forget(ctx, forget); err != nil {
		return nil, err
	}
	return due, p.adopt(ctx)
}

// adopt has the ERP note what the store holds of what is not landed.
func (p *comparedPage[E, R, T]) adopt(ctx context.Context) error {
	if len(p.alike) == 0 {
		return nil
	}
	reader, err := p.writable(ctx)
	if err != nil {
		return err
	}
	return p.Records.Adopt(reader, ctx, p.alike)
}

// settle lets the values of their owners count, and reports whether nothing is left to land.
func (p *comparedPage[E, R, T]) settle(a *flow.Attempt[R, T], pair *bothSides[E]) bool {
	if !p.ec.owned(p.entity) {
		return false
	}
	if pair.subject != "" {
		a.Settle(pair.hold(a.Outcome.Key, pair.id))
		a.Outcome.Owners = p.ec.Owners(p.entity)
		return true
	}
	if pair.same && !pair.any(theStore) && (!p.ec.Overwrite || !pair.edited) {
		a.Settle(flow.Outcome{Key: a.Outcome.Key, Status: flow.Unchanged, ID: pair.id})
		if pair.any(theERP) {
			a.Note(p.entity + " left as the ERP has it")
		}
		return true
	}
	p.mapped[a] = a.Value
	p.Keep(&a.Value, pair.held, pair.won(theERP))
	if !pair.any(theStore) && !p.ec.Overwrite && p.holds(pair, *p.Of(&a.Value)) {
		a.Settle(flow.Outcome{Key: a.Outcome.Key, Status: flow.Unchanged, ID: pair.id})
		p.alike = append(p.alike, erp.Adoption[E]{ID: pair.id, Record: pair.stored})
		return true
	}
	*p.Records.Revision(p.Of(&a.Value)) = pair.revision
	return false
}

func (p *comparedPage[E, R, T]) outdated(attempts []*flow.Attempt[R, T]) []*flow.Attempt[R, T] {
	var again []*flow.Attempt[R, T]
	for _, a := range attempts {
		if a.Outcome.Code != erp.ChangedMeanwhile {
			continue
		}
		a.Value, a.Outcome = p.mapped[a], flow.Outcome{Key: a.Outcome.Key, Steps: a.Outcome.Steps}
		delete(p.pairs, a)
		again = append(again, a)
	}
	p.alike = nil
	return again
}

// holds reports whether the ERP holds all that landing a record would write.
func (p *comparedPage[E, R, T]) holds(pair *bothSides[E], landed E) bool {
	held := pair.held
	if p.Told != nil {
		held = p.Told(landed, held)
	}
	wanted, err := ContentDigest(landed, p.Records.Key)
	if err != nil {
		return false // which is said when it lands
	}
	there, err := ContentDigest(held, p.Records.Key)
	return err == nil && wanted == there
}

// forget has the ERP write records even where the store has them as before.
func (p *comparedPage[E, R, T]) forget(ctx context.Context, keys []erp.Key) error {
	if len(keys) == 0 {
		return nil
	}
	reader, err := p.writable(ctx)
	if err != nil {
		return err
	}
	return reader.Forget(ctx, keys)
}

// writable gives the ERP's records once it is sure that they may still be written.
func (p *comparedPage[E, R, T]) writable(ctx context.Context) (erp.RecordReader, error) {
	reader, err := erp.Records.Of(p.ec.Backend)
	if err != nil {
		return nil, err
	}
	return reader, p.ec.ConfirmWrite(ctx)
}

func (p *comparedPage[E, R, T]) storedDigest(a *flow.Attempt[R, T]) (string, error) {
	return ContentDigest(*p.Of(&a.Value), p.Records.Key)
}

// compare compares those records that both sides have, as far as the ERP lists them.
func (p *comparedPage[E, R, T]) compare(ctx context.Context, live []*flow.Attempt[R, T]) error {
	keys, names := make([]erp.Key, len(live)), make([]string, len(live))
	for i, a := range live {
		keys[i], names[i] = *p.Records.Key(p.Of(&a.Value)), a.Outcome.Key.ID
	}
	if len(keys) == 0 {
		return nil
	}
	ids, err := p.ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return err
	}
	held, err := p.list(ctx, ids)
	if err != nil {
		return err
	}
	from, err := p.ec.recall(ctx, p.entity, names)
	if err != nil {
		return err
	}
	for i, a := range live {
		if record, listed := held.byID[ids[i]]; listed {
			if p.pairs[a], err = p.pair(a, record, held.Merge, from); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair resolves one record.
func (p *comparedPage[E, R, T]) pair(a *flow.Attempt[R, T], held erp.Held[E], merge func(held, stored E) E, from known) (*bothSides[E], error) {
	stored := *p.Of(&a.Value)
	pair := &bothSides[E]{id: held.ID, held: merged(merge, held.Record, stored), stored: stored, common: from.commons[a.Outcome.Key.ID]}
	digest, err := ContentDigest(held.Record, p.Records.Key)
	if err != nil {
		return nil, err
	}
	s := recordState{
		entity: p.entity, direction: flow.Import, common: pair.common, stored: a.Outcome.Sides.Store, held: digest, erpAt: held.ChangedAt,
		decided: from.decided[a.Outcome.Key.ID],
	}
	if p.Compare.Modified != nil {
		s.storeAt = p.Compare.Modified(a.Record)
	}
	pair.digest, pair.revision = digest, held.Revision
	pair.edited = pair.common.ERP == "" || pair.common.ERP != digest
	pair.same = pair.common.Store != "" && pair.common.Store == s.stored
	pair.resolution = p.ec.resolve(p.Compare.units(p.ec, pair.held, stored, a.Record), s)
	return pair, nil
}

// merged gives a record of the ERP with what that has no place for as the store has it.
func merged[E any](merge func(held, stored E) E, held, stored E) E {
	if merge == nil {
		return held
	}
	return merge(held, stored)
}

// heldPage are records as the ERP lists them.
type heldPage[E any] struct {
	erp.RecordPage[E]
	byID map[string]erp.Held[E]
}

// list reads records by the ERP's ids. An ERP that cannot list them gives none.
func (p *comparedPage[E, R, T]) list(ctx context.Context, ids []string) (heldPage[E], error) {
	var named []string
	for _, id := range ids {
		if id != "" {
			named = append(named, id)
		}
	}
	page, err := p.Records.named(ctx, p.ec, named)
	held := heldPage[E]{RecordPage: page, byID: make(map[string]erp.Held[E], len(page.Records))}
	for _, record := range page.Records {
		held.byID[record.ID] = record
	}
	return held, err
}

// end notes what the ERP holds of what was written there, and of what was never read.
func (p *comparedPage[E, R, T]) end(ctx context.Context, attempts []*flow.Attempt[R, T]) error {
	due, err := p.unread(ctx, attempts)
	if err != nil {
		return err
	}
	ids := make([]string, len(due))
	for i, a := range due {
		ids[i] = a.Outcome.ID
	}
	held, err := p.list(ctx, ids)
	if err != nil {
		return err
	}
	for _, a := range due {
		record, listed := held.byID[a.Outcome.ID]
		if !listed {
			continue
		}
		if a.Outcome.Sides.ERP, err = ContentDigest(record.Record, p.Records.Key); err != nil {
			return err
		}
		p.compareAgain(a, merged(held.Merge, record.Record, p.storedOf(a)))
	}
	for a, pair := range p.pairs {
		if a.Outcome.Landed() && p.ec.owned(p.entity) {
			a.Outcome.Equal, a.Outcome.Partial = equal(pair.units, pair.common.Parts), pair.any(theERP)
			a.Outcome.Owners = p.ec.Owners(p.entity)
		}
	}
	return nil
}

// storedOf gives the record as the store's was mapped, before the ERP's values were kept.
func (p *comparedPage[E, R, T]) storedOf(a *flow.Attempt[R, T]) E {
	if pair := p.pairs[a]; pair != nil {
		return pair.stored
	}
	return *p.Of(&a.Value)
}

// compareAgain compares a record that was written.
func (p *comparedPage[E, R, T]) compareAgain(a *flow.Attempt[R, T], held E) {
	if !p.ec.owned(p.entity) {
		return
	}
	pair := p.pairs[a]
	if pair == nil {
		pair = &bothSides[E]{stored: *p.Of(&a.Value)}
		p.pairs[a] = pair
	}
	pair.units = p.Compare.units(p.ec, held, pair.stored, a.Record)
}

// unread gives what was written into the ERP, and what was not and has never been read there.
func (p *comparedPage[E, R, T]) unread(ctx context.Context, attempts []*flow.Attempt[R, T]) ([]*flow.Attempt[R, T], error) {
	var due, same []*flow.Attempt[R, T]
	var ids []string
	for _, a := range attempts {
		switch {
		case !a.Outcome.Landed():
		case a.Outcome.Status != flow.Unchanged:
			due = append(due, a)
		case p.pairs[a] != nil:
			a.Outcome.Sides.ERP = p.pairs[a].digest // it was read, and nothing was written
		default:
			same, ids = append(same, a), append(ids, a.Outcome.Key.ID)
		}
	}
	if p.ec.Noted == nil || len(same) == 0 {
		return due, nil
	}
	known, err := p.ec.Noted.ERPDigests(ctx, p.ec.Instance.ID, p.entity, ids)
	for _, a := range same {
		if known[a.Outcome.Key.ID] == "" {
			due = append(due, a)
		}
	}
	return due, err
}

// plan says what an import would write of records that both sides have.
func (p *comparedPage[E, R, T]) plan(ctx context.Context, attempts []*flow.Attempt[R, T]) ([]Planned, error) {
	live := flow.NotRefused(attempts)
	for _, a := range live {
		a.Outcome.Sides.Store, _ = p.storedDigest(a)
	}
	if err := p.compare(ctx, live); err != nil {
		return nil, err
	}
	plan := make([]Planned, 0, len(attempts))
	for _, a := range attempts {
		planned := Planned{WooID: a.Outcome.Key.ID, Action: PlanUnchanged}
		pair := p.pairs[a]
		switch o := a.Outcome; {
		case o.Refused():
			planned.Action, planned.Code, planned.Reason = string(o.Status), o.Code, o.Reason
		case pair == nil:
			planned.Action = PlanCreate
		default:
			pair.planInto(&planned)
		}
		plan = append(plan, planned)
	}
	return plan, nil
}

// planInto says what becomes of a record that both sides have.
func (pair *bothSides[E]) planInto(planned *Planned) {
	planned.ERPID, planned.Kept = pair.id, pair.differences(theERP)
	if pair.subject != "" {
		o := pair.hold(flow.Key{}, pair.id)
		planned.Action, planned.Code, planned.Reason, planned.Kept = string(o.Status), o.Code, o.Reason, o.Differences
		return
	}
	if planned.Differences = pair.differences(theStore); len(planned.Differences) > 0 {
		planned.Action = PlanUpdate
	}
}
