package db

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestFailUnfinished(t *testing.T) {
	for state, want := range map[string]string{
		OperationWaiting: OperationFailed, OperationRunning: OperationFailed, OperationPaused: OperationFailed,
		OperationDone: OperationDone, OperationCancelled: OperationCancelled,
	} {
		t.Run(state, func(t *testing.T) {
			d := newDB(t)
			id := newOperation(t, d, "tag")
			require.NoError(t, d.SetOperationState(t.Context(), id, state, "", ""))

			require.NoError(t, d.FailUnfinished(t.Context(), id, "conflict", "its workflow was terminated"))

			o, err := d.Operation(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, want, o.State)
			require.Equal(t, want, o.Progress[0].State)
			require.Equal(t, want == OperationFailed, o.Error == "its workflow was terminated")
			require.Equal(t, want == OperationFailed, o.ErrorKind == "conflict")
			requireRecent(t, o.FinishedAt)
		})
	}
}

func TestSinceWhenAnOperationIsPaused(t *testing.T) {
	d := newDB(t)
	id := newOperation(t, d, "tag")
	since := func(state string) time.Time {
		require.NoError(t, d.SetOperationState(t.Context(), id, state, "", ""))
		o, err := d.Operation(t.Context(), id)
		require.NoError(t, err)
		return o.PausedAt
	}
	require.Zero(t, since(OperationRunning))
	paused := since(OperationPaused)
	requireRecent(t, paused)
	require.Equal(t, paused, since(OperationPaused), "it was paused before")
	require.Zero(t, since(OperationRunning))
}

func TestFailUnfinishedOfUnknown(t *testing.T) {
	requireKind(t, fault.NotFound, newDB(t).FailUnfinished(t.Context(), uuid.NewString(), "", ""))
}

func TestEndingAnOperationEndsItsProgress(t *testing.T) {
	for _, state := range []string{OperationFailed, OperationCancelled} {
		t.Run(state, func(t *testing.T) {
			d := newDB(t)
			id := newOperation(t, d, "tag", "brand", "product", "order")
			claim(t, d, id, "brand")
			require.NoError(t, d.FinishProgress(t.Context(), id, "demo", "product", OperationPaused, "", ""))
			require.NoError(t, d.FinishProgress(t.Context(), id, "demo", "order", OperationDone, "", ""))

			require.NoError(t, d.SetOperationState(t.Context(), id, state, "internal", "why"))

			o, err := d.Operation(t.Context(), id)
			require.NoError(t, err)
			var states []string
			for _, p := range o.Progress {
				states = append(states, p.State)
				requireRecent(t, p.FinishedAt)
			}
			require.Equal(t, []string{state, state, state, OperationDone}, states)
		})
	}
}

func TestWhatHasEndedStaysEnded(t *testing.T) {
	for _, end := range []string{OperationDone, OperationFailed, OperationCancelled} {
		t.Run(end, func(t *testing.T) {
			d := newDB(t)
			id := newOperation(t, d, "tag")
			require.NoError(t, d.SetOperationState(t.Context(), id, end, "", ""))
			for _, goOn := range []string{OperationRunning, OperationPaused} {
				requireRefused(t, CodeEnded, d.SetOperationState(t.Context(), id, goOn, "", ""))
			}
			for _, other := range []string{OperationDone, OperationFailed, OperationCancelled} {
				require.NoError(t, d.SetOperationState(t.Context(), id, other, "internal", "late"))
			}
			o, err := d.Operation(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, end, o.State)
			require.Empty(t, o.Error)
		})
	}
}

// A workflow that goes on after the database was set back sees the end of parts that the database has lost.
func TestAnOperationIsNotDoneBeforeItsParts(t *testing.T) {
	d := newDB(t)
	id := newOperation(t, d, "tag", "brand")
	lease := claim(t, d, id, "tag")
	require.NoError(t, d.CompleteScan(t.Context(), lease, ScanEnd{}))
	requireRefused(t, CodeUnfinished, d.FinishOperation(t.Context(), id))
	o, err := d.Operation(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, OperationWaiting, o.State)

	require.NoError(t, d.CompleteScan(t.Context(), claim(t, d, id, "brand"), ScanEnd{}))
	for range 2 {
		require.NoError(t, d.FinishOperation(t.Context(), id))
		o, err = d.Operation(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, OperationDone, o.State)
	}
}
