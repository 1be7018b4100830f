package woo

import (
	"errors"
	"time"
)

// timeLayout is how WooCommerce writes its *_gmt fields: without a zone.
const timeLayout = "2006-01-02T15:04:05"

var errNotTime = errors.New("not a date")

// Time is a moment in UTC with one second's resolution. The zero time means the store sent none.
type Time struct{ time.Time }

// NewTime makes a Time from any moment.
func NewTime(t time.Time) Time { return Time{t.UTC()} }

// MarshalJSON writes the form the API takes for *_gmt fields, null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + t.UTC().Format(timeLayout) + `"`), nil
}

// UnmarshalJSON accepts the API's own form, RFC 3339 and a bare date; "", false and null give the zero time, and so does the
// 0000-00-00 of old databases.
func (t *Time) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return err
	}
	*t = Time{}
	if text == "" || len(text) >= 10 && text[:10] == "0000-00-00" {
		return nil
	}
	for _, layout := range []string{timeLayout, time.RFC3339, "2006-01-02 15:04:05", time.DateOnly} {
		if parsed, err := time.Parse(layout, text); err == nil {
			t.Time = parsed.UTC()
			return nil
		}
	}
	return errNotTime
}
