package woo

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ID is the number of a record in the store. 0 means "none": PHP writes that as 0, "", false or null.
type ID int64

// String gives the decimal form, for paths and messages.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// UnmarshalJSON accepts a number, a number in quotes, and all of PHP's ways to say "none", a negative number among them.
// Some versions and plugins write out the record that an id names: its id is taken.
func (id *ID) UnmarshalJSON(data []byte) error {
	var named struct {
		ID json.RawMessage `json:"id"`
	}
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] == '{' && json.Unmarshal(data, &named) == nil && len(named.ID) > 0 {
		data = named.ID
	}
	n, err := parseInt(data)
	if err != nil {
		return err
	}
	*id = max(ID(n), 0)
	return nil
}

// Int is a whole number that PHP may send in quotes, as "", false or null (all 0), or as true (1).
type Int int64

// UnmarshalJSON accepts every form named at [Int].
func (i *Int) UnmarshalJSON(data []byte) error {
	n, err := parseInt(data)
	if err != nil {
		return err
	}
	*i = Int(n)
	return nil
}

// Bool is a switch. The settings of WooCommerce say "yes" and "no", plugins say 1, "1", "true" or "on".
type Bool bool

// UnmarshalJSON takes everything that is not one of the ways to say yes for no, as WooCommerce does itself.
func (b *Bool) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return err
	}
	*b = Bool(truthy(text))
	return nil
}

// String is a text that PHP may send as a number; false and null mean "". Fields that hardly ever do so are plain strings: [Decode]
// mends them when it happens.
type String string

// UnmarshalJSON accepts a string, a number, false or null. A list or object, which no text can be, is taken for "".
func (s *String) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if errors.Is(err, errNotScalar) {
		text, err = "", nil
	}
	*s = String(text)
	return err
}

func truthy(text string) bool {
	switch strings.ToLower(text) {
	case "yes", "true", "1", "on":
		return true
	default:
		return false
	}
}

// scalarText gives the text of a string or number. PHP's empty values (null, false, [], {}) give "", true gives "1": what PHP itself
// makes of them in a string.
func scalarText(data []byte) (string, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return "", nil
	}
	switch data[0] {
	case '"':
		return unquote(data)
	case 'n', 'f':
		return "", nil
	case 't':
		return "1", nil
	case '[', '{':
		return emptyText(data)
	default:
		return string(data), nil
	}
}

// unquote avoids the reflection of encoding/json for the usual string without escapes: amounts, ids and dates. Bytes that are no UTF-8
// are left to encoding/json, which replaces them.
func unquote(data []byte) (string, error) {
	if inner := data[1 : len(data)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var s string
	err := json.Unmarshal(data, &s)
	return s, err
}

func emptyText(data []byte) (string, error) {
	if inner := bytes.TrimSpace(data[1 : len(data)-1]); len(inner) > 0 {
		return "", errNotScalar
	}
	return "", nil
}

func parseInt(data []byte) (int64, error) {
	text, err := scalarText(data)
	if err != nil {
		return 0, err
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	return parseFraction(text)
}
