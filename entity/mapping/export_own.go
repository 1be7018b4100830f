package mapping

import (
	"context"

	"tandem/flow"
	"tandem/woo"
)

// own says of records that the store has whose values count, and holds those about which a person has to decide. What was created just now
// gets everything.
func (r exportRun[E, T, R]) own(ctx context.Context, found []*Exported[E, T, R]) error {
	if !r.ec.owned(r.Entity) {
		return nil
	}
	var both []*Exported[E, T, R]
	var ids []string
	for _, e := range found {
		if !e.Refused() && !e.created && e.resolution == nil {
			both, ids = append(both, e), append(ids, e.ID.String())
		}
	}
	from, err := r.ec.recall(ctx, r.Entity, ids)
	if err != nil {
		return err
	}
	for i, e := range both {
		if err := r.resolve(e, from.commons[ids[i]], from.decided[ids[i]]); err != nil {
			e.Refuse(err)
		}
	}
	return nil
}

// resolve says of one record whose values count.
func (r exportRun[E, T, R]) resolve(e *Exported[E, T, R], common flow.Common, decided flow.Decision) error {
	content, err := r.Content(r.ec, *e.Have)
	if err != nil {
		return err
	}
	stored, err := ContentDigest(content, r.Records.Key)
	if err != nil {
		return err
	}
	s := recordState{
		entity: r.Entity, direction: flow.Export, common: common, decided: decided, stored: stored,
		held: DigestOf(e.attempt.Record.content), erpAt: e.attempt.Record.ChangedAt,
	}
	if r.Modified != nil {
		s.storeAt = r.Modified(*e.Have)
	}
	resolved := r.ec.resolve(r.units(r.ec, e.Record, content, *e.Have), s)
	e.resolution, e.common = &resolved, common
	if resolved.subject != "" {
		e.attempt.Settle(resolved.hold(r.keyOf(e), e.attempt.Record.ID))
		e.attempt.Outcome.Owners = r.ec.Owners(r.Entity)
	}
	return nil
}

// equalNow names the parts that both sides hold alike after the export.
func (r exportRun[E, T, R]) equalNow(e *Exported[E, T, R]) map[string]string {
	if e.Have == nil || !r.ec.owned(r.Entity) {
		return nil
	}
	content, err := r.Content(r.ec, *e.Have)
	if err != nil {
		return nil // which the outcome says already
	}
	record := e.Record
	if e.again != nil {
		record = merged(e.again.merge, e.again.Record, content)
	}
	return equal(r.units(r.ec, record, content, *e.Have), e.common.Parts)
}

// Keeps reports whether the store's value of something is to stay as it is.
func (e *Exported[E, T, R]) Keeps(u Unit) bool {
	if e.resolution == nil {
		return false
	}
	by := e.resolution.winners[u]
	return by == theStore || by == neither
}

// Choose parts fields of the record, or of what belongs to it and has an id in the store, into those that are to be written and those that
// are left out: by choice, or because the store's values count.
func (e *Exported[E, T, R]) Choose(ec Context, of string, fields woo.Fields, partOf func(field string) string) (chosen, rest woo.Fields) {
	chosen, rest = ec.Choose(fields, partOf)
	for name, value := range fields {
		if e.Keeps(Unit{Part: fieldPart(partOf, name), Of: of}) {
			rest[name] = value
			delete(chosen, name)
		}
	}
	return chosen, rest
}
