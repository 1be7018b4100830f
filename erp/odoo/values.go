package odoo

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

// text is a string.
type text string

// UnmarshalJSON reads false as the empty string.
func (t *text) UnmarshalJSON(raw []byte) error {
	if isFalse(raw) {
		*t = ""
		return nil
	}
	return json.Unmarshal(raw, (*string)(t))
}

// link is a many2one: the id of a record with its name, which may be empty, or 0.
type link struct {
	ID   int64
	Name string
}

// UnmarshalJSON reads [id, name].
func (l *link) UnmarshalJSON(raw []byte) error {
	if isFalse(raw) {
		*l = link{}
		return nil
	}
	return json.Unmarshal(raw, &[]any{&l.ID, (*text)(&l.Name)})
}

// amount is a number that is money, a quantity or a rate.
type amount struct{ decimal.Decimal }

// UnmarshalJSON reads the digits as they are written, with no float in between.
func (a *amount) UnmarshalJSON(raw []byte) (err error) {
	if isFalse(raw) {
		a.Decimal = decimal.Zero
		return nil
	}
	a.Decimal, err = parseAmount(strings.Trim(string(raw), `"`))
	return err
}

// maxDigits bounds the digits of an amount, written out: a float has 309 at most, and the decimals' own bound is ten thousand.
const maxDigits = 400

// parseAmount reads a number of Odoo's.
func parseAmount(text string) (decimal.Decimal, error) {
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

// moment is a date or a time in UTC.
type moment struct{ time.Time }

// timeLayout is how Odoo writes times, in UTC.
const timeLayout = "2006-01-02 15:04:05"

// UnmarshalJSON reads Odoo's form of dates and times.
func (m *moment) UnmarshalJSON(raw []byte) error {
	var t text
	if err := t.UnmarshalJSON(raw); err != nil || t == "" {
		m.Time = time.Time{}
		return err
	}
	layout := timeLayout[:min(len(t), len(timeLayout))]
	var err error
	m.Time, err = time.ParseInLocation(layout, string(t), time.UTC)
	return err
}

func isFalse(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return bytes.Equal(raw, []byte("false")) || bytes.Equal(raw, []byte("null"))
}

// What Odoo is given. A cell knows both of its forms: load reads text, write and create take values.

// cell is the value of one field of a record.
type cell struct {
	column string // of load; the field's name with how its value refers to other records
	text   string // "" empties the field
	field  string
	value  any // false empties the field
}

func cellOf(field, s string) cell {
	if s == "" {
		return cell{field, "", field, false}
	}
	return cell{field, s, field, s}
}

func flag(field string, yes bool) cell {
	if yes {
		return cell{field, "1", field, true}
	}
	return cell{field, "0", field, false}
}

func count(field string, n int) cell { return cell{field, strconv.Itoa(n), field, n} }

// figure is a decimal. It goes out as a JSON number with all its digits.
func figure(field string, d decimal.Decimal) cell {
	return cell{field, d.String(), field, json.Number(d.String())}
}

func refer(field string, id int64) cell {
	if id == 0 {
		return cell{field + "/.id", "", field, false}
	}
	return cell{field + "/.id", strconv.FormatInt(id, 10), field, id}
}

// referAll replaces the records of a many2many.
func referAll(field string, ids []int64) cell {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return cell{field + "/.id", strings.Join(texts, ","), field, []any{[]any{6, 0, nonNil(ids)}}}
}

func instant(field string, t time.Time) cell {
	if t.IsZero() {
		return cellOf(field, "")
	}
	return cellOf(field, t.UTC().Format(timeLayout))
}

// day is a date in UTC.
func day(field string, t time.Time) cell {
	if t.IsZero() {
		return cellOf(field, "")
	}
	return cellOf(field, t.UTC().Format(time.DateOnly))
}

// values are cells as write and create take them.
func values(cells []cell) map[string]any {
	vals := make(map[string]any, len(cells))
	for _, c := range cells {
		vals[c.field] = c.value
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

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// parseID reads an id of Odoo's; 0 when it is none.
func parseID(s string) int64 {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// term is one condition of a search domain.
func term(field, operator string, value any) any { return []any{field, operator, value} }

func in(field string, ids any) any { return term(field, "in", ids) }

// String names the cell, for test failures.
func (c cell) String() string { return fmt.Sprintf("%s=%q", c.column, c.text) }
