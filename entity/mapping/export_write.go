package mapping

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// Exported is one record being written.
type Exported[E, T, R any] struct {
	attempt    *flow.Attempt[Sent[E], E]
	Record     E // as it is to be; the keys of what it refers to are those of the store
	ID         woo.ID
	Have       *R // as the store has it; nil while it has none
	Parts      map[erp.Key]string
	Changed    bool // something was written
	created    bool
	adopted    bool       // found in the store, where it had no link
	sent       woo.Fields // in the last request
	unlisted   bool       // the reply to it shows the record otherwise than lists do
	differs    []string
	held       string      // digest of what the ERP holds
	again      *Sent[E]    // the ERP's record as it was read once more; nil when it was not
	left       bool        // something of its parts is otherwise in the store, and was left out by choice
	resolution *resolution // whose values count; nil for a record that the store does not have yet, or whose parts nobody owns
	common     flow.Common // what both sides held when they were equal last
}

// Refuse makes an error the record's outcome. What was written until then stays.
func (e *Exported[E, T, R]) Refuse(err error) { e.attempt.Refuse(err) }

// Refused reports whether the record has been refused.
func (e *Exported[E, T, R]) Refused() bool { return e.attempt.Outcome.Refused() }

// Note notes what was done along the way.
func (e *Exported[E, T, R]) Note(step string) { e.attempt.Note(step) }

// Take notes what became of the parts of the record: whether any was written, and the ERP's ids of those that have new keys.
func (e *Exported[E, T, R]) Take(changed bool, parts map[erp.Key]string) {
	e.Changed = e.Changed || changed
	maps.Copy(e.Parts, parts)
}

// Differ notes that the store holds something otherwise than it was told.
func (e *Exported[E, T, R]) Differ(what string) { e.differs = append(e.differs, what) }

// Leave notes that something of the record's parts is otherwise in the store, and was left out by choice.
func (e *Exported[E, T, R]) Leave() { e.left = true }

// exportRun is one page on its way into the store.
type exportRun[E, T, R any] struct {
	Export[E, T, R]
	ec      Context
	reader  erp.RecordReader
	service *woo.Service[T]
}

// write writes what was not refused, those first that others refer to.
func (x Export[E, T, R]) write(ctx context.Context, ec Context, _ flow.Page, attempts []*flow.Attempt[Sent[E], E]) error {
	reader, err := erp.Records.Of(ec.Backend)
	if err != nil {
		return err
	}
	r := exportRun[E, T, R]{Export: x, ec: ec, reader: reader, service: x.Store.Service(ec.Store)}
	var waiting []*Exported[E, T, R]
	for _, a := range flow.NotRefused(attempts) {
		e := &Exported[E, T, R]{attempt: a, Record: a.Value, Parts: map[erp.Key]string{}}
		if a.Record.linked {
			e.held = DigestOf(a.Record.content)
			r.settle(e, flow.Unchanged, "")
			continue
		}
		waiting = append(waiting, e)
	}
	for len(waiting) > 0 {
		ready, rest := r.ready(waiting)
		if len(ready) == 0 {
			r.park(rest)
			return nil
		}
		if err := r.writeAll(ctx, ready); err != nil {
			return err
		}
		r.link(ready, rest)
		waiting = rest
	}
	return nil
}

// ready parts the records whose references the store has from the others.
func (r exportRun[E, T, R]) ready(all []*Exported[E, T, R]) (ready, rest []*Exported[E, T, R]) {
	for _, e := range all {
		if len(r.missing(e)) == 0 {
			ready = append(ready, e)
		} else {
			rest = append(rest, e)
		}
	}
	return ready, rest
}

// missing gives the pending keys among the references of a record that are to be written.
func (r exportRun[E, T, R]) missing(e *Exported[E, T, R]) []erp.Key {
	var missing []erp.Key
	if r.Records.Refs == nil {
		return nil
	}
	for _, ref := range r.Records.Refs(&e.Record) {
		if _, pending := erp.PendingID(*ref); pending && !r.leaves(e, *ref) {
			missing = append(missing, *ref)
		}
	}
	return missing
}

// leaves reports whether a reference is not written: by choice, or because the store's values count, a record that the store has keeps what
// it refers to there. Attributes are written all the same: variations are told by them.
func (r exportRun[E, T, R]) leaves(e *Exported[E, T, R], ref erp.Key) bool {
	if _, pending := erp.PendingID(*r.Records.Key(&e.Record)); pending || ref.Entity == string(erp.Attribute) {
		return false
	}
	stored := r.ec.owned(r.Entity) && r.ec.Instance.Config.Ownership.Of(r.Entity)[BasicPart] == instance.OwnedByStore
	return stored || !r.ec.Chosen(BasicPart)
}

// link gives the records that refer to what was just written the keys that it has now.
func (r exportRun[E, T, R]) link(written, rest []*Exported[E, T, R]) {
	for _, e := range rest {
		for _, ref := range r.Records.Refs(&e.Record) {
			id, _ := erp.PendingID(*ref)
			for _, w := range written {
				if w.attempt.Record.ID == id && ref.Entity == r.Entity && w.ID != 0 {
					*ref = KeyOf(r.ec, r.Entity, w.ID)
				}
			}
		}
	}
}

// park holds records until what they refer to is exported.
func (r exportRun[E, T, R]) park(all []*Exported[E, T, R]) {
	for _, e := range all {
		r.refuse(e, Unlinked(r.missing(e)))
	}
}

// Unlinked parks a record until what it refers to is exported or linked. The keys are pending ones.
func Unlinked(missing []erp.Key) *fault.Error {
	err := Parked("unlinked_reference", "the store does not have what it refers to yet: export that first, or map it")
	for _, key := range missing {
		id, _ := erp.PendingID(key)
		err.Waits = append(err.Waits, key.String())
		err.Message += fmt.Sprintf(" (%s %s of the ERP)", key.Entity, id)
	}
	return err
}

// writeAll brings records into the store and ties both sides together.
func (r exportRun[E, T, R]) writeAll(ctx context.Context, all []*Exported[E, T, R]) error {
	if err := r.findCurrent(ctx, all); err != nil {
		return err
	}
	if err := r.send(ctx, all); err != nil {
		return err
	}
	if r.Nested != nil {
		if err := r.Nested(ctx, r.ec, stored(all)); err != nil {
			return err
		}
	}
	if err := r.adopt(ctx, stored(all)); err != nil {
		return err
	}
	if err := r.readAgain(ctx, stored(all)); err != nil {
		return err
	}
	for _, e := range all {
		r.settleWritten(e)
	}
	return nil
}

// stored gives the records that the store has, those that were refused later included: they are tied to the ERP's all the same, so
// that none is made twice.
func stored[E, T, R any](all []*Exported[E, T, R]) []*Exported[E, T, R] {
	return slices.DeleteFunc(slices.Clone(all), func(e *Exported[E, T, R]) bool { return e.Have == nil })
}

// adopt has the ERP note what the store holds now, as the import will read it.
func (r exportRun[E, T, R]) adopt(ctx context.Context, all []*Exported[E, T, R]) error {
	records := make([]R, len(all))
	for i, e := range all {
		records[i] = *e.Have
	}
	if r.Store.Complete != nil {
		var err error
		if records, err = r.Store.Complete(ctx, r.ec, records); err != nil {
			return err
		}
	}
	var batch []erp.Adoption[E]
	for i, e := range all {
		e.Have = &records[i]
		content, err := r.Content(r.ec, records[i])
		if err != nil {
			e.Refuse(err)
			continue
		}
		batch = append(batch, erp.Adoption[E]{ID: e.attempt.Record.ID, Record: content, Parts: e.Parts})
	}
	return r.Records.Adopt(r.reader, ctx, batch)
}

// readAgain notes what the ERP holds of records. Those that named something which the store did not have are read once more: the keys that
// it has there now are part of them. So are new ones whose parts have owners: what the store added to them, such as a category of its own,
// is no change of the ERP's.
func (r exportRun[E, T, R]) readAgain(ctx context.Context, all []*Exported[E, T, R]) error {
	var ids []string
	for _, e := range all {
		e.held = DigestOf(e.attempt.Record.content)
		if erp.NamesPending(e.attempt.Record.content) || e.created && r.ec.owned(r.Entity) {
			ids = append(ids, e.attempt.Record.ID)
		}
	}
	page, err := r.Records.named(ctx, r.ec, ids)
	if err != nil {
		return err
	}
	digests, err := r.Records.digestsOf(page.Records)
	if err != nil {
		return err
	}
	again := map[string]*Sent[E]{}
	for _, held := range page.Records {
		again[held.ID] = &Sent[E]{Held: held, merge: page.Merge}
	}
	for _, e := range all {
		if e.again = again[e.attempt.Record.ID]; e.again != nil {
			e.held = digests[e.again.ID]
		}
	}
	return nil
}

// settleWritten says what became of a record.
func (r exportRun[E, T, R]) settleWritten(e *Exported[E, T, R]) {
	switch {
	case e.Refused():
	case len(e.differs) > 0:
		slices.Sort(e.differs)
		text := ""
		for _, what := range slices.Compact(e.differs) {
			text += "; " + what
		}
		r.refuse(e, Parked("store_differs", "the store took the record otherwise than it was sent, and it is linked%s: correct it on "+
			"one of the two sides and process it again", text))
	case e.created:
		r.settle(e, flow.Created, e.digest(r))
	case e.Changed:
		r.settle(e, flow.Updated, e.digest(r))
	default:
		r.settle(e, flow.Unchanged, e.digest(r))
	}
}

// digest names what the store holds.
func (e *Exported[E, T, R]) digest(r exportRun[E, T, R]) string {
	if e.Have == nil {
		return ""
	}
	content, err := r.Content(r.ec, *e.Have)
	if err != nil {
		return ""
	}
	digest, err := ContentDigest(content, r.Records.Key)
	if err != nil {
		return ""
	}
	return digest
}

// settle makes an outcome the record's. Who waits for it by its pending key is told.
func (r exportRun[E, T, R]) settle(e *Exported[E, T, R], status flow.Status, digest string) {
	key := r.keyOf(e)
	e.attempt.Settle(flow.Outcome{
		Key: key, Status: status, ID: e.attempt.Record.ID, After: digest, Sides: flow.Sides{Store: digest, ERP: e.held},
		Partial: r.leftOut(e), StoreAhead: e.resolution != nil && e.resolution.any(theStore), Equal: r.equalNow(e), Owners: r.ec.Owners(r.Entity),
		Also: []flow.Key{erp.PendingKey(r.ec.Instance.ID, r.Entity, e.attempt.Record.ID)},
	})
	if e.adopted {
		e.Note("linked to " + r.Entity + " " + key.ID + ", which the store had already")
	}
	if e.Changed {
		e.Note(r.Entity + " " + key.ID + " " + string(status) + fieldNames(e.sent))
	}
}

// refuse makes an error the outcome of a record, under the key that it has by now.
func (r exportRun[E, T, R]) refuse(e *Exported[E, T, R], err error) {
	e.attempt.Outcome.Key = r.keyOf(e)
	e.Refuse(err)
}

// keyOf gives the store's key of a record; without an id while it has none.
func (r exportRun[E, T, R]) keyOf(e *Exported[E, T, R]) flow.Key {
	key := flow.Key{Instance: r.ec.Instance.ID, Entity: r.Entity}
	own := *r.Records.Key(&e.Record)
	if _, pending := erp.PendingID(own); !pending {
		key.ID = own.ID
	}
	if e.ID != 0 {
		key.ID = e.ID.String()
	}
	return key
}

// fieldNames lists the fields of a request; their values may be personal.
func fieldNames(fields woo.Fields) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if name != "id" {
			text += " " + strconv.Quote(name)
		}
	}
	return text
}

// StoreFault sorts what the store answers to a write of one record: nil for what is that record's own.
func StoreFault(err error) error {
	if woo.ReasonOf(err) == woo.Uncertain {
		// It is looked for when the page is done again, and not made a second time.
		return fault.Wrap(fault.Unavailable, err, "%s", fault.From(err).Message)
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Parked:
		if woo.ReasonOf(err) != woo.Redirected {
			return nil
		}
	}
	return err
}
