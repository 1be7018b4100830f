package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// imported ends an import of orders of instance "demo", of everything.
func (h *harness) imported() (operation string) {
	h.t.Helper()
	id, lease := h.importing("api", "")
	require.NoError(h.t, h.db.CompleteScan(h.t.Context(), lease, db.ScanEnd{Began: noon, Until: noon, Whole: true}))
	require.NoError(h.t, h.db.SetOperationState(h.t.Context(), id, db.OperationDone, "", ""))
	return id
}

// importing begins an import of orders of instance "demo".
func (h *harness) importing(trigger, by string) (operation string, lease db.Lease) {
	h.t.Helper()
	op, _, err := h.db.CreateOperation(h.t.Context(), db.Operation{
		Kind: "import", Direction: "import", Instances: []string{"demo"}, Entities: []string{"order"},
		Filter: json.RawMessage(`{"kind":"all"}`), Trigger: trigger, RequestedBy: by,
	})
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.SetOperationState(h.t.Context(), op.ID, db.OperationRunning, "", ""))
	lease, err = h.db.ClaimProgress(h.t.Context(), db.Attempt{Operation: op.ID, Instance: "demo", Entity: "order", Started: noon})
	require.NoError(h.t, err)
	return op.ID, lease
}

func (h *harness) shown() gen.Instance {
	h.t.Helper()
	return decode[gen.Instance](h.call("GET", "/instances/demo", nil).is(http.StatusOK))
}

func (h *harness) scheduled() gen.Schedule {
	h.t.Helper()
	return decode[gen.Schedule](h.call("POST", "/schedules", map[string]any{
		"instance": "demo", "kind": "order_import", "every_seconds": 300,
	}).is(http.StatusCreated))
}

func TestAnInstanceShowsItsImportsAndSchedules(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.plans.next = noon.Add(time.Hour)
	h.imported()
	h.scheduled()
	shown := h.shown()
	require.Empty(t, shown.Problem)
	require.Equal(t, noon.Add(time.Hour), shown.Schedules[0].NextRunAt)
	for _, i := range shown.Imports {
		require.Equal(t, i.Entity == "order", !i.LastImportAt.IsZero(), i.Entity)
		require.Equal(t, i.Entity == "order", i.SeenUntil.Equal(noon), i.Entity)
	}

	h.plans.err = fault.New(fault.Unavailable, "Temporal is away")
	require.Zero(t, h.shown().Schedules[0].NextRunAt, "the rest is shown without Temporal")
}

func TestResetWatermarks(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.imported()
	require.Equal(t, []string{"order"}, decode[gen.ResetWatermarks](h.call("DELETE", "/instances/demo/watermarks?entity=order", nil).is(http.StatusOK)).Entities)
	require.Equal(t, []string{}, decode[gen.ResetWatermarks](h.call("DELETE", "/instances/demo/watermarks", nil).is(http.StatusOK)).Entities)
	h.call("DELETE", "/instances/demo/watermarks?entity=ordr", nil).fields(http.StatusUnprocessableEntity, "entity")
	h.call("DELETE", "/instances/none/watermarks", nil).problem(http.StatusNotFound)
}

// A scheduled import that somebody paused holds up its schedule until it is resumed.
func TestAForgottenPauseShows(t *testing.T) {
	h := newHarness(t)
	h.active()
	schedule := h.scheduled()
	id, _ := h.importing("schedule", schedule.ID)
	require.Equal(t, gen.ScheduleStateActive, h.shown().Schedules[0].State)
	require.NoError(t, h.db.SetOperationState(t.Context(), id, db.OperationPaused, "", ""))

	paused := decode[gen.Operation](h.call("GET", "/operations/"+id, nil).is(http.StatusOK))
	require.WithinDuration(t, time.Now(), paused.PausedAt, time.Minute)
	shown := h.shown()
	for _, text := range []string{shown.Problem, shown.Schedules[0].Reason, h.listed().Reason} {
		require.Contains(t, text, "its runs are skipped while the import "+id+" is paused since "+paused.PausedAt.Format(time.DateTime))
		require.Contains(t, text, "tandem operations resume "+id)
	}
	require.Equal(t, gen.ScheduleStatePaused, h.listed().State)

	require.NoError(t, h.db.SetOperationState(t.Context(), id, db.OperationRunning, "", ""))
	require.Empty(t, h.shown().Problem)
	require.Equal(t, gen.ScheduleStateActive, h.listed().State)
}

// listed is the only schedule, as it stands in the list.
func (h *harness) listed() gen.Schedule {
	h.t.Helper()
	return decode[gen.ScheduleList](h.call("GET", "/schedules", nil).is(http.StatusOK)).Items[0]
}

func TestTheProblemOfAnInstanceIsTheWorstOne(t *testing.T) {
	h := newHarness(t)
	h.active()
	id, lease := h.importing("api", "")
	_, err := h.db.SetWaiting(t.Context(), lease.Attempt, db.Waiting{Kind: "unavailable", Message: "the store is away", Remedy: "Wait.", Attempt: 7, NextTryAt: noon})
	require.NoError(t, err)
	require.Contains(t, h.shown().Problem, "order waits: the store is away (attempt 7 since ")
	require.Contains(t, h.shown().Problem, "next at 12:00:00). Wait.")
	require.Equal(t, "unavailable", h.shown().ProblemCode)
	require.NoError(t, h.db.SetOperationState(t.Context(), id, db.OperationPaused, "", ""))
	require.Contains(t, h.shown().Problem, "the import "+id+" is paused since ")
	require.Equal(t, "operation_paused", h.shown().ProblemCode)
	require.NoError(t, h.db.SetOperationState(t.Context(), id, db.OperationCancelled, "", ""))
	require.Empty(t, h.shown().Problem)
	require.Empty(t, h.shown().ProblemCode)
}

// A schedule whose imports fail for good shows: nothing of it waits, and nothing is parked.
func TestAScheduleThatFailsShows(t *testing.T) {
	h := newHarness(t)
	h.active()
	schedule := h.scheduled()
	for _, want := range []string{"", "order_import fails: the store has moved"} {
		id, _ := h.importing("schedule", schedule.ID)
		require.NoError(t, h.db.SetOperationState(t.Context(), id, db.OperationFailed, "invalid", "the store has moved"))
		require.Equal(t, want, h.shown().Problem)
	}
	id, _ := h.importing("schedule", schedule.ID)
	require.NoError(t, h.db.SetOperationState(t.Context(), id, db.OperationDone, "", ""))
	require.Empty(t, h.shown().Problem)
}
