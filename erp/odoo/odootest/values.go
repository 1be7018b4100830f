package odootest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// keep gives a value in the form it is kept in. Nothing is false, as in Odoo.
func (f field) keep(value any) any {
	if value == nil {
		value = false
	}
	switch f.kind {
	case boolKind:
		return value == true
	case intKind, oneKind:
		return number(value)
	case floatKind:
		return quantity(value)
	case manyKind, linesKind:
		return numbers(value)
	default:
		text, ok := value.(string)
		if !ok && value != false {
			raise("builtins.ValueError", "%s takes a text, not %T", f.name, value)
		}
		return text
	}
}

// tell gives a kept value as read answers it.
func (r record) tell(name string) any {
	f, inherited := r.field(r.model, name)
	if inherited {
		return r.one(r.model.inherits).tell(name)
	}
	switch value := r.get(name).(type) {
	case string:
		if value == "" {
			return false
		}
		return value
	case decimal.Decimal:
		return json.Number(value.String())
	case int64:
		if f.kind != oneKind {
			return value
		}
		if value == 0 {
			return false
		}
		return []any{value, r.one(name).title()}
	default:
		return value
	}
}

// number reads an id or another whole number; 0 for false.
func number(value any) int64 {
	switch v := value.(type) {
	case bool:
		return 0
	case int64:
		return v
	case int:
		return int64(v)
	case record:
		return v.id
	}
	n, err := strconv.ParseInt(fmt.Sprint(value), 10, 64)
	if err != nil {
		raise("builtins.ValueError", "%v is no id", value)
	}
	return n
}

func numbers(value any) []int64 {
	switch v := value.(type) {
	case []int64:
		return slices.Clone(v)
	case []record:
		return idsOf(v)
	case []any:
		ids := make([]int64, len(v))
		for i, id := range v {
			ids[i] = number(id)
		}
		return ids
	default:
		return []int64{}
	}
}

func quantity(value any) decimal.Decimal {
	switch v := value.(type) {
	case bool:
		return decimal.Zero
	case decimal.Decimal:
		return v
	}
	d, err := decimal.NewFromString(fmt.Sprint(value))
	if err != nil {
		raise("builtins.ValueError", "%v is no number", value)
	}
	return d
}

// parseText reads a cell of load.
func (f field) parseText(text string) any {
	if text == "" {
		return false
	}
	switch f.kind {
	case boolKind:
		yes, err := strconv.ParseBool(strings.ToLower(text))
		if err != nil {
			raise("builtins.ValueError", "Unknown value '%s' for boolean field '%s'", text, f.name)
		}
		return yes
	case oneKind, manyKind, linesKind:
		raise("builtins.ValueError", "%s is a relation: name its records by %s/id or %s/.id", f.name, f.name, f.name)
	}
	return f.keep(text)
}
