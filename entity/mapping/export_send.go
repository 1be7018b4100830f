package mapping

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"tandem/fault"
	"tandem/woo"
)

// send creates and updates what differs, with as few requests as there can be, and looks at what the store made of it. What turns out
// to exist already is updated in a second round.
func (r exportRun[E, T, R]) send(ctx context.Context, all []*Exported[E, T, R]) error {
	for range 2 {
		var creates, updates []*Exported[E, T, R]
		for _, e := range all {
			switch {
			case e.Refused() || e.sent != nil && e.Have != nil:
			case e.Have == nil && !r.ec.Chosen(BasicPart):
				r.refuse(e, notYetInStore())
			case e.Have == nil:
				e.sent, creates = r.creation(e), append(creates, e)
			default:
				changes, err := r.changes(e)
				if err != nil {
					e.Refuse(err)
				} else if len(changes) > 0 {
					changes["id"] = e.ID
					e.sent, updates = changes, append(updates, e)
				}
			}
		}
		if len(creates)+len(updates) == 0 {
			return nil
		}
		if err := r.batch(ctx, creates, updates); err != nil {
			return err
		}
	}
	return nil
}

// notYetInStore parks a record of which only a part is to be written.
func notYetInStore() error {
	return Parked("not_yet_in_store", "the store does not have it: push its basic info too, so that it is created there")
}

// creation gives all that a new record is sent with.
func (r exportRun[E, T, R]) creation(e *Exported[E, T, R]) woo.Fields {
	fields := r.Fields(r.ec, e.Record)
	if r.Once != nil {
		maps.Copy(fields, r.Once(r.ec, e.Record))
	}
	return r.newRecord(fields)
}

// changes gives the fields that are to be written into the store's record.
func (r exportRun[E, T, R]) changes(e *Exported[E, T, R]) (woo.Fields, error) {
	differing, err := r.differing(e)
	chosen, _ := e.Choose(r.ec, "", differing, r.PartOf)
	return chosen, err
}

// differing gives the fields in which the store's record is not as it is to be.
func (r exportRun[E, T, R]) differing(e *Exported[E, T, R]) (woo.Fields, error) {
	want := r.Fields(r.ec, e.Record)
	content, err := r.Content(r.ec, *e.Have)
	if err != nil {
		return nil, err
	}
	have := r.Fields(r.ec, content)
	maps.DeleteFunc(want, func(name string, value any) bool {
		return SameValue(value, have[name]) || r.Same != nil && r.Same(name, value, *e.Have)
	})
	return want, nil
}

// batch writes records and takes what the store answers for each.
func (r exportRun[E, T, R]) batch(ctx context.Context, creates, updates []*Exported[E, T, R]) error {
	if err := r.ec.ConfirmWrite(ctx); err != nil {
		return err
	}
	b, err := r.encode(ctx, creates, updates)
	if err != nil {
		return err
	}
	result, err := r.service.Batch(ctx, b)
	if err != nil {
		return err
	}
	for i, e := range creates {
		if err := r.takeCreated(ctx, e, result.Create[i]); err != nil {
			return err
		}
	}
	for i, e := range updates {
		if err := r.takeUpdated(e, result.Update[i]); err != nil {
			return err
		}
	}
	return r.reread(ctx, slices.Concat(creates, updates))
}

// encode makes one request of creates and updates.
func (r exportRun[E, T, R]) encode(ctx context.Context, creates, updates []*Exported[E, T, R]) (woo.Batch, error) {
	var b woo.Batch
	for _, e := range creates {
		b.Create = append(b.Create, maps.Clone(e.sent))
	}
	for _, e := range updates {
		b.Update = append(b.Update, maps.Clone(e.sent))
	}
	if r.Encode == nil {
		return b, nil
	}
	return b, r.Encode(ctx, r.ec, slices.Concat(b.Create, b.Update))
}

// takeCreated takes the answer to a create. A record that is in the way is this one when the store says so.
func (r exportRun[E, T, R]) takeCreated(ctx context.Context, e *Exported[E, T, R], o woo.Outcome[T]) error {
	if o.Err == nil && o.Reread {
		e.sent = nil // it may have existed before: what differs is sent in the next round
		e.created, e.Changed = true, true
		if err := r.takeOver(ctx, e, o.Record); err != nil {
			return err
		}
		return r.complete(ctx, []*Exported[E, T, R]{e})
	}
	if o.Err == nil {
		e.ID, e.created = r.Store.ID(o.Record), true
		r.takeReply(e, o.Record)
		return nil
	}
	if err := StoreFault(o.Err); err != nil {
		return err
	}
	found, err := r.inTheWay(ctx, e, o.Err)
	if err != nil {
		return err
	}
	if len(found) != 1 {
		r.refuse(e, refusedCreate(o.Err))
		return nil
	}
	e.sent = nil
	if err := r.takeOver(ctx, e, found[0]); err != nil {
		return err
	}
	return r.complete(ctx, []*Exported[E, T, R]{e})
}

// inTheWay gives the record for which the store refused another, when it is the same.
func (r exportRun[E, T, R]) inTheWay(ctx context.Context, e *Exported[E, T, R], refused error) ([]T, error) {
	failure, ok := refused.(*woo.Error) //nolint:errorlint // the client gives it bare
	switch {
	case !ok:
		return nil, nil
	case failure.ResourceID != 0:
		record, err := r.service.Get(ctx, failure.ResourceID)
		if StoreFault(err) != nil {
			return nil, err
		}
		if err != nil || !r.Is(r.ec, e.Record, record) {
			return nil, nil //nolint:nilerr // what cannot be read is not taken over
		}
		return []T{record}, nil
	case r.Taken != nil && failure.Status < 500:
		return r.Taken(ctx, r.ec, e.Record)
	default:
		return nil, nil
	}
}

// refusedCreate says what to do about a record that the store does not take.
func refusedCreate(err error) error {
	switch f := fault.From(err); {
	case f.Code == "woocommerce_rest_product_not_created":
		return Parked("sku_in_trash", "a product in the store's trash has this SKU: restore it there or delete it for good, and process the record again")
	case woo.ReasonOf(err) == woo.Duplicate:
		return Parked("taken_in_store", "%s; it is not the same record, or it is in the trash: correct one of the two, or map it by hand", f.Message)
	default:
		return err
	}
}

// takeUpdated takes the answer to an update.
func (r exportRun[E, T, R]) takeUpdated(e *Exported[E, T, R], o woo.Outcome[T]) error {
	if err := StoreFault(o.Err); err != nil {
		return err
	}
	if o.Err != nil {
		r.refuse(e, o.Err)
		return nil //nolint:nilerr // it is the record's own
	}
	r.takeReply(e, o.Record)
	return nil
}

// takeReply takes what the store holds after a write.
func (r exportRun[E, T, R]) takeReply(e *Exported[E, T, R], reply T) {
	listed := true
	if r.Store.AsListed != nil {
		reply, listed = r.Store.AsListed(reply, e.Have, e.sent)
	}
	have := r.Store.Wrap(reply, e.Have)
	e.Have, e.Changed, e.unlisted = &have, true, !listed
}

// reread reads back, as the import will, what the reply to a write does not show as lists do, and compares all with what was sent.
func (r exportRun[E, T, R]) reread(ctx context.Context, all []*Exported[E, T, R]) error {
	var ids []woo.ID
	for _, e := range all {
		if e.Have != nil && e.unlisted {
			ids = append(ids, e.ID)
		}
	}
	current, err := r.readCurrent(ctx, ids)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Have == nil || e.sent == nil || e.Refused() {
			continue
		}
		if record, ok := current[e.ID]; ok {
			have := r.Store.Wrap(record, e.Have)
			e.Have = &have
		}
		if err := r.compare(e); err != nil {
			e.Refuse(err)
		}
	}
	return nil
}

// compare notes what the store holds otherwise than it was sent.
func (r exportRun[E, T, R]) compare(e *Exported[E, T, R]) error {
	content, err := r.Content(r.ec, *e.Have)
	if err != nil {
		return err
	}
	have := r.Fields(r.ec, content)
	wanted, _ := r.ec.Choose(r.Fields(r.ec, e.Record), r.PartOf)
	for name, value := range wanted {
		if _, sent := e.sent[name]; !sent || SameValue(value, have[name]) || r.Same != nil && r.Same(name, value, *e.Have) {
			continue
		}
		if r.Personal {
			e.Differ(name)
		} else {
			e.Differ(Difference(name, value, have[name]))
		}
	}
	return nil
}

// HTML is a text that WordPress wraps into paragraphs when it shows it.
type HTML string

var (
	paragraphs = regexp.MustCompile(`(?i)</?p>|<br ?/?>`)
	spaces     = regexp.MustCompile(`\s+`)
)

// plain is a text without what WordPress adds to it.
func (h HTML) plain() string {
	return strings.TrimSpace(spaces.ReplaceAllString(paragraphs.ReplaceAllString(string(h), " "), " "))
}

// SameValue reports whether two values of a field are the same to the store.
func SameValue(a, b any) bool {
	textA, okA := a.(HTML)
	textB, okB := b.(HTML)
	if okA && okB {
		return textA.plain() == textB.plain()
	}
	return bytes.Equal(encodeValue(a), encodeValue(b))
}

// encodeValue gives a value as it is sent. Fields hold nothing that cannot be.
func encodeValue(v any) []byte {
	text, _ := json.Marshal(v)
	return text
}
