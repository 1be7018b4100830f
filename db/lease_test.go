package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

// claim claims an entity of an operation of instance "demo" for an attempt that begins now.
func claim(t testing.TB, d *DB, operation, entity string) Lease {
	t.Helper()
	lease, err := d.ClaimProgress(t.Context(), Attempt{Operation: operation, Instance: "demo", Entity: entity, Started: time.Now()})
	require.NoError(t, err)
	return lease
}

func TestALeaseTellsHowManyPagesLanded(t *testing.T) {
	d := newDB(t)
	lease := claim(t, d, newOperation(t, d, "tag"), "tag")
	require.Zero(t, lease.Pages)
	for n := range int64(2) {
		started, err := d.StartPage(t.Context(), copyOf(lease, "raw", time.Time{}, time.Time{}))
		require.NoError(t, err)
		require.NoError(t, d.FinishPage(t.Context(), result(lease, started)))
		lease = claim(t, d, lease.Operation, "tag")
		require.Equal(t, n+1, lease.Pages)
	}
}

// copyOf is a page of one record, read at some moment.
func copyOf(lease Lease, raw string, modified, read time.Time) PageStart {
	return PageStart{
		Operation: lease.Operation, Instance: lease.Instance, Entity: lease.Entity, Epoch: lease.Epoch, ReadAt: read,
		Records: []flow.Record{{ID: "1", Raw: []byte(raw), Modified: modified}}, Total: 1,
	}
}

// result is what became of the record of copyOf.
func result(lease Lease, started PageStarted) PageResult {
	return PageResult{
		Operation: lease.Operation, Instance: lease.Instance, Entity: lease.Entity, Epoch: lease.Epoch, Started: started,
		Results: []flow.Result{{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Updated, ID: "11", After: "digest"}}},
	}
}

func requireRefused(t *testing.T, code string, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, code, fault.From(err).Code, err.Error())
}

func TestASupersededAttemptWritesNothing(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tax")
	late := claim(t, d, op, "tax")
	started := beginPage(t, d, copyOf(late, "old", time.Time{}, time.Time{}))

	now := claim(t, d, op, "tax")
	requireRefused(t, CodeSuperseded, d.FinishPage(t.Context(), result(late, started)))
	requireRefused(t, CodeSuperseded, d.CheckLease(t.Context(), late))
	_, err := d.StartPage(t.Context(), copyOf(late, "older", time.Time{}, time.Time{}))
	requireRefused(t, CodeSuperseded, err)
	require.True(t, fault.Retryable(err), "another attempt of the same step may go on")
	require.Equal(t, "old", rawOf(t, d, "1"))
	require.Zero(t, progressOf(t, d, op).Read)

	require.NoError(t, d.CheckLease(t.Context(), now))
	require.NoError(t, d.FinishPage(t.Context(), result(now, beginPage(t, d, copyOf(now, "new", time.Time{}, time.Time{})))))
}

func TestAnEarlierAttemptNeverTakesOver(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tax")
	early := time.Now().Add(-time.Minute)
	now := claim(t, d, op, "tax")
	_, err := d.ClaimProgress(t.Context(), Attempt{Operation: op, Instance: "demo", Entity: "tax", Started: early})
	requireRefused(t, CodeSuperseded, err)
	require.NoError(t, d.CheckLease(t.Context(), now))
}

func TestAnEndedOperationTakesNoPages(t *testing.T) {
	for _, state := range []string{OperationDone, OperationFailed, OperationCancelled} {
		t.Run(state, func(t *testing.T) {
			d := newDB(t)
			op := newOperation(t, d, "tax")
			lease := claim(t, d, op, "tax")
			started := beginPage(t, d, copyOf(lease, "old", time.Time{}, time.Time{}))
			require.NoError(t, d.SetOperationState(t.Context(), op, state, "", ""))

			requireRefused(t, CodeEnded, d.FinishPage(t.Context(), result(lease, started)))
			_, err := d.StartPage(t.Context(), copyOf(lease, "late", time.Time{}, time.Time{}))
			requireRefused(t, CodeEnded, err)
			_, err = d.ClaimProgress(t.Context(), Attempt{Operation: op, Instance: "demo", Entity: "tax", Started: time.Now()})
			requireRefused(t, CodeEnded, err)
			require.Equal(t, "old", rawOf(t, d, "1"))
		})
	}
}

// Two operations read the same record; whichever starts its page last, the copy that was read last stays.
func TestTheNewerCopyStays(t *testing.T) {
	day := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, tt := range map[string]struct {
		keptModified, modified time.Time
		read                   time.Duration // later than the kept copy
		byID, older            bool
	}{
		"without dates, read before":                   {read: -time.Second, older: true},
		"without dates, read after":                    {read: time.Second},
		"of the same date, read before":                {keptModified: day, modified: day, read: -time.Second, older: true},
		"of the same date, read after":                 {keptModified: day, modified: day, read: time.Second},
		"of an earlier date, read before":              {keptModified: day, modified: day.Add(-time.Hour), read: -time.Second, older: true},
		"of an earlier date, from a list":              {keptModified: day, modified: day.Add(-time.Hour), read: time.Second, older: true},
		"of an earlier date, asked for by id":          {keptModified: day, modified: day.Add(-time.Hour), read: time.Second, byID: true},
		"of an earlier date, by id, but read before":   {keptModified: day, modified: day.Add(-time.Hour), read: -time.Second, byID: true, older: true},
		"of a later date, from an answer sent earlier": {keptModified: day, modified: day.Add(time.Hour), read: -time.Second},
		"with a date for the first time, read before":  {modified: day, read: -time.Second, older: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDB(t)
			first, second := claim(t, d, newOperation(t, d, "order"), "order"), claim(t, d, newOperation(t, d, "order"), "order")
			read := first.At.Add(-time.Minute)
			beginPage(t, d, copyOf(first, "kept", tt.keptModified, read))
			page := copyOf(second, "other", tt.modified, read.Add(tt.read))
			page.ByID = tt.byID
			started := beginPage(t, d, page)
			if tt.older {
				require.Equal(t, []string{"1"}, started.Older)
				require.Equal(t, "kept", rawOf(t, d, "1"))
			} else {
				require.Empty(t, started.Older)
				require.Equal(t, "other", rawOf(t, d, "1"))
			}
		})
	}
}

// A clock that ran ahead must not keep newer copies out for ever.
func TestATimeOfReadingInTheFutureCountsForNothing(t *testing.T) {
	d := newDB(t)
	lease := claim(t, d, newOperation(t, d, "tax"), "tax")
	beginPage(t, d, copyOf(lease, "kept", time.Time{}, lease.At.Add(2*time.Hour)))
	require.Empty(t, beginPage(t, d, copyOf(lease, "new", time.Time{}, lease.At)).Older)
	require.Equal(t, "new", rawOf(t, d, "1"))
}

// The record left the state that the late reader saw, and came back to the one that is kept.
func TestACopyThatWasLeftAgainIsOlder(t *testing.T) {
	d := newDB(t)
	late, other := claim(t, d, newOperation(t, d, "tax"), "tax"), claim(t, d, newOperation(t, d, "tax"), "tax")
	begin := late.At.Add(-time.Minute)
	beginPage(t, d, copyOf(other, "five", time.Time{}, begin))
	beginPage(t, d, copyOf(other, "five", time.Time{}, begin.Add(20*time.Second)))
	require.Equal(t, []string{"1"}, beginPage(t, d, copyOf(late, "four", time.Time{}, begin.Add(10*time.Second))).Older)
}

func TestARecordToBeReadAgainWaitsForIt(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	lease := claim(t, d, op, "order")
	page := result(lease, beginPage(t, d, copyOf(lease, "old", time.Time{}, time.Time{})))
	page.Results, page.Started.Older = nil, []string{"1"}
	require.NoError(t, d.FinishPage(t.Context(), page))

	require.Equal(t, JobWaiting, jobOf(t, d, op, "1").State)
	require.Zero(t, progressOf(t, d, op).Read, "it counts when it has its result")
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.logs`))
	taken, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: op, Instance: "demo", Entities: []string{"order"}})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"order": {"1"}}, taken)
}

// One page is under way when another operation reads and lands a newer copy: nobody knows which was written last.
func TestWhatWasReadMeanwhileIsLandedAgain(t *testing.T) {
	d := newDB(t)
	slow, quick := claim(t, d, newOperation(t, d, "tax"), "tax"), claim(t, d, newOperation(t, d, "tax"), "tax")
	old := beginPage(t, d, copyOf(slow, "old", time.Time{}, slow.At))
	require.NoError(t, d.FinishPage(t.Context(), result(quick, beginPage(t, d, copyOf(quick, "new", time.Time{}, quick.At.Add(time.Second))))))
	require.Equal(t, JobDone, jobOf(t, d, quick.Operation, "1").State)

	require.NoError(t, d.FinishPage(t.Context(), result(slow, old)))
	job := jobOf(t, d, slow.Operation, "1")
	require.Equal(t, JobWaiting, job.State)
	require.Equal(t, Updated, job.Outcome)
	require.Equal(t, 1, progressOf(t, d, slow.Operation).Read)
}

// The first attempt writes to the ERP after the second has landed the record and the operation has ended: the record must be
// landed once more, even when others are under way with it.
func TestALateLandingIsMadeGood(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tax")
	late := claim(t, d, op, "tax")
	old := beginPage(t, d, copyOf(late, "old", time.Time{}, late.At))
	now := claim(t, d, op, "tax")
	require.NoError(t, d.FinishPage(t.Context(), result(now, beginPage(t, d, copyOf(now, "new", time.Time{}, now.At)))))
	require.NoError(t, d.SetOperationState(t.Context(), op, OperationDone, "", ""))
	underWay := claim(t, d, newOperation(t, d, "tax"), "tax")
	same := beginPage(t, d, copyOf(underWay, "new", time.Time{}, underWay.At))

	requireRefused(t, CodeSuperseded, d.FinishPage(t.Context(), result(late, old)))
	require.Equal(t, JobWaiting, jobOf(t, d, op, "1").State)
	require.NoError(t, d.FinishPage(t.Context(), result(underWay, same)))
	require.Equal(t, JobWaiting, jobOf(t, d, underWay.Operation, "1").State, "it was landed before the late one perhaps")

	again := claim(t, d, newOperation(t, d, "tax"), "tax")
	page := copyOf(again, "new", time.Time{}, again.At)
	page.ByID = true
	require.NoError(t, d.FinishPage(t.Context(), result(again, beginPage(t, d, page))))
	require.Equal(t, JobDone, jobOf(t, d, again.Operation, "1").State)
}

func TestALateLandingOfTheSameCopyDoesNoHarm(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tax")
	late := claim(t, d, op, "tax")
	same := beginPage(t, d, copyOf(late, "same", time.Time{}, late.At))
	now := claim(t, d, op, "tax")
	require.NoError(t, d.FinishPage(t.Context(), result(now, beginPage(t, d, copyOf(now, "same", time.Time{}, now.At)))))
	requireRefused(t, CodeSuperseded, d.FinishPage(t.Context(), result(late, same)))
	require.Equal(t, JobDone, jobOf(t, d, op, "1").State)
}
