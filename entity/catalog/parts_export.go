package catalog

import (
	"context"
	"errors"
	"maps"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// part is something that belongs to a record and has a number of its own in the store: a value of an attribute, a variation.
type part[T any] struct {
	key    erp.Key    // pending when the store does not have it
	name   string     // for people
	want   woo.Fields // what the store is to hold
	rest   woo.Fields // what it is to hold besides and is left out by choice
	once   woo.Fields // what is sent along when it is created
	is     func(T) bool
	fields func(T) woo.Fields
	same   func(field string, want any, have T) bool // whether a field that differs is all the same; nil when none is
}

// partsOf writes the parts of one record, with one batch.
type partsOf[T any] struct {
	service *woo.Service[T]
	id      func(T) woo.ID
	entity  string
	have    []T // all that the store has

	changed bool
	parts   map[erp.Key]string // the ERP's ids, by the keys that are new
	differs []string
	left    bool // something that was left out by choice is otherwise in the store
	refusal error
}

// written is a record whose parts were written.
type written interface {
	Refuse(error)
	Differ(string)
	Leave()
	Take(changed bool, parts map[erp.Key]string)
}

// tell hands the record what became of its parts.
func (p partsOf[T]) tell(e written) {
	e.Take(p.changed, p.parts)
	for _, what := range p.differs {
		e.Differ(what)
	}
	if p.left {
		e.Leave()
	}
	if p.refusal != nil {
		e.Refuse(p.refusal)
	}
}

// sentPart is a part in a batch.
type sentPart[T any] struct {
	part[T]
	fields woo.Fields
}

// write creates and updates what differs.
func (p partsOf[T]) write(ctx context.Context, ec mapping.Context, wanted []part[T]) (partsOf[T], error) {
	p.parts, p.have = map[erp.Key]string{}, slices.Clone(p.have)
	taken := map[woo.ID]bool{}
	for _, w := range wanted {
		taken[mapping.StoreID(w.key)] = true
	}
	var b woo.Batch
	var creates, updates []sentPart[T]
	for _, w := range wanted {
		place, ok := p.place(w, taken)
		switch {
		case !ok:
			continue
		case place < 0 && !ec.Chosen(mapping.BasicPart):
			p.left = true
			continue
		case place < 0:
			fields := maps.Clone(w.want)
			maps.Copy(fields, w.once)
			b.Create, creates = append(b.Create, fields), append(creates, sentPart[T]{w, fields})
			continue
		}
		taken[p.id(p.have[place])] = true
		p.bind(w, p.have[place])
		p.left = p.left || len(differing(w, w.rest, p.have[place])) > 0
		if fields := changesOf(w, p.have[place]); len(fields) > 0 {
			fields["id"] = p.id(p.have[place])
			b.Update, updates = append(b.Update, fields), append(updates, sentPart[T]{w, fields})
		}
	}
	if len(creates)+len(updates) == 0 {
		return p, nil
	}
	if err := ec.ConfirmWrite(ctx); err != nil {
		return p, err
	}
	result, err := p.service.Batch(ctx, b)
	if err != nil {
		return p, err
	}
	for i, s := range creates {
		err = errors.Join(err, p.take(s, result.Create[i]))
	}
	for i, s := range updates {
		err = errors.Join(err, p.take(s, result.Update[i]))
	}
	return p, err
}

// place finds a part among those that the store has: -1 for none. ok is false when it cannot be told which it is, or when one that is
// linked is gone.
func (p *partsOf[T]) place(w part[T], taken map[woo.ID]bool) (place int, ok bool) {
	if id := mapping.StoreID(w.key); id != 0 {
		place = slices.IndexFunc(p.have, func(t T) bool { return p.id(t) == id })
		if place < 0 {
			p.refusal = mapping.Parked("gone_in_store", "%s is linked to %s %s, which the store does not list: it was deleted there or is in its "+
				"trash. Restore it, or remove it in the ERP", w.name, p.entity, id)
		}
		return place, place >= 0
	}
	place = -1
	for i, t := range p.have {
		if taken[p.id(t)] || !w.is(t) {
			continue
		}
		if place >= 0 {
			p.refusal = mapping.Parked("ambiguous_term", "the store has more than one %s that may be %s: map it by hand", p.entity, w.name)
			return -1, false
		}
		place = i
	}
	return place, true
}

// changesOf gives the fields in which the store's part is not as it is to be.
func changesOf[T any](w part[T], have T) woo.Fields { return differing(w, w.want, have) }

// differing gives those of some fields in which the store's part is otherwise.
func differing[T any](w part[T], fields woo.Fields, have T) woo.Fields {
	held := w.fields(have)
	changes := maps.Clone(fields)
	maps.DeleteFunc(changes, func(name string, value any) bool {
		return mapping.SameValue(value, held[name]) || w.same != nil && w.same(name, value, have)
	})
	return changes
}

// bind notes the key of a part that had none.
func (p *partsOf[T]) bind(w part[T], have T) {
	if id, pending := erp.PendingID(w.key); pending {
		p.parts[erp.Key{Instance: w.key.Instance, Entity: w.key.Entity, ID: p.id(have).String()}] = id
	}
}

// take takes the store's answer for one part.
func (p *partsOf[T]) take(s sentPart[T], o woo.Outcome[T]) error {
	if err := mapping.StoreFault(o.Err); err != nil {
		return err
	}
	if o.Err != nil {
		f := fault.From(o.Err)
		refused := *f
		refused.Message = s.name + ": " + f.Message
		p.refusal = &refused
		return nil //nolint:nilerr // it is the record's own
	}
	p.changed = true
	p.bind(s.part, o.Record)
	if place := slices.IndexFunc(p.have, func(t T) bool { return p.id(t) == p.id(o.Record) }); place >= 0 {
		p.have[place] = o.Record
	} else {
		p.have = append(p.have, o.Record)
	}
	held := changesOf(s.part, o.Record)
	for name, value := range held {
		if _, sent := s.fields[name]; sent {
			p.differs = append(p.differs, mapping.Difference(s.name+" "+name, value, s.part.fields(o.Record)[name]))
		}
	}
	return nil
}

// plan says what write would write.
func (p partsOf[T]) plan(ec mapping.Context, wanted []part[T]) ([]flow.Difference, error) {
	taken := map[woo.ID]bool{}
	for _, w := range wanted {
		taken[mapping.StoreID(w.key)] = true
	}
	var all []flow.Difference
	for _, w := range wanted {
		place, ok := p.place(w, taken)
		switch {
		case !ok, place < 0 && !ec.Chosen(mapping.BasicPart):
			continue
		case place < 0:
			all = append(all, mapping.FieldDifferences(w.name, w.want, nil)...)
			continue
		}
		taken[p.id(p.have[place])] = true
		all = append(all, mapping.FieldDifferences(w.name, changesOf(w, p.have[place]), w.fields(p.have[place]))...)
	}
	return all, p.refusal
}

// belonging gives those parts that both sides have.
func (p partsOf[T]) belonging(wanted []part[T]) []mapping.Belonging {
	taken := map[woo.ID]bool{}
	for _, w := range wanted {
		taken[mapping.StoreID(w.key)] = true
	}
	var all []mapping.Belonging
	for _, w := range wanted {
		place, ok := p.place(w, taken)
		if !ok || place < 0 {
			continue
		}
		id := p.id(p.have[place])
		taken[id] = true
		all = append(all, mapping.Belonging{ID: id.String(), Name: w.name, Want: w.want, Have: w.fields(p.have[place])})
	}
	return all
}
