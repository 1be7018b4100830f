package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

// orderIn lands an order whose run is in a state.
func (h *harness) orderIn(wooID, state string) {
	h.t.Helper()
	h.landedOrder(wooID)
	run, err := h.db.OrderRun(h.t.Context(), "demo", wooID)
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.SetOrderRunState(h.t.Context(), db.OrderStage{
		Instance: "demo", WooID: wooID, PlanID: run.PlanID, State: state, Code: "no_stock", Reason: "no stock",
	}))
}

func (h *harness) orderState(wooID string) string {
	h.t.Helper()
	return string(decode[gen.Order](h.call("GET", "/orders/demo/"+wooID, nil).is(http.StatusOK)).State)
}

// TestCommandsToOrdersWithoutWorkflow gives commands to runs that Temporal does not know any more.
func TestCommandsToOrdersWithoutWorkflow(t *testing.T) {
	for name, c := range map[string]struct {
		state, command string
		status         int
		want           string
	}{
		"retry a blocked one":   {db.RunBlocked, "retry", http.StatusAccepted, db.RunDue},
		"retry a running one":   {db.RunRunning, "retry", http.StatusAccepted, db.RunDue},
		"retry a cancelled one": {db.RunCancelled, "retry", http.StatusAccepted, db.RunDue},
		"retry a done one":      {db.RunDone, "retry", http.StatusConflict, db.RunDone},
		"resume a paused one":   {db.RunPaused, "resume", http.StatusAccepted, db.RunDue},
		"resume a blocked one":  {db.RunBlocked, "resume", http.StatusConflict, db.RunBlocked},
		"cancel a blocked one":  {db.RunBlocked, "cancel", http.StatusAccepted, db.RunCancelled},
		"cancel a running one":  {db.RunRunning, "cancel", http.StatusAccepted, db.RunCancelled},
		"cancel a done one":     {db.RunDone, "cancel", http.StatusConflict, db.RunDone},
		"pause a running one":   {db.RunRunning, "pause", http.StatusConflict, db.RunRunning},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.active()
			h.orderIn("77", c.state)
			h.runs.err = fault.New(fault.NotFound, "it is not running")
			h.call("POST", "/orders/demo/77/"+c.command, nil).is(c.status)
			require.Equal(t, c.want, h.orderState("77"))
		})
	}
}

// TestRetryTakesUpACorrectedSaleWorkflow corrects what blocks an order in the sale workflow itself.
func TestRetryTakesUpACorrectedSaleWorkflow(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.orderIn("77", db.RunBlocked)
	h.call("POST", "/orders/demo/77/retry", nil).is(http.StatusAccepted)
	require.Nil(t, h.runs.plans[0], "nothing was changed")

	shipped, err := h.db.SaleWorkflow(t.Context(), "default")
	require.NoError(t, err)
	shipped.ConfirmShipment = false
	_, err = h.db.UpdateSaleWorkflow(t.Context(), shipped)
	require.NoError(t, err)
	h.call("POST", "/orders/demo/77/retry", nil).is(http.StatusAccepted)
	require.Equal(t, []string{"validate", "invoice", "pay"}, stepNames(h.runs.plans[1].Steps))

	h.runs.err = fault.New(fault.NotFound, "it is not running")
	h.call("POST", "/orders/demo/77/retry", nil).is(http.StatusAccepted)
	order := decode[gen.Order](h.call("GET", "/orders/demo/77", nil).is(http.StatusOK))
	require.Equal(t, gen.OrderState("due"), order.State)
	require.Equal(t, []string{"validate", "invoice", "pay"}, order.Planned)
}

func stepNames[S ~string](steps []S) []string {
	names := make([]string, len(steps))
	for i, step := range steps {
		names[i] = string(step)
	}
	return names
}

func TestManyOrdersAreCommandedAtOnce(t *testing.T) {
	h := newHarness(t)
	h.active()
	for _, id := range []string{"1", "2", "3"} {
		h.orderIn(id, db.RunBlocked)
	}
	h.orderIn("4", db.RunPaused)
	h.runs.calls = nil

	counted := decode[gen.OrderCommands](h.call("POST", "/orders/retry", map[string]any{"instance": "demo", "dry_run": true}).is(http.StatusAccepted))
	require.Equal(t, gen.OrderCommands{Matched: 3, Remaining: 3, Refused: []gen.OrderRefusal{}}, counted)
	require.Empty(t, h.runs.calls)

	done := decode[gen.OrderCommands](h.call("POST", "/orders/retry", map[string]any{"instance": "demo", "code": "no_stock"}).is(http.StatusAccepted))
	require.Equal(t, gen.OrderCommands{Matched: 3, Accepted: 3, Refused: []gen.OrderRefusal{}}, done)
	require.ElementsMatch(t, []string{"retry demo/1 from ", "retry demo/2 from ", "retry demo/3 from "}, h.runs.calls)
	lines, _, err := h.db.Logs(t.Context(), db.LogFilter{Instance: "demo", WooID: "1"}, db.Page{Limit: 1})
	require.NoError(t, err)
	require.Contains(t, lines[0].Message, "retry by ")

	h.runs.err = fault.New(fault.Conflict, "cannot retry: the order's run is running")
	refused := decode[gen.OrderCommands](h.call("POST", "/orders/retry", map[string]any{"instance": "demo"}).is(http.StatusAccepted))
	require.Equal(t, []int{3, 0, 0}, []int{refused.Matched, refused.Accepted, refused.Remaining})
	require.Len(t, refused.Refused, 3)

	h.runs.err = fault.New(fault.NotFound, "it is not running")
	all := map[string]any{"instance": "demo", "states": []string{"blocked", "paused"}}
	require.Equal(t, 4, decode[gen.OrderCommands](h.call("POST", "/orders/cancel", all).is(http.StatusAccepted)).Accepted)
	require.Equal(t, db.RunCancelled, h.orderState("4"))
	h.call("POST", "/orders/cancel", map[string]any{"instance": "none"}).fields(http.StatusUnprocessableEntity, "instance")

	h.runs.err = fault.New(fault.Unavailable, "Temporal does not answer")
	h.orderIn("5", db.RunBlocked)
	h.call("POST", "/orders/retry", map[string]any{"instance": "demo"}).problem(http.StatusServiceUnavailable)
}

// TestAStepIsSkipped lets an order go on without a step, with the reason for it.
func TestAStepIsSkipped(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.orderIn("77", db.RunRunning)
	h.stepped(db.OrderStepRecord{WooID: "77", Step: "validate", State: db.StepDone})
	skip := func(step, reason string) reply {
		return h.call("POST", "/orders/demo/77/skip", map[string]string{"step": step, "reason": reason})
	}
	skip("ship", "Collected").problem(http.StatusConflict)
	h.stepped(db.OrderStepRecord{WooID: "77", Step: "invoice", State: db.StepDone})
	h.stepped(db.OrderStepRecord{WooID: "77", Step: "pay", State: db.StepBlocked, Code: "closed_period", Reason: "the period is closed"})

	skip("validate", "Not needed").problem(http.StatusUnprocessableEntity)
	skip("invoice", "Made by hand").problem(http.StatusConflict)
	skip("pay", " ").problem(http.StatusUnprocessableEntity)
	skip("pay", "Paid in cash").is(http.StatusAccepted)
	plan := h.runs.plans[len(h.runs.plans)-1]
	require.Equal(t, []string{"validate", "invoice", "ship"}, stepNames(plan.Steps))
	require.Equal(t, []string{"pay"}, stepNames(plan.Skipped))

	h.runs.err = fault.New(fault.NotFound, "it is not running")
	skip("pay", "Paid in cash").is(http.StatusAccepted)
	order := decode[gen.Order](h.call("GET", "/orders/demo/77", nil).is(http.StatusOK))
	require.Equal(t, gen.OrderState("due"), order.State)
	require.Equal(t, []string{"validate", "invoice", "ship"}, order.Planned)
	require.Len(t, order.Skipped, 1)
	require.Equal(t, []string{"pay", "Paid in cash"}, []string{order.Skipped[0].Step, order.Skipped[0].Reason})
	require.NotEmpty(t, order.Skipped[0].By)
	require.Len(t, order.Steps, 2, "what was tried of the skipped step is off the record")
	lines, _, err := h.db.Logs(t.Context(), db.LogFilter{Instance: "demo", WooID: "77"}, db.Page{Limit: 10})
	require.NoError(t, err)
	for _, line := range lines {
		require.NotContains(t, line.Message, "cash", "the reason is kept with the order alone")
	}
}
