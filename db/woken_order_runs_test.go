package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// blockedRun has an order wait for keys since a moment long enough ago that only a landing from now on counts.
func blockedRun(t *testing.T, d *DB, wooID, activity string, waits ...string) {
	t.Helper()
	stepped(t, d, OrderStepRecord{
		WooID: wooID, Step: "ship", State: StepBlocked, Code: "no_stock", Reason: "not enough stock", Waits: waits,
		Activity: activity, Attempt: 1, WorkflowID: "order/demo/" + wooID, RunID: "run",
	})
}

// landedBefore dates everything that landed so far before what recording a step may take.
func landedBefore(t *testing.T, d *DB) {
	t.Helper()
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.links SET last_synced_at = last_synced_at - interval '1 hour'`)
	require.NoError(t, err)
}

func readyRuns(t *testing.T, d *DB) []string {
	t.Helper()
	runs, err := d.ReadyOrderRuns(t.Context(), 10)
	require.NoError(t, err)
	return collect(runs, func(r OrderRun) string { return r.WooID })
}

func TestLandedProductsMakeBlockedOrdersReady(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{}`, "1", "2", "3")
	begun(t, d, "1", "2", "3")
	op := newOperation(t, d, "product")
	landPage(t, d, op, "product", Created, "10", "20")
	landedBefore(t, d)
	blockedRun(t, d, "1", "1", "demo/product/10", "demo/product/11")
	blockedRun(t, d, "2", "1", "demo/product/20")
	blockedRun(t, d, "3", "1")
	require.Empty(t, readyRuns(t, d), "what landed before the step looked was there already")

	landPage(t, d, op, "product", Unchanged, "10")
	require.Equal(t, []string{"1"}, readyRuns(t, d), "a repeated page says unchanged: the count may be new all the same")

	seen := runOf(t, d, "1")
	require.NoError(t, d.MarkOrderRunWoken(t.Context(), seen))
	require.Empty(t, readyRuns(t, d), "told once")
	require.Equal(t, RunBlocked, runOf(t, d, "1").State)

	blockedRun(t, d, "1", "2", "demo/product/10")
	require.NoError(t, d.MarkOrderRunWoken(t.Context(), seen))
	require.Equal(t, []string{"1"}, readyRuns(t, d), "it was blocked again since: what landed around then counts")
	landedBefore(t, d)
	require.Empty(t, readyRuns(t, d))

	landPage(t, d, op, "product", Updated, "20")
	require.NoError(t, d.SetOrderRunState(t.Context(), OrderStage{Instance: "demo", WooID: "2", State: RunPaused}))
	require.Empty(t, readyRuns(t, d), "a paused order waits for a person")
}

// A refund that puts goods back brings the count of its products along with the order.
func TestACountThatComesWithARefundMakesBlockedOrdersReady(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{}`, "1", "2")
	begun(t, d, "1", "2")
	landPage(t, d, newOperation(t, d, "product"), "product", Created, "10", "20")
	landedBefore(t, d)
	blockedRun(t, d, "1", "1", "demo/product/10")
	blockedRun(t, d, "2", "1", "demo/product/20")

	page := startPage(t, d, newOperation(t, d, "order"), "order", "9")
	page.Results = []flow.Result{{Record: flow.Record{ID: "9"}, Outcome: flow.Outcome{Status: flow.Updated, ID: "e9", Also: keys("demo/product/10")}}}
	require.NoError(t, d.FinishPage(t.Context(), page))
	require.Equal(t, []string{"1"}, readyRuns(t, d))
}
