package entity

import (
	"context"
	"iter"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/fault"
)

// spec is an entity as a table of its parts. R is the store's record with all that belongs to it, E what is landed.
type spec[R, E any] struct {
	name  string
	title string
	after []string
	// refuses says why an entity cannot do a kind of filter.
	refuses map[FilterKind]string
	// optional says that what comes after this entity can be landed without it.
	optional bool
	// validID checks an id asked for; nil accepts numbers.
	validID func(string) bool

	read     reader[R]
	describe func(R) Record
	// convert maps a record. Its error, classified by fault, refuses this record and no other.
	convert func(Context, R) (E, error)
	upsert  func(erp.Backend, context.Context, []E) ([]erp.Outcome, error)
	// prepare makes sure, before the first page of a pull, of what every record needs in the ERP; nil when nothing.
	prepare func(context.Context, Context) error
	// before lands what the records need themselves and may refuse some; nil when nothing.
	before func(context.Context, Context, []*attempt[R, E]) error
	// land lands what was not refused where that takes more than one call of upsert; nil when it does not.
	land func(context.Context, Context, []*attempt[R, E]) error
	// finish does what follows on landing; nil when nothing.
	finish func(context.Context, Context, Page, []*attempt[R, E]) error
}

// Name gives the entity's name.
func (s spec[R, E]) Name() string { return s.name }

// Title gives what people read.
func (s spec[R, E]) Title() string { return s.title }

// After names the entities that must be landed before.
func (s spec[R, E]) After() []string { return slices.Clone(s.after) }

// Accepts refuses a filter this entity cannot do, as fault.Invalid naming the field, with the reason.
func (s spec[R, E]) Accepts(f Filter) error {
	if reason := s.refuses[f.Kind]; reason != "" {
		return fault.Field("filter.kind", "%s cannot be filtered this way: %s", s.title, reason)
	}
	switch f.Kind {
	case All, Changes:
		return nil
	case Range:
		return checkRange(f)
	case IDs:
		return s.checkIDs(f)
	default:
		return fault.Field("filter.kind", "must be one of all, changes, range, ids")
	}
}

func checkRange(f Filter) error {
	if f.From.IsZero() && f.To.IsZero() {
		return fault.Field("filter.from", "is missing: give the beginning of the range, its end, or both")
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		return fault.Field("filter.to", "must be after the beginning of the range")
	}
	return nil
}

func (s spec[R, E]) checkIDs(f Filter) error {
	if len(f.IDs) == 0 {
		return fault.Field("filter.ids", "is missing: give at least one id of the store")
	}
	valid := s.validID
	if valid == nil {
		valid = isNumber
	}
	for _, id := range f.IDs {
		if !valid(id) {
			return fault.Field("filter.ids", "%q is no id of %s in the store", id, strings.ToLower(s.title))
		}
	}
	return nil
}

// isNumber reports whether id is a positive number of a length the store can have.
func isNumber(id string) bool {
	return id != "" && len(id) <= 18 && id[0] != '0' && strings.Trim(id, "0123456789") == ""
}

// isName reports whether id may be the name of a record without number, e.g. a payment gateway.
func isName(id string) bool { return strings.TrimSpace(id) != "" && len(id) <= 200 }

// Pull reads pages ahead while the loop lands the one before. It gives at least one page, the last with Done, unless an
// error ends it.
func (s spec[R, E]) Pull(ctx context.Context, ec Context, filter Filter, from Cursor) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		if err := s.Accepts(filter); err != nil {
			yield(Page{}, err)
			return
		}
		first := true
		for b, err := range ahead(ctx, func(ctx context.Context) iter.Seq2[batch[R], error] {
			return s.read(ctx, ec, filter, from)
		}) {
			if err != nil {
				yield(Page{}, err)
				return
			}
			page := s.page(b)
			page.first, first = first, false
			if !yield(page, nil) {
				return
			}
		}
	}
}

// page gives a batch the form that goes through the activities.
func (s spec[R, E]) page(b batch[R]) Page {
	page := Page{Missing: b.missing, Trashed: b.trashed, Carts: b.carts, Next: b.next, Total: max(b.total, 0), Done: b.done,
		Skipped: b.skipped, Reading: b.Reading}
	for _, r := range b.records {
		record := s.describe(r)
		record.value = r
		page.Records = append(page.Records, record)
	}
	for _, r := range b.rejected {
		page.Records = append(page.Records, Record{ID: r.Key(), Raw: r.Raw, value: r})
	}
	return page
}

// Optional reports whether what comes after this entity can do without it.
func (s spec[R, E]) Optional() bool { return s.optional }
