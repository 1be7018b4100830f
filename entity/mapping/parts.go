package mapping

import (
	"maps"
	"slices"

	"tandem/woo"
)

// The parts of a record that a push may be limited to.
const (
	BasicPart  = "basic" // all that is none of the others
	PricePart  = "price"
	ImagePart  = "image"
	StockPart  = "stock"
	StatusPart = "status" // whether it is published
)

// statusField is what of a record says whether it is published.
const statusField = "status"

// Chosen reports whether a part of records is to be written.
func (ec Context) Chosen(part string) bool {
	return len(ec.Parts) == 0 || slices.Contains(ec.Parts, part)
}

// Choose parts fields into those that are to be written and those that are left out; partOf says which part a field is.
func (ec Context) Choose(fields woo.Fields, partOf func(field string) string) (chosen, rest woo.Fields) {
	chosen, rest = maps.Clone(fields), woo.Fields{}
	if len(ec.Parts) == 0 {
		return chosen, rest
	}
	for name, value := range fields {
		if !ec.Chosen(fieldPart(partOf, name)) {
			rest[name] = value
			delete(chosen, name)
		}
	}
	return chosen, rest
}

// newRecord gives the fields that a record is created with. What a person did not choose to publish is not.
func (r exportRun[E, T, R]) newRecord(fields woo.Fields) woo.Fields {
	chosen, rest := r.ec.Choose(fields, r.PartOf)
	if _, left := rest[statusField]; left {
		chosen[statusField] = "draft"
	}
	return chosen
}

// leftOut reports whether something that was left out by choice is otherwise in the store.
func (r exportRun[E, T, R]) leftOut(e *Exported[E, T, R]) bool {
	if len(r.ec.Parts) == 0 || e.Have == nil {
		return false
	}
	differing, err := r.differing(e)
	if err != nil {
		return true
	}
	_, rest := r.ec.Choose(differing, r.PartOf)
	return e.left || len(rest) > 0
}
