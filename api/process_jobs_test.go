package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
)

func parkedOrder(id, code string) flow.Result {
	return flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{Status: flow.Parked, Code: code, Reason: "why"}}
}

func (h *harness) process(body map[string]any) gen.ProcessedJobs {
	h.t.Helper()
	return decode[gen.ProcessedJobs](h.call("POST", "/jobs/process", body).is(http.StatusAccepted))
}

func (h *harness) jobStates() string {
	h.t.Helper()
	return h.read(`SELECT string_agg(woo_id || ' ' || state, ', ' ORDER BY id) FROM tandem.queue_jobs`)
}

func TestProcessAllThatAFilterPicks(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", parkedOrder("1", "unknown_currency"), parkedOrder("2", "totals_differ"), parkedOrder("3", "unknown_currency"))
	list := decode[gen.JobPage](h.call("GET", "/jobs?code=unknown_currency", nil).is(http.StatusOK))
	require.Len(t, list.Items, 2)

	wanted := map[string]any{"instance": "demo", "code": "unknown_currency", "dry_run": true}
	require.Equal(t, gen.ProcessedJobs{Count: 2}, h.process(wanted))
	require.Equal(t, "1 parked, 2 parked, 3 parked", h.jobStates(), "counting does nothing")

	delete(wanted, "dry_run")
	done := h.process(wanted)
	require.Equal(t, 2, done.Count)
	require.Equal(t, "1 waiting, 2 parked, 3 waiting", h.jobStates())
	op := decode[gen.Operation](h.call("GET", "/operations/"+done.Operation, nil).is(http.StatusOK))
	require.Equal(t, gen.TriggerProcess, op.Trigger)
	require.Equal(t, []string{"order"}, op.Entities)
	require.Contains(t, h.runs.calls, "start "+op.ID)

	require.Equal(t, gen.ProcessedJobs{}, h.process(map[string]any{"instance": "demo", "states": []string{"failed"}}))
}

func TestProcessRefuses(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.call("POST", "/jobs/process", map[string]any{"instance": "none"}).fields(http.StatusUnprocessableEntity, "instance")
	h.call("POST", "/jobs/process", map[string]any{"instance": "demo", "entity": "invoices"}).fields(http.StatusUnprocessableEntity, "entity")
	h.call("POST", "/jobs/process", map[string]any{"instance": "demo", "states": []string{"done"}}).fields(http.StatusUnprocessableEntity, "states[0]")
	h.call("POST", "/jobs/process", map[string]any{"instance": "demo", "entity": "order"}).problem(http.StatusConflict)
}

// What a change of the configuration solves continues automatically, and nothing else.
func TestAChangeOfConfigurationWakes(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", parkedOrder("1", "unknown_currency"), parkedOrder("2", "totals_differ"))
	change := map[string]any{"general": map[string]any{"multi_currency": true, "currencies": []string{"USD"}}}
	changed := decode[gen.Instance](h.call("PATCH", "/instances/demo", map[string]any{"config": change}).is(http.StatusOK))
	require.Equal(t, 1, changed.Woken)
	require.NotEmpty(t, changed.Operation)
	require.Equal(t, "1 waiting, 2 parked", h.jobStates())
	renamed := decode[gen.Instance](h.call("PATCH", "/instances/demo", map[string]any{"name": "Other"}).is(http.StatusOK))
	require.Zero(t, renamed.Woken)
}

func TestListsRefuseWhatDoesNotExist(t *testing.T) {
	h := newHarness(t)
	for path, field := range map[string]string{
		"/jobs?instance=none": "instance", "/jobs?entity=invoices": "entity", "/logs?status=odd": "status", "/logs?instance=none": "instance",
		"/links?instance=none": "instance", "/orders?instance=none": "instance", "/operations?instance=none": "instance",
		"/schedules?instance=none": "instance", "/jobs?foo=1": "foo", "/instances?limit=1": "limit", "/logs/chart?entity=invoices": "entity",
	} {
		h.call("GET", path, nil).fields(http.StatusUnprocessableEntity, field)
	}
}

func TestLinksAreFilteredByRecord(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landedOrder("7")
	require.Empty(t, decode[gen.LinkPage](h.call("GET", "/links?instance=demo&woo_id=8", nil).is(http.StatusOK)).Items)
	require.Len(t, decode[gen.LinkPage](h.call("GET", "/links?instance=demo&woo_id=7", nil).is(http.StatusOK)).Items, 1)
}
