package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

func TestADraftIsRemovedFreely(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	h.call("DELETE", "/instances/demo", nil).is(http.StatusNoContent)
	h.call("GET", "/instances/demo", nil).problem(http.StatusNotFound)
	h.call("DELETE", "/instances/demo", nil).problem(http.StatusNotFound)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
}

func TestAUsedInstanceIsRemovedOnceConfirmed(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.call("POST", "/schedules", map[string]any{"instance": "demo", "kind": "order_import", "every_seconds": 60}).is(http.StatusCreated)
	h.landedOrder("7")
	h.exec(`UPDATE tandem.order_runs SET state = 'blocked'`)

	require.Contains(t, h.call("DELETE", "/instances/demo?confirm=demo", nil).problem(http.StatusConflict).Detail, "deactivate")
	h.call("POST", "/instances/demo/deactivate", nil).is(http.StatusOK)
	require.Contains(t, h.call("DELETE", "/instances/demo?confirm=demo", nil).problem(http.StatusConflict).Detail, "under way")
	h.exec(`UPDATE tandem.operations SET state = 'done', finished_at = now()`)
	notice := h.call("DELETE", "/instances/demo", nil).problem(http.StatusConflict).Detail
	require.Contains(t, notice, "1 links")
	require.Contains(t, notice, "ERP stays")
	h.call("DELETE", "/instances/demo?confirm=other", nil).problem(http.StatusConflict)

	h.call("DELETE", "/instances/demo?confirm=demo", nil).is(http.StatusNoContent)
	require.Contains(t, h.runs.calls, "cancel demo/7", "no workflow goes on without its rows")
	require.Len(t, h.plans.deleted, 1)
	for _, table := range []string{"instances", "raw_records", "queue_jobs", "links", "order_runs", "schedules", "positions"} {
		require.Equal(t, "0", h.read(`SELECT count(*)::text FROM tandem.`+table), table)
	}
	require.Equal(t, "1", h.read(`SELECT count(*)::text FROM tandem.operations`), "what was done stays to be seen")
}

func TestUnlink(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("product"), "product", flow.Result{Record: flow.Record{ID: "5"}, Outcome: flow.Outcome{Status: flow.Created, ID: "9", After: "d", Key: keys("demo/product/5")[0]}})
	h.landedOrder("7")
	h.call("DELETE", "/links/demo/product/5", nil).is(http.StatusNoContent)
	require.Equal(t, []string{"demo/product/5"}, h.erp.released)
	h.call("GET", "/links/demo/product/5", nil).problem(http.StatusNotFound)
	h.call("DELETE", "/links/demo/product/5", nil).problem(http.StatusNotFound)
	require.Contains(t, h.call("DELETE", "/links/demo/order/7", nil).problem(http.StatusConflict).Detail, "second time")
}
