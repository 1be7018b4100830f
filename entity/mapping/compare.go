package mapping

import (
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/flow"
	"tandem/woo"
)

// Comparison says how both sides of a record are compared, part by part, in the form in which an export writes them. E is the ERP's
// record, R the store's with all that belongs to it.
type Comparison[E, R any] struct {
	// Fields gives what the store is to hold of a record that it has already.
	Fields func(Context, E) woo.Fields
	// Same reports whether a field that differs is all the same; nil when none is.
	Same func(field string, want any, have R) bool
	// PartOf says which part of a record a field is, where that is not always BasicPart.
	PartOf func(field string) string
	// Belonging gives what is compared along with a record that both sides have, such as its variations; nil for nothing.
	Belonging func(Context, E, R) []Belonging
	// Modified gives when the store's record was changed last, UTC; nil where the store does not say.
	Modified func(R) time.Time
}

// Belonging is something that belongs to a record, as both sides have it.
type Belonging struct {
	ID   string     // the store's; empty for further fields of the record itself
	Name string     // for people
	Want woo.Fields // as the ERP has it
	Have woo.Fields // as the store has it
}

// Unit is what has one owner: a part of a record, or of something that belongs to it.
type Unit struct {
	Part string
	Of   string // the store's id of what belongs to the record; empty for the record itself
}

// String names a unit as links keep it.
func (u Unit) String() string { return strings.TrimSpace(u.Part + " " + u.Of) }

// comparedUnit is a unit as both sides hold it.
type comparedUnit struct {
	Unit
	erp, store  string // digests
	differences []flow.Difference
}

// common names what both sides hold of a unit that is alike. The two may be written differently, such as a price that is rounded.
func (u comparedUnit) common() string {
	if u.erp == u.store {
		return u.erp
	}
	return u.erp + ":" + u.store
}

// units compares the two sides of a record. record is the ERP's, with what it has no place for as the store has it; content is what the
// import makes of the store's.
func (c Comparison[E, R]) units(ec Context, record, content E, have R) []comparedUnit {
	all := []Belonging{{Want: c.Fields(ec, record), Have: c.Fields(ec, content)}}
	if c.Belonging != nil {
		for _, b := range c.Belonging(ec, record, have) {
			if b.ID == "" {
				maps.Copy(all[0].Want, b.Want)
				maps.Copy(all[0].Have, b.Have)
			} else {
				all = append(all, b)
			}
		}
	}
	var units []comparedUnit
	for _, b := range all {
		units = append(units, c.unitsOf(b, have)...)
	}
	return units
}

// unitsOf sorts fields by the parts that they are of. Values that are the same though they are written differently are no difference, but
// each side is known by what it holds: what it was written like before says whether a person changed it.
func (c Comparison[E, R]) unitsOf(b Belonging, have R) []comparedUnit {
	parts := map[string]woo.Fields{}
	for name, value := range b.Want {
		part := fieldPart(c.PartOf, name)
		if parts[part] == nil {
			parts[part] = woo.Fields{}
		}
		parts[part][name] = value
	}
	var units []comparedUnit
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		want := parts[part]
		u := comparedUnit{Unit: Unit{Part: part, Of: b.ID}, erp: fieldsDigest(want, want), store: fieldsDigest(want, b.Have)}
		differing := maps.Clone(want)
		maps.DeleteFunc(differing, func(name string, value any) bool {
			return SameValue(value, b.Have[name]) || b.ID == "" && c.Same != nil && c.Same(name, value, have)
		})
		u.differences = FieldDifferences(b.Name, differing, b.Have)
		units = append(units, u)
	}
	return units
}

// fieldPart says which part a field is; partOf is nil where all are BasicPart.
func fieldPart(partOf func(string) string, field string) string {
	if partOf == nil {
		return BasicPart
	}
	return partOf(field)
}

// fieldsDigest names the values that some fields have.
func fieldsDigest(named, fields woo.Fields) string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(named)) {
		value := fields[name]
		if text, ok := value.(HTML); ok {
			value = text.plain()
		}
		texts = append(texts, name, string(encodeValue(value)))
	}
	return Digest(texts...)
}
