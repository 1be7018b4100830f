package woo

import (
	"bytes"
	"strconv"
	"unicode/utf16"
)

// escapeSize is the length of an escape such as \u00e9.
const escapeSize = 6

// clean makes the texts of a reply such as any database takes: escapes of the character NUL are dropped, and halves of a
// surrogate pair without the other half become the replacement character. JSON allows both; PostgreSQL and most ERPs do not. A
// reply without them, which is nearly every one, is given back as it is.
func clean(value []byte) []byte {
	var out []byte
	copied := 0
	for at := nextEscape(value, 0); at >= 0; {
		unit, next := unitAt(value, at), at+escapeSize
		paired := utf16.IsSurrogate(unit) && utf16.DecodeRune(unit, unitAt(value, next)) != '\uFFFD'
		switch {
		case paired:
			next += escapeSize
		case unit == 0:
			out, copied = append(out, value[copied:at]...), next
		case utf16.IsSurrogate(unit):
			out, copied = append(append(out, value[copied:at]...), `\ufffd`...), next
		}
		at = nextEscape(value, next)
	}
	if copied == 0 {
		return value
	}
	return append(out, value[copied:]...)
}

// nextEscape finds the next \u escape from a place on; -1 when there is none. A backslash that is itself escaped begins none.
func nextEscape(value []byte, from int) int {
	for at := from; at < len(value); {
		i := bytes.IndexByte(value[at:], '\\')
		if i < 0 || at+i+1 >= len(value) {
			return -1
		}
		if at += i; value[at+1] == 'u' {
			return at
		}
		at += 2
	}
	return -1
}

// unitAt reads the UTF-16 code unit of the escape at a place; -1 where there is none.
func unitAt(value []byte, at int) rune {
	if at+escapeSize > len(value) || value[at] != '\\' || value[at+1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(value[at+2:at+escapeSize]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}
