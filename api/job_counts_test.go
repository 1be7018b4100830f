package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

func TestJobsAreCountedByReason(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", parkedOrder("1", "order_edited"), parkedOrder("2", "totals_differ"), parkedOrder("3", "order_edited"))
	counts := decode[gen.JobCounts](h.call("GET", "/jobs/counts?instance=demo&entity=order", nil).is(http.StatusOK))
	require.Equal(t, map[string]int{"parked": 3}, counts.States)
	require.Len(t, counts.Groups, 2)
	require.Equal(t, "order_edited", counts.Groups[0].Code)
	require.Equal(t, 2, counts.Groups[0].Count)
	require.Equal(t, "accept", counts.Groups[0].Choices[0].Name, "with what may be chosen for all of them")
	require.Empty(t, counts.Groups[1].Choices)
	h.call("GET", "/jobs/counts?instance=none", nil).fields(http.StatusUnprocessableEntity, "instance")
	h.call("GET", "/jobs/counts?entity=none", nil).fields(http.StatusUnprocessableEntity, "entity")
}
