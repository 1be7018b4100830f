package wootest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// The loose types accept what WordPress' own parameter sanitizing accepts: numbers in quotes, 1 for true, and so on.

// text takes a JSON string, number or boolean.
type text string

// UnmarshalJSON never fails on a scalar; null empties the text.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	if bytes.Equal(b, []byte("null")) {
		*t = ""
		return nil
	}
	*t = text(b)
	return nil
}

// integer takes a JSON number or a numeric string; anything else is 0.
type integer int

// UnmarshalJSON cuts decimals off, as PHP's intval does.
func (i *integer) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if cut := strings.IndexByte(s, '.'); cut >= 0 {
		s = s[:cut]
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		n = 0
	}
	*i = integer(n)
	return nil
}

// boolean takes true, "true", "yes", 1 and their opposites.
type boolean bool

// UnmarshalJSON treats everything that is not a known yes as no.
func (v *boolean) UnmarshalJSON(b []byte) error {
	*v = boolean(truthy(strings.Trim(string(b), `"`)))
	return nil
}

func truthy(s string) bool {
	switch strings.ToLower(s) {
	case "1", "true", "yes", "on":
		return true
	}
	return false
}

// list replaces the whole slice when decoded. A plain slice would keep the old elements' fields that the new ones
// leave out, because encoding/json reuses the backing array.
type list[T any] []T

// UnmarshalJSON decodes into a fresh slice.
func (l *list[T]) UnmarshalJSON(b []byte) error {
	fresh := []T{}
	if err := json.Unmarshal(b, &fresh); err != nil {
		return err
	}
	*l = fresh
	return nil
}

// MarshalJSON writes an empty list as [], never null.
func (l list[T]) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal([]T(l))
}
