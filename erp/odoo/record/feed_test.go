package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
)

func TestCursorsOfRecordsAreReadBack(t *testing.T) {
	for _, p := range []pass{
		{}, {since: 1, begun: 2, id: 3}, {since: 1700000000, trace: "77/12"}, {begun: 5, id: 6, trace: "7-8"},
	} {
		got, err := parsePass(p.String())
		require.NoError(t, err)
		require.Equal(t, p, got)
	}
	first, err := parsePass("")
	require.NoError(t, err)
	require.Equal(t, pass{}, first)
	for _, odd := range []string{"nonsense", "1-2", "1-2-3", "1-2-x-", "01-2-3-", "1 -2-3-"} {
		_, err := parsePass(odd)
		require.Error(t, err, odd)
	}
}

func FuzzCursorOfRecords(f *testing.F) {
	f.Add("0-0-0-")
	f.Add("1700000000-1700000900-42-77/12")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePass(text)
		if err != nil || text == "" {
			return
		}
		require.Equal(t, text, p.String())
	})
}

// A pass over changes finds whatever changed since, through any of its fields.
func TestChangesAreFoundByAnyOfTheirFields(t *testing.T) {
	f := Feed{Where: []any{rpc.Where("active", "=", true)}, Changed: []string{"write_date", "child_ids.write_date"}}
	all, err := f.domain(t.Context(), pass{id: 7})
	require.NoError(t, err)
	require.Equal(t, []any{rpc.Where("id", ">", int64(7)), rpc.Where("active", "=", true)}, all)
	since := time.Date(2026, 11, 29, 20, 0, 0, 0, time.UTC)
	changed, err := f.domain(t.Context(), pass{since: since.Unix()})
	require.NoError(t, err)
	require.Equal(t, []any{rpc.Where("id", ">", int64(0)), rpc.Where("active", "=", true), "|",
		rpc.Where("write_date", ">=", "2026-11-29 20:00:00"), rpc.Where("child_ids.write_date", ">=", "2026-11-29 20:00:00")}, changed)
}
