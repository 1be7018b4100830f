package report_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/report"
)

// What was queued counts on the day on which that was by the clock of its instance.
func TestActivity(t *testing.T) {
	d, raw := openDB(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	zones := []report.Zone{{Instance: "berlin", Location: berlin}, {Instance: "utc", Location: time.UTC}}
	for i, job := range [][]string{
		{"berlin", "order", "done", "created", "2026-03-28T23:30:00Z"}, {"berlin", "order", "parked", "parked", "2026-03-29T21:30:00Z"},
		{"berlin", "order", "failed", "failed", "2026-03-29T22:30:00Z"}, {"berlin", "order", "done", "superseded", "2026-03-29T12:00:00Z"},
		{"utc", "order", "done", "updated", "2026-03-28T23:30:00Z"}, {"utc", "product", "waiting", "", "2026-03-29T21:30:00Z"},
		{"utc", "product", "done", "created", "2026-01-01T00:00:00Z"},
	} {
		raw.MustExec(`INSERT INTO tandem.queue_jobs (operation, instance, entity, woo_id, state, outcome, attempts, created_at)
			VALUES ('00000000-0000-0000-0000-000000000001', $1, $2, $6, $3, $4, 1, $5)`, job[0], job[1], job[2], job[3], job[4], i)
	}
	raw.MustExec(`INSERT INTO tandem.links (instance, entity, woo_id, woo_type, erp_id, state, digest) VALUES
		('utc', 'product', '1', '', '1', 'synchronised', ''), ('utc', 'product', '2', '', '2', 'unsynchronised', '')`)

	read := func(request report.ActivityRequest) report.Activity {
		activity, err := report.ReadActivity(t.Context(), d, zones, request, time.Date(2026, 3, 30, 12, 0, 0, 0, time.UTC))
		require.NoError(t, err)
		return activity
	}
	activity := read(report.ActivityRequest{By: report.Day})
	require.Len(t, activity.Periods, 30)
	require.Equal(t, []report.Queued{
		{Period: "2026-03-28", Instance: "utc", Entity: "order", Direction: "import", States: map[string]int{"done": 1}},
		{Period: "2026-03-29", Instance: "berlin", Entity: "order", Direction: "import", States: map[string]int{"done": 1, "parked": 1}},
		{Period: "2026-03-29", Instance: "utc", Entity: "product", Direction: "import", States: map[string]int{"waiting": 1}},
		{Period: "2026-03-30", Instance: "berlin", Entity: "order", Direction: "import", States: map[string]int{"failed": 1}},
	}, activity.Queued)
	require.Equal(t, []report.Standing{
		{Instance: "berlin", Entity: "order", Parked: 1, Failed: 1},
		{Instance: "utc", Entity: "product", Synchronised: 1, Unsynchronised: 1, Waiting: 1},
	}, activity.Now)
	only := read(report.ActivityRequest{By: report.Year, From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Instances: []string{"utc"}, Entities: []string{"product"}})
	require.Equal(t, []report.Queued{
		{Period: "2026", Instance: "utc", Entity: "product", Direction: "import", States: map[string]int{"done": 1, "waiting": 1}},
	}, only.Queued)
	_, err = report.ReadActivity(t.Context(), d, zones, report.ActivityRequest{By: report.Product}, time.Now())
	require.Equal(t, "by", fault.From(err).Field)
}
