package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// logFixture writes logs of two days: record 1 succeeded yesterday, 2 failed today, and 3, of another entity, parked today.
func logFixture(t *testing.T) (d *DB, operation string, today time.Time) {
	t.Helper()
	d = newDB(t)
	operation = newOperation(t, d, "tag")
	landPage(t, d, operation, "tag", Created, "1")
	landPage(t, d, newOperation(t, d, "tag"), "tag", Failed, "2")
	landPage(t, d, newOperation(t, d, "brand"), "brand", Parked, "3")
	today = time.Date(2025, 6, 15, 0, 0, 0, 0, time.UTC)
	_, err := d.pool.ExecContext(t.Context(), `
		UPDATE tandem.logs SET at = $1::timestamptz + CASE woo_id WHEN '1' THEN interval '-1 hour' ELSE interval '1 hour' END`, today)
	require.NoError(t, err)
	return d, operation, today
}

func TestLogsFilterAndPage(t *testing.T) {
	d, operation, today := logFixture(t)
	for name, tt := range map[string]struct {
		filter LogFilter
		want   []string
	}{
		"all":       {LogFilter{}, []string{"3", "2", "1"}},
		"instance":  {LogFilter{Instance: "demo"}, []string{"3", "2", "1"}},
		"entity":    {LogFilter{Instance: "demo", Entity: "tag"}, []string{"2", "1"}},
		"status":    {LogFilter{Status: Failed}, []string{"2"}},
		"record":    {LogFilter{Instance: "demo", WooID: "3"}, []string{"3"}},
		"operation": {LogFilter{Operation: operation}, []string{"1"}},
		"from":      {LogFilter{From: today.Add(time.Hour)}, []string{"3", "2"}},
		"to":        {LogFilter{To: today.Add(time.Hour)}, []string{"1"}},
		"nothing":   {LogFilter{Instance: "other"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := everyPage(t, 1, func(p Page) ([]Log, string, error) { return d.Logs(t.Context(), tt.filter, p) },
				func(l Log) string { return l.WooID })
			require.Equal(t, tt.want, got)
		})
	}
}

func TestLogsClassifyProblems(t *testing.T) {
	d, _, _ := logFixture(t)
	kinds := map[string]string{}
	logs, _, err := d.Logs(t.Context(), LogFilter{}, Page{})
	require.NoError(t, err)
	for _, log := range logs {
		kinds[log.Status] = log.ErrorKind
	}
	require.Equal(t, map[string]string{Created: "", Failed: "invalid", Parked: "parked"}, kinds)
}
