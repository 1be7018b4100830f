package wootest

import (
	"regexp"
	"strings"
)

// entity is what a text that is escaped already holds; it is not escaped twice.
var entity = regexp.MustCompile(`^&(#\d+|#[xX][0-9a-fA-F]+|\w+);`)

// escapeHTML is how WordPress keeps names of terms, products and users: a browser shows them as they were typed, and
// everyone else reads "&amp;". Addresses of orders and customers are kept as they are.
func escapeHTML(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	var out strings.Builder
	for i, r := range s {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '&' && !entity.MatchString(s[i:]):
			out.WriteString("&amp;")
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// labels writes a list of names as WordPress keeps them.
func (e *encoder) labels(name string, values list[text]) {
	e.array(name)
	for _, v := range values {
		e.next()
		e.quote(escapeHTML(string(v)))
	}
	e.close(']')
}

// label writes a name as WordPress keeps it.
func (e *encoder) label(name, value string) { e.str(name, escapeHTML(value)) }
