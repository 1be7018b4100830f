package odootest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// check reports whether a record meets a condition.
type check func(record) bool

// parse reads a search domain: terms and operators in prefix notation, terms side by side meaning and.
func (e env) parse(m *model, domain []any) check {
	var checks []check
	for len(domain) > 0 {
		var c check
		c, domain = e.parseOne(m, domain)
		checks = append(checks, c)
	}
	return func(r record) bool {
		return !slices.ContainsFunc(checks, func(c check) bool { return !c(r) })
	}
}

func (e env) parseOne(m *model, domain []any) (check, []any) {
	if len(domain) == 0 {
		raise("builtins.ValueError", "Domain() invalid: an operator lacks its terms")
	}
	head, rest := domain[0], domain[1:]
	switch head {
	case "!":
		c, rest := e.parseOne(m, rest)
		return func(r record) bool { return !c(r) }, rest
	case "|", "&":
		left, rest := e.parseOne(m, rest)
		right, rest := e.parseOne(m, rest)
		if head == "|" {
			return func(r record) bool { return left(r) || right(r) }, rest
		}
		return func(r record) bool { return left(r) && right(r) }, rest
	}
	term, ok := head.([]any)
	if !ok || len(term) != 3 {
		raise("builtins.ValueError", "Domain() invalid item: %v", head)
	}
	return e.parseTerm(m, term[0].(string), term[1].(string), term[2]), rest
}

func (e env) parseTerm(m *model, path, operator string, value any) check {
	steps := strings.Split(path, ".")
	last := e.follow(m, steps)
	wanted := last.compared(operator, value)
	return func(r record) bool {
		found := r.values(steps)
		negative := strings.HasPrefix(operator, "not ") || operator == "!="
		return slices.ContainsFunc(found, wanted) != negative
	}
}

// follow checks a path of fields and gives the last one.
func (e env) follow(m *model, steps []string) field {
	f, _ := e.field(m, steps[0])
	if len(steps) == 1 {
		return f
	}
	return e.follow(e.model(f.target), steps[1:])
}

// values gives all that a path of fields leads to; an empty list is nothing, like an empty many2one.
func (r record) values(steps []string) []any {
	if r.none() {
		return []any{nil}
	}
	switch value := r.get(steps[0]).(type) {
	case []int64:
		var found []any
		for _, id := range value {
			found = append(found, r.beyond(steps, id)...)
		}
		if len(found) == 0 {
			return []any{nil}
		}
		return found
	case int64:
		return r.beyond(steps, value)
	default:
		return []any{value}
	}
}

func (r record) beyond(steps []string, id int64) []any {
	if len(steps) == 1 {
		return []any{id}
	}
	f, _ := r.field(r.model, steps[0])
	return record{env: r.env, model: r.env.model(f.target), id: id}.values(steps[1:])
}

// compared gives the test of a single value. For a negative operator it is the test of what must not be.
func (f field) compared(operator string, value any) func(any) bool {
	switch operator {
	case "=", "!=":
		return f.equals(value)
	case "in", "not in":
		var tests []func(any) bool
		for _, v := range list(value) {
			tests = append(tests, f.equals(v))
		}
		return func(found any) bool {
			return slices.ContainsFunc(tests, func(test func(any) bool) bool { return test(found) })
		}
	case "like", "ilike", "=like", "not like":
		pattern := likePattern(value.(string), operator)
		return func(found any) bool { text, ok := found.(string); return ok && pattern.MatchString(text) }
	case "<", "<=", ">", ">=":
		return func(found any) bool { return ordered(compare(found, f.single(value)), operator) }
	}
	raise("builtins.ValueError", "Invalid operator %q in domain", operator)
	return nil
}

// single gives a value to compare with in the form one value of the field is kept in.
func (f field) single(value any) any {
	if f.kind == manyKind || f.kind == linesKind {
		return number(value)
	}
	return f.keep(value)
}

func (f field) equals(value any) func(any) bool {
	wanted := f.single(value)
	empty := f.single(false)
	return func(found any) bool {
		if found == nil {
			found = empty
		}
		return compare(found, wanted) == 0
	}
}

func list(value any) []any {
	switch v := value.(type) {
	case []any:
		return v
	case []int64:
		values := make([]any, len(v))
		for i, id := range v {
			values[i] = id
		}
		return values
	}
	raise("builtins.ValueError", "in takes a list")
	return nil
}

func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case decimal.Decimal:
		return a.Cmp(b.(decimal.Decimal))
	case bool:
		if a == b {
			return 0
		}
		return 1
	}
	return -1
}

func ordered(order int, operator string) bool {
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default:
		return order >= 0
	}
}

// likePattern translates SQL's LIKE. Only "=like" is matched against the whole text.
func likePattern(like, operator string) *regexp.Regexp {
	var b strings.Builder
	for escaped, rest := false, []rune(like); len(rest) > 0; rest = rest[1:] {
		switch c := rest[0]; {
		case c == '\\' && !escaped:
			escaped = true
			continue
		case c == '%' && !escaped:
			b.WriteString(".*")
		case c == '_' && !escaped:
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
		escaped = false
	}
	pattern := b.String()
	if operator == "=like" {
		pattern = "^" + pattern + "$"
	}
	if operator == "ilike" {
		pattern = "(?i)" + pattern
	}
	return regexp.MustCompile("(?s)" + pattern)
}
