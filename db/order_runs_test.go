package db

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

// seedRuns lands orders of instance "demo" that ask for a run.
func seedRuns(t testing.TB, d *DB, plan string, ids ...string) {
	t.Helper()
	page := startPage(t, d, newOperation(t, d, "order"), "order", ids...)
	for _, id := range ids {
		page.Results = append(page.Results, flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{Status: flow.Created, ID: "erp-" + id, Plan: json.RawMessage(plan)}})
	}
	require.NoError(t, d.FinishPage(t.Context(), page))
}

// planOf is what a run is stamped with; empty when the order has none.
func planOf(t testing.TB, d *DB, wooID string) string {
	t.Helper()
	run, err := d.OrderRun(t.Context(), "demo", wooID)
	if fault.Is(err, fault.NotFound) {
		return ""
	}
	require.NoError(t, err)
	return run.PlanID
}

// setRun moves a run as the workflow of its plan does.
func setRun(t testing.TB, d *DB, wooID, state, code, reason string) error {
	t.Helper()
	return d.SetOrderRunState(t.Context(), OrderStage{
		Instance: "demo", WooID: wooID, PlanID: planOf(t, d, wooID), State: state, Code: code, Reason: reason,
	})
}

// stepped records a step as the workflow of the run's plan does.
func stepped(t testing.TB, d *DB, r OrderStepRecord) {
	t.Helper()
	r.Instance, r.PlanID = "demo", planOf(t, d, r.WooID)
	recorded, err := d.RecordOrderStep(t.Context(), r)
	require.NoError(t, err)
	require.Zero(t, recorded)
}

// begun marks runs as started.
func begun(t testing.TB, d *DB, wooIDs ...string) {
	t.Helper()
	var runs []OrderRun
	for _, id := range wooIDs {
		runs = append(runs, OrderRun{WooID: id, PlanID: planOf(t, d, id)})
	}
	require.NoError(t, d.MarkOrderRunsStarted(t.Context(), "demo", runs))
}

func runOf(t testing.TB, d *DB, wooID string) OrderRun {
	t.Helper()
	run, err := d.OrderRun(t.Context(), "demo", wooID)
	require.NoError(t, err)
	return run
}

func TestLandedOrdersBecomeDueOnce(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{"steps": ["validate"]}`, "1", "2", "3")
	seedRuns(t, d, `{"steps": ["validate", "invoice"]}`, "2")

	due, err := d.DueOrderRuns(t.Context(), "demo", 2)
	require.NoError(t, err)
	require.Len(t, due, 2)
	require.Equal(t, []string{"1", "2"}, []string{due[0].WooID, due[1].WooID}, "oldest first")
	require.Equal(t, "erp-1", due[0].ERPID)
	require.JSONEq(t, `{"steps": ["validate", "invoice"]}`, string(due[1].Plan), "until it is started the newest plan counts")

	begun(t, d, "1", "2")
	seedRuns(t, d, `{"steps": []}`, "1")

	require.Equal(t, RunRunning, runOf(t, d, "1").State)
	require.JSONEq(t, `{"steps": ["validate"]}`, string(runOf(t, d, "1").Plan), "a started run keeps its plan")
	counts, err := d.OrderRunCounts(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, map[string]int{RunDue: 1, RunRunning: 2}, counts)
	due, err = d.DueOrderRuns(t.Context(), "other", 2)
	require.NoError(t, err)
	require.Empty(t, due)
}

func TestAnOrderThatDidNotLandIsNotDue(t *testing.T) {
	d := newDB(t)
	page := startPage(t, d, newOperation(t, d, "order"), "order", "1")
	page.Results = []flow.Result{{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Failed, Plan: json.RawMessage(`{}`)}}}
	require.NoError(t, d.FinishPage(t.Context(), page))

	_, err := d.OrderRun(t.Context(), "demo", "1")
	requireKind(t, fault.NotFound, err)
}

func TestRecordOrderStep(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{}`, "1")
	record := func(r OrderStepRecord) OrderRun {
		r.WooID, r.WorkflowID, r.RunID = "1", "order/demo/1", "run"
		stepped(t, d, r)
		return runOf(t, d, "1")
	}

	run := record(OrderStepRecord{Step: "validate", State: StepDone, Before: "quotation", After: "confirmed", Duration: 1500 * time.Microsecond, Attempt: 1})
	require.Equal(t, RunRunning, run.State)
	requireRecent(t, run.UpdatedAt)
	requireRecent(t, run.Steps[0].At)
	require.Equal(t, []OrderStep{{
		Name: "validate", State: StepDone, Before: "quotation", After: "confirmed", At: run.Steps[0].At, Duration: 1500 * time.Microsecond,
	}}, run.Steps)

	run = record(OrderStepRecord{Step: "invoice", State: StepRetrying, Code: "unavailable", Reason: "the ERP does not answer", Attempt: 1})
	require.Equal(t, RunRunning, run.State)
	require.Equal(t, "the ERP does not answer", run.Reason)

	run = record(OrderStepRecord{Step: "invoice", State: StepBlocked, Code: "closed_period", Reason: "the period is closed", Attempt: 2})
	require.Equal(t, RunBlocked, run.State)
	require.Equal(t, "closed_period", run.Code)
	require.Equal(t, "closed_period", run.Steps[1].Code)
	require.Equal(t, "the period is closed", run.Steps[1].Error)

	run = record(OrderStepRecord{Step: "invoice", State: StepDone, After: "invoiced", Activity: "9", Attempt: 1, Final: true})
	require.Equal(t, RunDone, run.State)
	require.Equal(t, "invoice", run.Step)
	require.Empty(t, run.Reason)
	require.Len(t, run.Steps, 2)

	logs, _, err := d.Logs(t.Context(), LogFilter{Instance: "demo", WooID: "1"}, Page{Limit: 4})
	require.NoError(t, err)
	var lines [][3]string
	for _, log := range logs {
		require.Equal(t, "order/demo/1", log.WorkflowID)
		require.Equal(t, "order", log.Entity)
		lines = append(lines, [3]string{log.Status, log.ErrorKind, log.Steps[0]})
	}
	require.Equal(t, [][3]string{
		{Updated, "", "invoice done"}, {Parked, "parked", "invoice blocked"},
		{Failed, "unavailable", "invoice retrying"}, {Updated, "", "validate done"},
	}, lines)
}

func TestRecordOrderStepIsIdempotent(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{}`, "1")
	blocked := OrderStepRecord{WooID: "1", Step: "pay", State: StepBlocked, Reason: "no journal", Attempt: 3, RunID: "run"}
	stepped(t, d, blocked)
	before, lines := runOf(t, d, "1"), number(t, d, `SELECT count(*) FROM tandem.logs`)

	stepped(t, d, blocked)

	require.Equal(t, before, runOf(t, d, "1"))
	require.Equal(t, lines, number(t, d, `SELECT count(*) FROM tandem.logs`))

	blocked.Instance, blocked.WooID = "demo", "missing"
	_, err := d.RecordOrderStep(t.Context(), blocked)
	requireKind(t, fault.NotFound, err)
}

// A step that is tried again after it was blocked is a new activity, whose first attempt may end as the last one did.
func TestStepBlockedAgain(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{}`, "1")
	blocked := OrderStepRecord{WooID: "1", Step: "ship", State: StepBlocked, Activity: "5", Attempt: 1, RunID: "run"}
	stepped(t, d, blocked)
	require.NoError(t, setRun(t, d, "1", RunRunning, "", ""))
	blocked.Activity = "11"
	stepped(t, d, blocked)
	require.Equal(t, RunBlocked, runOf(t, d, "1").State)
}

// Commands and steps may be recorded in either order when they happen at the same time.
func TestRunPausedDuringAStep(t *testing.T) {
	for name, c := range map[string]struct {
		step OrderStepRecord
		want string
	}{
		"done":    {OrderStepRecord{State: StepDone}, RunPaused},
		"blocked": {OrderStepRecord{State: StepBlocked}, RunPaused},
		"last":    {OrderStepRecord{State: StepDone, Final: true}, RunDone},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDB(t)
			seedRuns(t, d, `{}`, "1")
			c.step.WooID, c.step.Step, c.step.Attempt = "1", "ship", 1
			require.NoError(t, setRun(t, d, "1", RunPaused, "", ""))
			stepped(t, d, c.step)
			require.NoError(t, setRun(t, d, "1", RunPaused, "", ""))
			require.Equal(t, c.want, runOf(t, d, "1").State)
		})
	}
}

func TestSetOrderRunState(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{}`, "1")
	stepped(t, d, OrderStepRecord{WooID: "1", Step: "validate", State: StepDone})
	lines := number(t, d, `SELECT count(*) FROM tandem.logs`)

	for range 2 {
		require.NoError(t, setRun(t, d, "1", RunPaused, "asked", "paused by a person"))
	}

	run := runOf(t, d, "1")
	require.Equal(t, [4]string{RunPaused, "validate", "asked", "paused by a person"}, [4]string{run.State, run.Step, run.Code, run.Reason})
	require.Equal(t, lines+1, number(t, d, `SELECT count(*) FROM tandem.logs`), "the second time it is no news")
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.logs WHERE steps = '{run paused}'`))

	requireKind(t, fault.NotFound, setRun(t, d, "2", RunPaused, "", ""))
	requireKind(t, fault.Invalid, setRun(t, d, "1", "lost", "", ""))
}

func TestOrderRunsFilterAndPage(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{}`, "1", "2", "3")
	begun(t, d, "2")
	for name, tt := range map[string]struct {
		filter OrderRunFilter
		want   []string
	}{
		"all":              {OrderRunFilter{}, []string{"3", "2", "1"}},
		"instance, state":  {OrderRunFilter{Instance: "demo", State: RunDue}, []string{"3", "1"}},
		"state":            {OrderRunFilter{State: RunRunning}, []string{"2"}},
		"another instance": {OrderRunFilter{Instance: "other"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := everyPage(t, 1, func(p Page) ([]OrderRun, string, error) { return d.OrderRuns(t.Context(), tt.filter, p) },
				func(r OrderRun) string { return r.WooID })
			require.Equal(t, tt.want, got)
		})
	}
}
