package db

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	planA      = `{"workflow": "a", "steps": ["validate"], "paid_at": "2025-01-02T00:00:00Z"}`
	planALater = `{"workflow": "a", "steps": ["validate"], "paid_at": "2025-03-04T00:00:00Z", "invoice_date": "2025-03-04T00:00:00Z"}`
	planB      = `{"workflow": "b", "steps": ["validate", "invoice"]}`
)

// planLines are the messages of the log lines about a changed plan, oldest first.
func planLines(t testing.TB, d *DB) []string {
	t.Helper()
	lines := []string{}
	require.NoError(t, d.pool.SelectContext(t.Context(), &lines,
		`SELECT steps[1] || ': ' || message FROM tandem.logs WHERE code = 'plan_changed' ORDER BY id`))
	return lines
}

// rested lets the time pass for which runs rest before they are due again.
func rested(t testing.TB, d *DB) {
	t.Helper()
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.order_runs SET rests_until = rests_until - interval '1 minute'`)
	require.NoError(t, err)
}

func dueIDs(t testing.TB, d *DB) []string {
	t.Helper()
	due, err := d.DueOrderRuns(t.Context(), "demo", 10)
	require.NoError(t, err)
	return collect(due, func(r OrderRun) string { return r.WooID })
}

func TestAnEndedRunIsDueAgainWithAnotherPlan(t *testing.T) {
	for _, state := range []string{RunDone, RunCancelled} {
		t.Run(state, func(t *testing.T) {
			d := newDB(t)
			seedRuns(t, d, planA, "1")
			require.NoError(t, setRun(t, d, "1", state, "code", "reason"))

			for _, same := range []string{planA, planALater} {
				seedRuns(t, d, same, "1")
				require.Equal(t, state, runOf(t, d, "1").State, "the same plan has nothing left to do")
				require.JSONEq(t, planA, string(runOf(t, d, "1").Plan))
			}

			seedRuns(t, d, planB, "1")
			run := runOf(t, d, "1")
			require.Equal(t, [3]string{RunDue}, [3]string{run.State, run.Code, run.Reason})
			require.JSONEq(t, planB, string(run.Plan))
			require.Equal(t, []string{"run due: the order goes through another sale workflow now"}, planLines(t, d))
			require.Empty(t, dueIDs(t, d), "its former workflow may not be over yet")
			rested(t, d)
			require.Equal(t, []string{"1"}, dueIDs(t, d))
		})
	}
}

func TestARunUnderWayTakesUpAnotherPlanWhenItEnds(t *testing.T) {
	end := map[string]func(*testing.T, *DB){
		"last step": func(t *testing.T, d *DB) {
			stepped(t, d, OrderStepRecord{WooID: "1", Step: "validate", State: StepDone, Final: true})
		},
		"cancelled": func(t *testing.T, d *DB) {
			require.NoError(t, setRun(t, d, "1", RunCancelled, "", ""))
		},
	}
	for name, end := range end {
		for _, state := range []string{RunRunning, RunBlocked, RunPaused} {
			t.Run(name+" while "+state, func(t *testing.T) {
				d := newDB(t)
				seedRuns(t, d, planA, "1")
				require.NoError(t, setRun(t, d, "1", state, "", ""))
				for range 2 {
					seedRuns(t, d, planB, "1")
				}
				require.Equal(t, state, runOf(t, d, "1").State)
				require.JSONEq(t, planA, string(runOf(t, d, "1").Plan), "what is under way is not changed")

				end(t, d)

				require.Equal(t, RunDue, runOf(t, d, "1").State)
				require.JSONEq(t, planB, string(runOf(t, d, "1").Plan))
				require.Equal(t, []string{
					"run " + state + ": the order goes through another sale workflow when this one ends",
					"run due: the sale workflow chosen meanwhile follows",
				}, planLines(t, d))
				require.Empty(t, dueIDs(t, d))
				rested(t, d)
				require.Equal(t, []string{"1"}, dueIDs(t, d))
			})
		}
	}
}

func TestAPlanThatWasTakenBackIsForgotten(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1")
	begun(t, d, "1")
	seedRuns(t, d, planB, "1")
	seedRuns(t, d, planALater, "1")

	require.NoError(t, setRun(t, d, "1", RunDone, "", ""))

	require.Equal(t, RunDone, runOf(t, d, "1").State)
}

// A command given during the last step may be recorded when the run is due again already.
func TestARunTakesCommandsOfItsOwnPlanOnly(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1")
	former := planOf(t, d, "1")
	require.NoError(t, setRun(t, d, "1", RunDone, "", ""))
	seedRuns(t, d, planB, "1")
	rested(t, d)

	for _, stamp := range []string{former, ""} {
		require.NoError(t, d.SetOrderRunState(t.Context(), OrderStage{Instance: "demo", WooID: "1", PlanID: stamp, State: RunPaused}))
		require.Equal(t, RunDue, runOf(t, d, "1").State)
	}
	require.NoError(t, setRun(t, d, "1", RunPaused, "", ""))
	require.Equal(t, RunPaused, runOf(t, d, "1").State)
}

func TestAnOrderThatComesBackIsDueAgain(t *testing.T) {
	d := newDB(t)
	const plan = `{"workflow": "default", "steps": ["validate"]}`
	seedRuns(t, d, plan, "7", "8")
	require.NoError(t, setRun(t, d, "7", RunCancelled, "order_cancelled", "the order was cancelled"))
	require.NoError(t, setRun(t, d, "8", RunCancelled, "", ""))

	seedRuns(t, d, plan, "7", "8")

	require.Equal(t, RunDue, runOf(t, d, "7").State)
	require.Equal(t, RunCancelled, runOf(t, d, "8").State, "a person cancelled it")
}
