package db

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"tandem/fault"
)

// late is an attempt that a worker records long after it was made.
func late(plan string, attempt int) OrderStepRecord {
	return OrderStepRecord{
		Instance: "demo", WooID: "1", Step: "validate", State: StepRetrying, Code: "unavailable", Reason: "the ERP does not answer",
		Activity: "5", Attempt: attempt, RunID: "run", PlanID: plan,
	}
}

func TestALateStepChangesNothing(t *testing.T) {
	for name, tt := range map[string]struct {
		meanwhile  func(*testing.T, *DB)
		want       string
		superseded bool
	}{
		"the next attempt finished the run": {func(t *testing.T, d *DB) {
			stepped(t, d, OrderStepRecord{WooID: "1", Step: "validate", State: StepDone, Activity: "5", Attempt: 2, RunID: "run", Final: true})
		}, RunDone, false},
		"the next attempt goes on": {func(t *testing.T, d *DB) {
			stepped(t, d, OrderStepRecord{WooID: "1", Step: "validate", State: StepBlocked, Activity: "5", Attempt: 2, RunID: "run"})
		}, RunBlocked, false},
		"the run was cancelled": {func(t *testing.T, d *DB) {
			require.NoError(t, setRun(t, d, "1", RunCancelled, "", ""))
		}, RunCancelled, true},
		"another plan is due": {func(t *testing.T, d *DB) {
			seedRuns(t, d, planB, "1")
			stepped(t, d, OrderStepRecord{WooID: "1", Step: "validate", State: StepDone, Activity: "5", Attempt: 2, RunID: "run", Final: true})
		}, RunDue, true},
		"another plan runs": {func(t *testing.T, d *DB) {
			require.NoError(t, setRun(t, d, "1", RunDone, "", ""))
			seedRuns(t, d, planB, "1")
			begun(t, d, "1")
		}, RunRunning, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDB(t)
			seedRuns(t, d, planA, "1")
			begun(t, d, "1")
			plan := planOf(t, d, "1")
			tt.meanwhile(t, d)
			before := runOf(t, d, "1")

			for _, attempt := range []OrderStepRecord{late(plan, 1), late("", 1)} {
				recorded, err := d.RecordOrderStep(t.Context(), attempt)
				require.NoError(t, err)
				if attempt.PlanID != "" {
					require.Equal(t, tt.superseded, recorded.Superseded)
				} else if before.PlanID != plan {
					continue // one from before there were stamps cannot be told from the plan that runs
				}
				after := runOf(t, d, "1")
				require.Equal(t, tt.want, after.State)
				require.Equal(t, before, after)
			}
		})
	}
}

// The last step of a plan makes the run due again with the next; when its worker dies before it answers, the step is done
// again, and recorded again.
func TestALastStepRecordedTwiceEndsNoOtherPlan(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1")
	begun(t, d, "1")
	last := OrderStepRecord{
		Instance: "demo", WooID: "1", Step: "validate", State: StepDone, Activity: "5", Attempt: 1, RunID: "run",
		PlanID: planOf(t, d, "1"), Final: true,
	}
	seedRuns(t, d, planB, "1")
	_, err := d.RecordOrderStep(t.Context(), last)
	require.NoError(t, err)

	last.Attempt = 2
	recorded, err := d.RecordOrderStep(t.Context(), last)
	require.NoError(t, err)
	require.True(t, recorded.Superseded)

	run := runOf(t, d, "1")
	require.Equal(t, RunDue, run.State)
	require.JSONEq(t, planB, string(run.Plan))
	require.NotEqual(t, last.PlanID, run.PlanID)
	rested(t, d)
	begun(t, d, "1")
	require.Equal(t, RunRunning, runOf(t, d, "1").State)
}

// MarkOrderRunsStarted of a former plan must not hide that the next one is due.
func TestOnlyThePlanThatWasStartedRuns(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1")
	former := OrderRun{WooID: "1", PlanID: planOf(t, d, "1")}
	require.NoError(t, setRun(t, d, "1", RunDone, "", ""))
	seedRuns(t, d, planB, "1")
	rested(t, d)
	require.NoError(t, d.MarkOrderRunsStarted(t.Context(), "demo", []OrderRun{former, {WooID: "missing", PlanID: former.PlanID}}))
	require.Equal(t, []string{"1"}, dueIDs(t, d))

	require.NoError(t, d.DeferOrderRuns(t.Context(), "demo", []OrderRun{{WooID: "1", PlanID: planOf(t, d, "1")}}))
	require.Empty(t, dueIDs(t, d))
}

func TestARunWithoutWorkflowIsStartedAgainOrCancelled(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1", "2")
	begun(t, d, "1", "2")
	seen := runOf(t, d, "1")

	restarted, err := d.RestartOrderRun(t.Context(), seen, json.RawMessage(planB), "workflow_lost", "no workflow moved it")
	require.NoError(t, err)
	require.True(t, restarted)
	run := runOf(t, d, "1")
	require.Equal(t, RunDue, run.State)
	require.JSONEq(t, planB, string(run.Plan))
	require.NotEqual(t, seen.PlanID, run.PlanID)
	require.Equal(t, []string{"1"}, dueIDs(t, d), "at once: nothing runs that would have to end first")
	restarted, err = d.RestartOrderRun(t.Context(), seen, nil, "workflow_lost", "")
	require.NoError(t, err)
	require.False(t, restarted, "somebody else was faster")

	seen = runOf(t, d, "2")
	cancelled, err := d.CancelOrderRun(t.Context(), seen, "terminated", "its workflow was terminated")
	require.NoError(t, err)
	require.True(t, cancelled)
	require.Equal(t, RunCancelled, runOf(t, d, "2").State)
	require.Equal(t, 2, number(t, d, `SELECT count(*) FROM tandem.logs WHERE code IN ('workflow_lost', 'terminated')`))
}

// An ERP that is away for a day is tried hundreds of times for each order.
func TestRepeatedFailuresOfAStepAreOneLogLine(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1")
	lines := func() int { return number(t, d, `SELECT count(*) FROM tandem.logs WHERE status = 'failed'`) }
	for attempt := 1; attempt <= 5; attempt++ {
		stepped(t, d, late("", attempt))
	}
	require.Equal(t, 1, lines())
	other := late("", 6)
	other.Reason = "the ERP's key has expired"
	stepped(t, d, other)
	require.Equal(t, 2, lines(), "another reason is news")
}

func TestOpenOrderRuns(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1", "2", "3", "4")
	begun(t, d, "1", "2", "3")
	require.NoError(t, setRun(t, d, "2", RunBlocked, "", ""))
	require.NoError(t, setRun(t, d, "3", RunPaused, "", ""))
	var found []string
	collectIDs := func(runs []OrderRun) error {
		for _, run := range runs {
			found = append(found, run.WooID)
		}
		return nil
	}
	require.NoError(t, d.EachOpenOrderRun(t.Context(), "demo", time.Hour, collectIDs))
	require.Empty(t, found, "they moved a moment ago")
	require.NoError(t, d.EachOpenOrderRun(t.Context(), "demo", 0, collectIDs))
	require.Equal(t, []string{"1", "2"}, found)
	stop := errors.New("stop")
	require.ErrorIs(t, d.EachOpenOrderRun(t.Context(), "demo", 0, func([]OrderRun) error { return stop }), stop)
	requireKind(t, fault.NotFound, setRun(t, d, "9", RunPaused, "", ""))
}

// Attempts of workers that do not know of each other are recorded one after the other: the step and its run stand where the
// newest attempt left them, and a pause in between stays.
func TestAttemptsAtTheSameTimeLeaveTheNewest(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1")
	begun(t, d, "1")
	plan := planOf(t, d, "1")
	const attempts = 24
	var together errgroup.Group
	for n := 1; n <= attempts; n++ {
		attempt := late(plan, n)
		attempt.Reason = fmt.Sprintf("attempt %d", n)
		together.Go(func() error {
			_, err := d.RecordOrderStep(t.Context(), attempt)
			return err
		})
	}
	together.Go(func() error {
		return d.SetOrderRunState(t.Context(), OrderStage{Instance: "demo", WooID: "1", PlanID: plan, State: RunPaused})
	})
	require.NoError(t, together.Wait())

	stepped(t, d, late(plan, attempts)) // is not new
	run := runOf(t, d, "1")
	require.Equal(t, RunPaused, run.State)
	require.Equal(t, fmt.Sprintf("attempt %d", attempts), run.Steps[0].Error)
	require.Contains(t, []string{"", run.Steps[0].Error}, run.Reason, "empty when the pause came last")
}

// A workflow that goes on after the database was set back does a late step of a run whose earlier ones are gone.
func TestAStepIsNotRecordedBeforeTheEarlierOnes(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, planA, "1")
	begun(t, d, "1")
	before := runOf(t, d, "1")
	last := OrderStepRecord{
		Instance: "demo", WooID: "1", Step: "invoice", State: StepDone, Activity: "11", Attempt: 1, RunID: "run",
		PlanID: before.PlanID, Final: true, Earlier: []string{"validate"},
	}
	for _, state := range []string{StepDone, StepRetrying, StepBlocked} {
		late := last
		late.State = state
		recorded, err := d.RecordOrderStep(t.Context(), late)
		require.NoError(t, err)
		require.Equal(t, OrderStepRecorded{Forgotten: true}, recorded)
		require.Equal(t, before, runOf(t, d, "1"))
	}
	stepped(t, d, OrderStepRecord{WooID: "1", Step: "validate", State: StepDone, Activity: "17", Attempt: 1, RunID: "run"})
	last.Activity = "23"
	stepped(t, d, last)
	require.Equal(t, RunDone, runOf(t, d, "1").State)
}
