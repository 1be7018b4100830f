package convergetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/instance"
)

// unit is what has one owner.
type unit struct {
	part string
	of   int
}

// record is one that people edit on both sides, and what either has to hold of it.
type record struct {
	n          int
	kind       *Kind
	wooID      string
	erpID      string
	variations []string // the store's ids

	store, erp Values // nil where the side does not have it
	common     map[unit][]string
	// erpAtEqual is what the ERP held when all of it was equal last: a scan for changes passes over what the ERP holds since.
	erpAtEqual      Values
	storeAt, erpAt  int64  // ticks of the clock
	trashed         bool   // in the store
	gone            bool   // the link says so still
	keptFor         string // the direction that is to move what is kept back, or that a person has to decide
	keptUnder       string // the owners then
	decided, choice string
	conflict        *conflict
	story           []string // what was made of it, for people who look for a fault
}

// conflict is what a person is asked about.
type conflict struct {
	subject string
	fields  []Field
}

func (r *record) String() string {
	return fmt.Sprintf("%s %d (store %s, ERP %s)", r.kind.Entity, r.n, r.wooID, r.erpID)
}

func (r *record) units() []unit {
	var all []unit
	for _, f := range r.kind.Fields {
		if !slices.Contains(all, f.unit()) {
			all = append(all, f.unit())
		}
	}
	return all
}

// of gives what a side holds of a unit.
func (r *record) of(side Values, u unit) []string {
	var list []string
	for _, f := range r.kind.Fields {
		if f.unit() == u {
			list = append(list, side[f.id()])
		}
	}
	return list
}

func (f Field) id() FieldID { return FieldID{f.Name, f.Of} }

// take gives one side what the other holds of a unit.
func (r *record) take(to, from Values, u unit) {
	for _, f := range r.kind.Fields {
		if f.unit() == u {
			to[f.id()] = from[f.id()]
		}
	}
}

func (r *record) changed(u unit) (byStore, byERP bool) {
	return !slices.Equal(r.of(r.store, u), r.common[u]), !slices.Equal(r.of(r.erp, u), r.common[u])
}

// Sides whose values can count.
const (
	store = "store"
	books = "erp"
	asked = "ask"
)

// winner says whose value of a unit counts in which the two sides differ: the rules of docs/concepts.md#ownership.
func (r *record) winner(u unit, owner instance.Owner, d flow.Direction) string {
	byStore, byERP := r.changed(u)
	switch owner {
	case instance.OwnedByStore:
		return store
	case instance.OwnedByERP:
		return books
	case instance.OwnedByNewest, instance.OwnedByAsking:
		switch {
		case !byERP:
			return store
		case !byStore:
			return books
		case owner == instance.OwnedByAsking, !r.kind.Dated, r.storeAt == r.erpAt:
			return asked
		case r.storeAt > r.erpAt:
			return store
		}
		return books
	}
	if d == flow.Import && byStore {
		return store
	}
	return books
}

// sync does what moving the record in a direction has to do.
func (r *record) sync(d flow.Direction, owners map[string]instance.Owner, now int64) {
	if r.trashed || r.store == nil && d == flow.Import || r.erp == nil && d == flow.Export {
		return
	}
	r.keptFor, r.keptUnder = "", fmt.Sprint(owners)
	switch {
	case r.store == nil:
		r.store, r.storeAt = maps.Clone(r.erp), now
	case r.erp == nil:
		r.erp, r.erpAt = maps.Clone(r.store), now
	default:
		if !r.settle(d, owners, now) {
			r.keptFor = asked
			return
		}
	}
	r.conflict = nil
	equal := true
	for _, u := range r.units() {
		if of := r.of(r.store, u); slices.Equal(of, r.of(r.erp, u)) {
			r.common[u] = of
		} else {
			equal = false
		}
	}
	if equal {
		r.erpAtEqual = maps.Clone(r.erp)
		return
	}
	if r.keptFor = string(flow.Export); d == flow.Export {
		r.keptFor = string(flow.Import)
	}
}

// due reports whether a direction is to move what is kept back.
func (r *record) due(d flow.Direction, owners map[string]instance.Owner) bool {
	return r.keptFor != "" && (r.keptFor == string(d) || r.keptUnder != fmt.Sprint(owners))
}

// settle lets the values count that have to, and reports whether they do: not while a person is asked.
func (r *record) settle(d flow.Direction, owners map[string]instance.Owner, now int64) bool {
	winners := map[unit]string{}
	var open conflict
	for _, u := range r.units() {
		inStore, inERP := r.of(r.store, u), r.of(r.erp, u)
		if slices.Equal(inStore, inERP) {
			continue
		}
		winners[u] = r.winner(u, owners[u.part], d)
		if winners[u] == asked {
			open.subject += fmt.Sprintf("%v %q %q;", u, inStore, inERP)
			for _, f := range r.kind.Fields {
				if f.unit() == u && r.store[f.id()] != r.erp[f.id()] {
					open.fields = append(open.fields, f)
				}
			}
		}
	}
	if open.subject != "" && r.decided != open.subject {
		r.conflict = &open
		return false
	}
	for u, by := range winners {
		if by == asked {
			by = r.choice
		}
		switch {
		case by == store && d == flow.Import:
			r.take(r.erp, r.store, u)
			r.erpAt = now
		case by == books && d == flow.Export:
			r.take(r.store, r.erp, u)
			r.storeAt = now
		}
	}
	return true
}

// decide notes what a person chose about the conflict.
func (r *record) decide(choice string) {
	r.decided, r.choice = r.conflict.subject, store
	if choice == mapping.TakeERP {
		r.choice = books
	}
}

func (r *record) tell(format string, args ...any) {
	r.story = append(r.story, fmt.Sprintf(format, args...))
}

// past tells what was made of the record, the last of it at the end.
func (r *record) past() string {
	return strings.Join(r.story[max(0, len(r.story)-12):], "\n")
}

// differences says where a side holds something else than it has to.
func differences(want, have Values) string {
	var list []string
	for id, value := range want {
		if have[id] != value {
			list = append(list, fmt.Sprintf("%s of %d is %q, and not %q", id.Name, id.Of, have[id], value))
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}
