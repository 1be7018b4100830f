package db

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What was skipped of an order is not asked for again when the order is imported again, whatever sale workflow it then gets.
func TestSkippedStepsStaySkippedWhenTheOrderComesAgain(t *testing.T) {
	const (
		all     = `{"workflow": "a", "steps": ["validate", "invoice", "ship"]}`
		left    = `{"workflow": "a", "steps": ["validate", "invoice"], "skipped": ["ship"]}`
		another = `{"workflow": "b", "steps": ["validate", "invoice", "pay", "ship"]}`
	)
	for _, state := range []string{RunDone, RunBlocked} {
		t.Run(state, func(t *testing.T) {
			d := newDB(t)
			seedRuns(t, d, all, "1")
			run := runOf(t, d, "1")
			require.NoError(t, d.NoteOrderSkips(t.Context(), run, []string{"ship"}, "Collected", "Ada"))
			require.NoError(t, d.SetOrderRunState(t.Context(), OrderStage{Instance: "demo", WooID: "1", PlanID: run.PlanID, State: RunRunning, Plan: []byte(left)}))
			require.NoError(t, setRun(t, d, "1", state, "", ""))

			seedRuns(t, d, all, "1")
			require.Equal(t, state, runOf(t, d, "1").State, "nothing new is asked for")
			require.JSONEq(t, left, string(runOf(t, d, "1").Plan))

			seedRuns(t, d, another, "1")
			run = runOf(t, d, "1")
			next := run.Plan
			if state == RunBlocked {
				next = run.NextPlan
			}
			require.JSONEq(t, `{"workflow": "b", "steps": ["validate", "invoice", "pay"], "skipped": ["ship"]}`, string(next))
			seedRuns(t, d, another, "1")
			require.Equal(t, run.PlanID, runOf(t, d, "1").PlanID, "the same again changes nothing")

			skips, err := d.OrderSkips(t.Context(), "demo", "1")
			require.NoError(t, err)
			require.Len(t, skips, 1)
			require.Equal(t, []string{"ship", "Collected", "Ada"}, []string{skips[0].Step, skips[0].Reason, skips[0].SkippedBy})
		})
	}
}
