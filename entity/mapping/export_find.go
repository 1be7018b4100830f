package mapping

import (
	"context"

	"tandem/erp"
	"tandem/woo"
)

// findCurrent reads what the store has of some records: by their links, or by what identifies them there.
func (r exportRun[E, T, R]) findCurrent(ctx context.Context, all []*Exported[E, T, R]) error {
	byID := map[woo.ID]*Exported[E, T, R]{}
	var ids []woo.ID
	for _, e := range all {
		own := *r.Records.Key(&e.Record)
		if _, pending := erp.PendingID(own); pending {
			if err := r.findUnlinked(ctx, e); err != nil {
				return err
			}
			continue
		}
		for _, id := range IdsAfter([]string{own.ID}, 0) {
			byID[id], ids = e, append(ids, id)
		}
	}
	current, err := r.readCurrent(ctx, ids)
	if err != nil {
		return err
	}
	for id, e := range byID {
		have, found := current[id]
		if !found {
			r.refuse(e, Parked("gone_in_store", "it is linked to record %s, which the store does not list: it was deleted there or is in its "+
				"trash. Restore it, or remove the link to have it created again", id))
			continue
		}
		wrapped := r.Store.Wrap(have, nil)
		e.ID, e.Have = id, &wrapped
	}
	return r.complete(ctx, all)
}

// readCurrent reads records by id, a hundred with each request.
func (r exportRun[E, T, R]) readCurrent(ctx context.Context, ids []woo.ID) (map[woo.ID]T, error) {
	current := make(map[woo.ID]T, len(ids))
	for window, err := range r.service.ScanIDs(ctx, ids) {
		if err != nil {
			return nil, err
		}
		for _, record := range window.Records {
			current[r.Store.ID(record)] = record
		}
	}
	return current, nil
}

// complete reads what belongs to the records that the store has, and adds to the ERP's what only the store keeps.
func (r exportRun[E, T, R]) complete(ctx context.Context, all []*Exported[E, T, R]) error {
	found := stored(all)
	if err := r.load(ctx, found); err != nil {
		return err
	}
	for _, e := range found {
		if e.Refused() {
			continue
		}
		content, err := r.Content(r.ec, *e.Have)
		if err != nil {
			e.Refuse(err)
			continue
		}
		e.Record = merged(e.attempt.Record.merge, e.Record, content)
	}
	return r.own(ctx, found)
}

// load reads what the import reads besides the store's own records.
func (r exportRun[E, T, R]) load(ctx context.Context, found []*Exported[E, T, R]) error {
	if r.Store.Complete == nil || len(found) == 0 {
		return nil
	}
	records := make([]R, len(found))
	for i, e := range found {
		records[i] = *e.Have
	}
	records, err := r.Store.Complete(ctx, r.ec, records)
	if err != nil {
		return err
	}
	for i, e := range found {
		e.Have = &records[i]
	}
	return nil
}

// findUnlinked looks for a record that the store may have without a link.
func (r exportRun[E, T, R]) findUnlinked(ctx context.Context, e *Exported[E, T, R]) error {
	if r.Find == nil {
		return nil
	}
	found, err := r.Find(ctx, r.ec, e.Record)
	if err != nil {
		return err
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return r.takeOver(ctx, e, found[0])
	default:
		r.refuse(e, Parked("ambiguous_match", "the store has %d records that may be this one: map the right one by hand", len(found)))
		return nil
	}
}

// takeOver takes a record of the store for this one, unless it is linked to another.
func (r exportRun[E, T, R]) takeOver(ctx context.Context, e *Exported[E, T, R], found T) error {
	id := r.Store.ID(found)
	key := KeyOf(r.ec, r.Entity, id)
	holders, err := r.ec.Backend.Lookup(ctx, []erp.Key{key})
	if err != nil {
		return err
	}
	if holders[0] != "" && holders[0] != e.attempt.Record.ID {
		r.refuse(e, Parked("linked_elsewhere", "the store has it already as record %s, which is linked to record %s of the ERP: correct "+
			"one of the two, or map it by hand", id, holders[0]))
		return nil
	}
	have := r.Store.Wrap(found, nil)
	e.ID, e.Have, e.adopted = id, &have, true
	return nil
}

// Difference says for people how a field that was sent differs from what the store holds.
func Difference(field string, sent, held any) string {
	return field + ": sent " + describeValue(sent) + ", the store holds " + describeValue(held)
}

// describeValue writes a value down for people, at most so long.
func describeValue(v any) string {
	const longest = 60
	text := []rune(string(encodeValue(v)))
	if len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return string(text)
}
