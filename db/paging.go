package db

import (
	"encoding/base64"
	"strconv"

	"tandem/fault"
)

// Limits of a list's page.
const (
	defaultLimit = 50
	maxLimit     = 500
)

// Page asks for a part of a list. Lists are newest first.
type Page struct {
	After string // the cursor the part before ended with; empty starts at the newest
	Limit int    // 0 is 50; more than 500 is 500
}

// size is the limit in force.
func (p Page) size() int {
	if p.Limit <= 0 {
		return defaultLimit
	}
	return min(p.Limit, maxLimit)
}

// before decodes the cursor of a list ordered by a growing number: rows below it follow. The largest number there is
// stands for "from the start".
func (p Page) before() (int64, error) {
	const start = int64(^uint64(0) >> 1)
	text, err := p.cursor()
	if err != nil || text == "" {
		return start, err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, badCursor(err)
	}
	return id, nil
}

// cursor decodes the cursor; "" means from the start.
func (p Page) cursor() (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(p.After)
	if err != nil {
		return "", badCursor(err)
	}
	return string(raw), nil
}

// badCursor refuses a cursor that this package never gave.
func badCursor(cause error) error {
	return &fault.Error{Kind: fault.Invalid, Field: "after", Message: "is not a cursor of this list", Err: cause}
}

// encodeCursor makes a sort key opaque, so that nobody builds on what it holds.
func encodeCursor(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(key)) }

// cut trims rows read with one more than asked for, and gives the cursor of the rest; "" when there is none.
func cut[T any](rows []T, size int, key func(T) string) ([]T, string) {
	if len(rows) <= size {
		return rows, ""
	}
	rows = rows[:size]
	return rows, encodeCursor(key(rows[size-1]))
}
