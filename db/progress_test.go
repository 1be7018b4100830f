package db

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestProgressLife(t *testing.T) {
	d := newDB(t)
	id := newOperation(t, d, "product")
	require.True(t, progressOf(t, d, id).StartedAt.IsZero())

	claim(t, d, id, "product")
	started := progressOf(t, d, id)
	require.Equal(t, OperationRunning, started.State)
	requireRecent(t, started.StartedAt)

	require.NoError(t, d.FinishProgress(t.Context(), id, "demo", "product", OperationPaused, "", ""))
	require.True(t, progressOf(t, d, id).FinishedAt.IsZero(), "a pause is no end")

	require.NoError(t, d.FinishProgress(t.Context(), id, "demo", "product", OperationFailed, "unauthorized", "the key is refused"))
	failed := progressOf(t, d, id)
	require.Equal(t, "unauthorized", failed.ErrorKind)
	require.Equal(t, "the key is refused", failed.Error)
	requireRecent(t, failed.FinishedAt)

	claim(t, d, id, "product")
	require.Equal(t, started, progressOf(t, d, id), "going on forgets the end and keeps the start")
}

func TestProgressOfUnknown(t *testing.T) {
	d := newDB(t)
	missing := uuid.NewString()
	_, err := d.ClaimProgress(t.Context(), Attempt{Operation: missing, Instance: "demo", Entity: "product", Started: time.Now()})
	requireKind(t, fault.Conflict, err)
	requireKind(t, fault.NotFound, d.FinishProgress(t.Context(), missing, "demo", "product", OperationDone, "", ""))
}

func TestALaterRoundOfFewRecordsKeepsTheTotal(t *testing.T) {
	d := newDB(t)
	id := newOperation(t, d, "tag")
	for _, step := range []struct{ announced, want int }{{0, 0}, {200, 200}, {3, 200}, {201, 201}, {0, 201}} {
		start := PageStart{Operation: id, Instance: "demo", Entity: "tag", Total: step.announced}
		beginPage(t, d, start)
		require.Equal(t, step.want, progressOf(t, d, id).Total)
	}
}

func TestCount(t *testing.T) {
	for name, tt := range map[string]struct {
		job  countedJob
		want Progress
	}{
		"first result":   {countedJob{Before: "", Now: Created}, Progress{Read: 1, Created: 1}},
		"parked first":   {countedJob{Before: "", Now: Parked}, Progress{Read: 1, Parked: 1}},
		"then solved":    {countedJob{Before: Parked, Now: Created}, Progress{Parked: -1, Created: 1}},
		"said twice":     {countedJob{Before: Updated, Now: Updated}, Progress{}},
		"after a crash":  {countedJob{Before: Created, Now: Unchanged}, Progress{Created: -1, Unchanged: 1}},
		"failed at last": {countedJob{Before: Parked, Now: Failed}, Progress{Parked: -1, Failed: 1}},
		"no result yet":  {countedJob{Before: "", Now: ""}, Progress{}},
		"taken back":     {countedJob{Before: Created, Now: ""}, Progress{Read: -1, Created: -1}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, count(Progress{}, tt.job))
		})
	}
}
