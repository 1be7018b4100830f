package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// What Odoo answers. An empty value of any type comes as false.

// Text is a string.
type Text string

// UnmarshalJSON reads false as the empty string.
func (t *Text) UnmarshalJSON(raw []byte) error {
	if isFalse(raw) {
		*t = ""
		return nil
	}
	return json.Unmarshal(raw, (*string)(t))
}

// Link is a many2one: the id of a record with its name, which may be empty, or 0.
type Link struct {
	ID   int64
	Name string
}

// UnmarshalJSON reads [id, name].
func (l *Link) UnmarshalJSON(raw []byte) error {
	if isFalse(raw) {
		*l = Link{}
		return nil
	}
	return json.Unmarshal(raw, &[]any{&l.ID, (*Text)(&l.Name)})
}

// Amount is a number that is money, a quantity or a rate.
type Amount struct{ decimal.Decimal }

// UnmarshalJSON reads the digits as they are written, with no float in between.
func (a *Amount) UnmarshalJSON(raw []byte) (err error) {
	if isFalse(raw) {
		a.Decimal = decimal.Zero
		return nil
	}
	a.Decimal, err = ParseAmount(strings.Trim(string(raw), `"`))
	return err
}

// maxDigits bounds the digits of an amount, written out: a float has 309 at most, and the decimals' own bound is ten thousand.
const maxDigits = 400

// ParseAmount reads a number of Odoo's. The error does not quote it.
func ParseAmount(text string) (decimal.Decimal, error) {
	if len(text) > maxDigits {
		return decimal.Zero, errNotAmount
	}
	number, err := decimal.NewFromString(text)
	if err != nil || number.Exponent() > maxDigits || number.Exponent() < -maxDigits {
		return decimal.Zero, errNotAmount
	}
	return number, nil
}

// errNotAmount does not quote the value.
var errNotAmount = errors.New("not a number that can be an amount")

// Moment is a date or a time in UTC.
type Moment struct{ time.Time }

// TimeLayout is how Odoo writes times, in UTC.
const TimeLayout = "2006-01-02 15:04:05"

// UnmarshalJSON reads Odoo's form of dates and times.
func (m *Moment) UnmarshalJSON(raw []byte) error {
	var t Text
	if err := t.UnmarshalJSON(raw); err != nil || t == "" {
		m.Time = time.Time{}
		return err
	}
	layout := TimeLayout[:min(len(t), len(TimeLayout))]
	var err error
	m.Time, err = time.ParseInLocation(layout, string(t), time.UTC)
	return err
}

// IDs is a list that comes as false when there is none.
type IDs []int64

// UnmarshalJSON reads false as no ids.
func (l *IDs) UnmarshalJSON(raw []byte) error {
	*l = nil
	if isFalse(raw) {
		return nil
	}
	return Decode(raw, (*[]int64)(l))
}

func isFalse(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return bytes.Equal(raw, []byte("false")) || bytes.Equal(raw, []byte("null"))
}

// What Odoo is given. A cell knows both of its forms: load reads text, write and create take values.

// Cell is the value of one field of a record.
type Cell struct {
	Column string // of load; the field's name with how its value refers to other records
	Text   string // "" empties the field
	Field  string // of write and create
	Value  any    // false empties the field
}

// TextCell is a text, a selection, or anything else that Odoo reads from a text. An empty one empties the field.
func TextCell(field, s string) Cell {
	if s == "" {
		return Cell{field, "", field, false}
	}
	return Cell{field, s, field, s}
}

// BoolCell is a boolean.
func BoolCell(field string, yes bool) Cell {
	if yes {
		return Cell{field, "1", field, true}
	}
	return Cell{field, "0", field, false}
}

// IntCell is a whole number.
func IntCell(field string, n int) Cell { return Cell{field, strconv.Itoa(n), field, n} }

// DecimalCell is a decimal. It goes out as a JSON number with all its digits.
func DecimalCell(field string, d decimal.Decimal) Cell {
	return Cell{field, d.String(), field, json.Number(d.String())}
}

// LinkCell is a many2one by the id of the record; 0 empties the field.
func LinkCell(field string, id int64) Cell {
	if id == 0 {
		return Cell{field + "/.id", "", field, false}
	}
	return Cell{field + "/.id", strconv.FormatInt(id, 10), field, id}
}

// LinksCell replaces the records of a many2many.
func LinksCell(field string, ids []int64) Cell {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return Cell{field + "/.id", strings.Join(texts, ","), field, []any{[]any{6, 0, nonNil(ids)}}}
}

// TimeCell is a time in UTC; the zero time empties the field.
func TimeCell(field string, t time.Time) Cell {
	if t.IsZero() {
		return TextCell(field, "")
	}
	return TextCell(field, t.UTC().Format(TimeLayout))
}

// DateCell is a date in UTC.
func DateCell(field string, t time.Time) Cell {
	if t.IsZero() {
		return TextCell(field, "")
	}
	return TextCell(field, t.UTC().Format(time.DateOnly))
}

// Values are cells as write and create take them.
func Values(cells []Cell) map[string]any {
	vals := make(map[string]any, len(cells))
	for _, c := range cells {
		vals[c.Field] = c.Value
	}
	return vals
}

// nonNil makes a missing list an empty one: Odoo does not take null for it.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// FormatID writes an id of Odoo's.
func FormatID(id int64) string { return strconv.FormatInt(id, 10) }

// ParseID reads an id of Odoo's; 0 when it is none.
func ParseID(s string) int64 {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// Where returns one condition of a search domain.
func Where(field, operator string, value any) any { return []any{field, operator, value} }

// In returns the condition that a field has one of the values.
func In(field string, ids any) any { return Where(field, "in", ids) }

// String names the cell, for test failures.
func (c Cell) String() string { return fmt.Sprintf("%s=%q", c.Column, c.Text) }
