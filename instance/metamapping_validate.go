package instance

import "regexp"

// Types a meta value can be converted to.
const (
	MetaText    = "text"
	MetaInteger = "integer"
	MetaDecimal = "decimal"
	MetaBoolean = "boolean"
	MetaDate    = "date"
)

// maxMetaKey is the length of the store's own column for meta keys.
const maxMetaKey = 255

var fieldPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// Validate checks a mapping's model, names and type. The error is a Problems. Whether the ERP has the field is found
// out when a record lands.
func (m MetaMapping) Validate() error {
	var p Problems
	if m.Model == "" {
		p.add("model", "is missing: choose product, customer or order")
	}
	p.oneOf("model", string(m.Model), string(MetaProduct), string(MetaCustomer), string(MetaOrder))
	if m.Key == "" || len(m.Key) > maxMetaKey {
		p.add("meta_key", "must be the name of a meta field of the store, at most %d bytes", maxMetaKey)
	}
	if !fieldPattern.MatchString(m.Field) {
		p.add("field", "must be the name of a field of the ERP, e.g. tax_id or x_loyalty_level")
	}
	if m.Type == "" {
		p.add("type", "is missing: choose text, integer, decimal, boolean or date")
	}
	p.oneOf("type", m.Type, MetaText, MetaInteger, MetaDecimal, MetaBoolean, MetaDate)
	return p.Err()
}
