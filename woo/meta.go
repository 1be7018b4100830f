package woo

import "encoding/json"

// Meta is one custom field. Plugins keep what they know there: VAT numbers, tracking codes, delivery dates.
type Meta struct {
	ID    ID              `json:"id" lax:"true"`
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"` // any JSON; most often a string
	// DisplayKey and DisplayValue are the forms shown to the shopper; only the meta of order lines has them.
	DisplayKey   string          `json:"display_key,omitempty" lax:"true"`
	DisplayValue json.RawMessage `json:"display_value,omitempty"`
}

// Text gives a value that is a single string or number; ok is false for lists and objects.
func (m Meta) Text() (text string, ok bool) {
	text, err := scalarText(m.Value)
	return text, err == nil
}

// FindMeta gives the first field with that key.
func FindMeta(fields []Meta, key string) (Meta, bool) {
	for _, m := range fields {
		if m.Key == key {
			return m, true
		}
	}
	return Meta{}, false
}
