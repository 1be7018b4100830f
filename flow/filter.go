package flow

import (
	"strings"
	"time"

	"tandem/fault"
)

// FilterKind says which records of an entity are asked for.
type FilterKind string

// The kinds of filters.
const (
	All     FilterKind = "all"
	Changes FilterKind = "changes" // changed since the watermark, with an overlap
	Range   FilterKind = "range"   // created between From and To
	IDs     FilterKind = "ids"
	// Notified is of operations only: what the source itself reported, by entity. Of gives each its part.
	Notified FilterKind = "notified"
)

// Filter picks records of an entity.
type Filter struct {
	Kind FilterKind `json:"kind"`
	From time.Time  `json:"from,omitzero"` // UTC, inclusive; for Changes: the watermark
	To   time.Time  `json:"to,omitzero"`   // UTC, exclusive
	IDs  []string   `json:"ids,omitempty"`
	// Reported says that the source reported these IDs itself: that it has one no more is news then, and no failure.
	Reported bool `json:"reported,omitempty"`
	// Notified are, for the kind of that name, the ids that were reported, by entity; none stands for all changes of the entity.
	Notified map[string][]string `json:"notified,omitempty"`
	// Overwrite says that the other side is to get the records even where the source did not change them since.
	Overwrite bool `json:"overwrite,omitempty"`
	// Force says that the other side is to get the records whoever owns their parts.
	Force bool `json:"force,omitempty"`
	// Parts are what of the records is moved; none stands for all of it.
	Parts []string `json:"parts,omitempty"`
	// Rules are, for a matching, what records are matched by; none are those that suit the entity.
	Rules []string `json:"rules,omitempty"`
	// Matched is, for a linking, the operation that found the pairs.
	Matched string `json:"matched,omitempty"`
}

// Of gives the part of an operation's filter that is an entity's.
func (f Filter) Of(entity string) Filter {
	switch ids := f.Notified[entity]; {
	case f.Kind != Notified:
		return f
	case len(ids) == 0:
		return Filter{Kind: Changes}
	default:
		return Filter{Kind: IDs, IDs: ids, Reported: true}
	}
}

// Accepts refuses a filter this flow cannot do, as fault.Invalid naming the field, with the reason.
func (s Spec) Accepts(f Filter) error {
	if reason := s.Refuses[f.Kind]; reason != "" {
		return fault.Field("filter.kind", "%s cannot be filtered this way: %s", s.Label, reason)
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

func (s Spec) checkIDs(f Filter) error {
	if len(f.IDs) == 0 {
		return fault.Field("filter.ids", "is missing: give at least one id of the store")
	}
	valid := s.ValidID
	if valid == nil {
		valid = IsNumber
	}
	for _, id := range f.IDs {
		if !valid(id) {
			return fault.Field("filter.ids", "%q is not a valid id of %s", id, strings.ToLower(s.Label))
		}
	}
	return nil
}

// IsNumber reports whether id is a positive number of a length that a store or an ERP can have.
func IsNumber(id string) bool {
	return id != "" && len(id) <= 18 && id[0] != '0' && strings.Trim(id, "0123456789") == ""
}

// IsName reports whether id may be the name of a record without a number, e.g. a payment gateway.
func IsName(id string) bool { return strings.TrimSpace(id) != "" && len(id) <= 200 }
