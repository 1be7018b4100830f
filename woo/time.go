package woo

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeLayout is how WooCommerce writes its *_gmt fields: without a zone.
const timeLayout = "2006-01-02T15:04:05"

// zeroDates are how databases and PHP write that there is no date.
var zeroDates = []string{"0000-00-00", "-0001-11-30"}

// Time is a moment in UTC with one second's resolution. The zero time means the store sent none.
type Time struct {
	time.Time
	// Odd is true when the store sent something that is no date. Most dates decide nothing, so it is for those who read one
	// that does to refuse the record.
	Odd bool
}

// NewTime makes a Time from any moment.
func NewTime(t time.Time) Time { return Time{Time: t.UTC()} }

// MarshalJSON writes the form the API takes for *_gmt fields, null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + t.UTC().Format(timeLayout) + `"`), nil
}

// UnmarshalJSON accepts the API's own form, RFC 3339, a bare date and Unix seconds; "", false and null give the zero time, and
// so do the zero dates of old databases. What is no date gives the zero time too, marked as odd.
func (t *Time) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	*t = Time{}
	if err == nil && (text == "" || slices.ContainsFunc(zeroDates, func(zero string) bool { return strings.HasPrefix(text, zero) })) {
		return nil
	}
	if err == nil {
		for _, layout := range []string{timeLayout, time.RFC3339, "2006-01-02 15:04:05", time.DateOnly} {
			if parsed, err := time.Parse(layout, text); err == nil {
				t.Time = parsed.UTC()
				return nil
			}
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if t.Odd = err != nil || len(text) < 9 || len(text) > 10; !t.Odd {
		t.Time = time.Unix(seconds, 0).UTC()
	}
	return nil
}
