package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// A schedule that does not run says so, and why.
func TestSchedulesSayWhyTheyStandStill(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	at := h.call("POST", "/schedules", map[string]any{"instance": "demo", "kind": "catalogue_import", "every_seconds": 3600}).
		is(http.StatusCreated).location()
	read := func() gen.Schedule { return decode[gen.Schedule](h.call("GET", at, nil).is(http.StatusOK)) }
	require.Equal(t, gen.ScheduleStatePaused, read().State)
	require.Equal(t, "the instance is draft: connect and activate it", read().Reason)
	require.Equal(t, "instance_inactive", read().Code)
	h.call("POST", at+"/run", nil).problem(http.StatusConflict)

	h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK)
	require.Equal(t, "the instance is connected: activate it", read().Reason)
	h.call("PATCH", "/instances/demo", map[string]any{"config": complete()}).is(http.StatusOK)
	h.call("POST", "/instances/demo/activate", nil).is(http.StatusOK)
	require.Equal(t, gen.ScheduleStateActive, read().State)
	require.Empty(t, read().Reason)
	require.Empty(t, read().Code)

	h.call("POST", at+"/pause", nil).is(http.StatusOK)
	require.Equal(t, "paused by a person: resume it", read().Reason)
	require.Equal(t, "schedule_paused", read().Code)
	h.call("POST", "/instances/demo/deactivate", nil).is(http.StatusOK)
	listed := decode[gen.ScheduleList](h.call("GET", "/schedules", nil).is(http.StatusOK)).Items
	require.Equal(t, gen.ScheduleStatePaused, listed[0].State)
	again := map[string]any{"instance": "demo", "kind": "catalogue_import", "every_seconds": 60}
	require.Contains(t, h.call("POST", "/schedules", again).problem(http.StatusConflict).Detail, `"demo" has a schedule catalogue_import already`)
}

// A schedule of exports exports what is switched on, and is refused while nothing is.
func TestASchedulesExportsAreThoseThatAreOn(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK)
	schedule := map[string]any{"instance": "demo", "kind": "catalogue_export", "every_seconds": 300}
	h.call("POST", "/schedules", schedule).fields(http.StatusConflict, "config.export.terms")
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"export": map[string]bool{"terms": true}}}).is(http.StatusOK)
	h.call("POST", "/schedules", schedule).is(http.StatusCreated)
}
