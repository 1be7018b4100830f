package wootest

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// slugify makes the URL form of a name as WordPress does: accents off, lower case, dashes between words.
func slugify(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range norm.NFD.String(name) {
		r = unicode.ToLower(r)
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
		case r == '_':
			b.WriteRune(r)
			dash = false
		default:
			dash = true
		}
	}
	return b.String()
}

// unique appends -2, -3 … until nobody else has the slug.
func unique(slug string, taken func(string) bool) string {
	candidate := slug
	for n := 2; taken(candidate); n++ {
		candidate = slug + "-" + strconv.Itoa(n)
	}
	return candidate
}
