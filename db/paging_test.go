package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// everyPage walks through a list, size rows at a time, and names what it found.
func everyPage[T any](t *testing.T, size int, list func(Page) ([]T, string, error), name func(T) string) []string {
	t.Helper()
	var names []string
	page := Page{Limit: size}
	for {
		rows, next, err := list(page)
		require.NoError(t, err)
		require.LessOrEqual(t, len(rows), size)
		for _, row := range rows {
			names = append(names, name(row))
		}
		if page.After = next; next == "" {
			return names
		}
	}
}

func TestPageSize(t *testing.T) {
	for limit, size := range map[int]int{-1: 50, 0: 50, 1: 1, 500: 500, 501: 500} {
		require.Equal(t, size, Page{Limit: limit}.size(), limit)
	}
}

// FuzzCursors: a cursor is refused, or is one that PostgreSQL understands.
func FuzzCursors(f *testing.F) {
	for _, key := range []string{"7", "-1", timeCursor(time.Unix(0, 0), "01a22360-4dc8-7b5c-913f-1b56fc690186"), "0000-01-01T00:00:00Z urn:uuid:01a22360-4dc8-7b5c-913f-1b56fc690186"} {
		f.Add(key, true)
	}
	f.Add("§", false)
	f.Fuzz(func(t *testing.T, key string, encode bool) {
		page := Page{After: key}
		if encode {
			page.After = encodeCursor(key)
		}
		if _, err := page.before(); err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		}
		at, id, err := page.beforeTime()
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		if at == "infinity" {
			return
		}
		require.Regexp(t, `^(000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{3})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`, at)
		require.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, id)
	})
}

func TestBadCursorsAreRefused(t *testing.T) {
	d := newDB(t)
	for name, cursor := range map[string]string{
		"not base64": "§",
		"not an id":  encodeCursor("x' OR '1'='1"),
		"too large":  encodeCursor("9223372036854775808"),
	} {
		t.Run(name, func(t *testing.T) {
			page := Page{After: cursor}
			_, _, jobs := d.Jobs(t.Context(), JobFilter{}, page)
			_, _, logs := d.Logs(t.Context(), LogFilter{}, page)
			_, _, links := d.Links(t.Context(), LinkFilter{}, page)
			_, _, runs := d.OrderRuns(t.Context(), OrderRunFilter{}, page)
			_, _, operations := d.Operations(t.Context(), OperationFilter{}, page)
			for _, err := range []error{jobs, logs, links, runs, operations} {
				requireKind(t, fault.Invalid, err)
				require.Equal(t, "after", fault.From(err).Field)
			}
		})
	}
}

func TestTimeCursorSurvivesTheTrip(t *testing.T) {
	at := time.Date(2024, 2, 29, 23, 59, 59, 123456000, time.FixedZone("", 3600))
	id := newID()

	gotAt, gotID, err := Page{After: encodeCursor(timeCursor(at, id))}.beforeTime()

	require.NoError(t, err)
	require.Equal(t, "2024-02-29T22:59:59.123456Z", gotAt)
	require.Equal(t, id, gotID)
}

func TestCut(t *testing.T) {
	name := func(s string) string { return s }

	rows, next := cut([]string{"c", "b", "a"}, 2, name)
	require.Equal(t, []string{"c", "b"}, rows)
	require.Equal(t, encodeCursor("b"), next)

	rows, next = cut([]string{"c", "b"}, 2, name)
	require.Len(t, rows, 2)
	require.Empty(t, next, "nothing follows")
}

func TestLatestKeepsTheLastOfEachKeyInOrder(t *testing.T) {
	got := latest([]string{"a1", "b1", "a2", "c1", "b2"}, func(s string) string { return s[:1] })

	require.Equal(t, []string{"a2", "b2", "c1"}, got)
}
