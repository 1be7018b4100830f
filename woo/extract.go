package woo

import (
	"bytes"
	"errors"
)

// What is wrong with a body that holds no JSON value.
var (
	errNoJSON = errors.New("no JSON in the reply")
	errCut    = errors.New("the reply ends too early")
)

// maxStarts bounds how many places of a body are tried: a hostile page could offer millions.
const maxStarts = 32

// extract finds the JSON object or list in a body: behind a byte order mark, behind PHP notices, before whatever a plugin echoes at the
// end. It does not check what is inside; decoding does.
func extract(body []byte) ([]byte, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	failure := errNoJSON
	for range maxStarts {
		start := nextStart(body)
		if start < 0 || isPage(body[:start]) {
			break
		}
		prefix := body[:start]
		body = body[start:]
		end, err := valueEnd(body)
		if err == nil {
			return body[:end], nil
		}
		if failure = err; startsReply(prefix) {
			break
		}
		body = body[1:]
	}
	return nil, failure
}

// isPage tells a web page, whose scripts hold JSON of their own, from the notices PHP writes before a reply.
func isPage(prefix []byte) bool {
	prefix = bytes.ToLower(prefix)
	for _, tag := range []string{"<!doctype", "<html", "<head", "<script"} {
		if bytes.Contains(prefix, []byte(tag)) {
			return true
		}
	}
	return false
}

// startsReply reports whether what follows a prefix is the reply itself and not part of a notice: notices end with a new line or a tag. A
// reply that is cut must not be searched further, or the first record of a list would pass for the whole.
func startsReply(prefix []byte) bool {
	return len(bytes.TrimSpace(prefix)) == 0 || bytes.HasSuffix(prefix, []byte("\n")) || bytes.HasSuffix(prefix, []byte(">"))
}

// nextStart gives the index of the first thing that looks like a record ({"…, {}) or a list of them ([{…, []): a bracket alone is
// common in notices.
func nextStart(body []byte) int {
	for i := 0; i < len(body); i++ {
		if body[i] != '{' && body[i] != '[' {
			continue
		}
		rest := bytes.TrimLeft(body[i+1:], " \t\r\n")
		if len(rest) > 0 && opens(body[i], rest[0]) {
			return i
		}
	}
	return -1
}

func opens(bracket, next byte) bool {
	if bracket == '{' {
		return next == '"' || next == '}'
	}
	return next == '{' || next == ']'
}

// valueEnd gives the length of the object or list that data starts with.
func valueEnd(data []byte) (int, error) {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			n, err := stringEnd(data[i:])
			if err != nil {
				return 0, err
			}
			i += n - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		}
	}
	return 0, errCut
}

// stringEnd gives the length of the string that data starts with, quotes included.
func stringEnd(data []byte) (int, error) {
	for i := 1; i < len(data); i++ {
		next := bytes.IndexByte(data[i:], '"')
		if next < 0 {
			return 0, errCut
		}
		i += next
		if escapes := trailingBackslashes(data[1:i]); escapes%2 == 0 {
			return i + 1, nil
		}
	}
	return 0, errCut
}

func trailingBackslashes(data []byte) int {
	n := 0
	for n < len(data) && data[len(data)-1-n] == '\\' {
		n++
	}
	return n
}

// splitList slices a list into its elements without copying them.
func splitList(list []byte) ([][]byte, error) {
	if len(list) == 0 || list[0] != '[' {
		return nil, errNoJSON
	}
	var items [][]byte
	for rest := list[1:]; ; {
		rest = bytes.TrimLeft(rest, " \t\r\n,")
		if len(rest) == 0 {
			return nil, errCut
		}
		if rest[0] == ']' {
			return items, nil
		}
		if rest[0] != '{' {
			return nil, errNoJSON
		}
		end, err := valueEnd(rest)
		if err != nil {
			return nil, err
		}
		items = append(items, rest[:end])
		rest = rest[end:]
	}
}
