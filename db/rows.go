package db

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tandem/fault"
)

// fromJSON is a column of jsonb, which may be NULL.
type fromJSON[T any] struct{ value T }

// Scan reads a column.
func (j *fromJSON[T]) Scan(column any) error {
	text, _ := column.([]byte)
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, &j.value)
}

// collect turns rows into what they stand for. It gives an empty list rather than nil, as lists in replies should be.
func collect[R, T any](rows []R, convert func(R) T) []T {
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = convert(row)
	}
	return out
}

// latest drops all but the last of the items that share a key, since one statement cannot write a row twice.
func latest[T any](items []T, key func(T) string) []T {
	place := make(map[string]int, len(items))
	kept := make([]T, 0, len(items))
	for _, item := range items {
		if i, twice := place[key(item)]; twice {
			kept[i] = item
			continue
		}
		place[key(item)] = len(kept)
		kept = append(kept, item)
	}
	return kept
}

// orEmpty makes nil an empty list, which JSON and PostgreSQL tell apart.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// orNil makes a zero time nil, which JSON writes as null.
func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// keysOf lists a map's keys.
func keysOf[V any](m map[string]V) []string { return slices.Collect(maps.Keys(m)) }

// null stores a zero time as NULL.
func null(t time.Time) sql.NullTime { return sql.NullTime{Time: t.UTC(), Valid: !t.IsZero()} }

// utc reads NULL as the zero time.
func utc(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}

// oneRow says NotFound when a statement that must touch a row touched none.
func oneRow(result sql.Result, err error, doing string) error {
	if err != nil {
		return classify(err, doing)
	}
	rows, err := result.RowsAffected()
	if err == nil && rows == 0 {
		return fault.New(fault.NotFound, "%s: not found", doing)
	}
	return classify(err, doing)
}
