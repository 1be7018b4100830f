package worker

import (
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/mocks"
	"go.temporal.io/sdk/temporal"

	"tandem/db"
	"tandem/instance"
	"tandem/workflows"
)

// An order whose product landed is told to look again, once. One that Temporal did not hear of it is told by the next sweep.
func TestOrdersWhoseProductsLandedAreRetried(t *testing.T) {
	for name, c := range map[string]struct {
		answer error
		fails  bool
		told   bool
	}{
		"told":                     {nil, false, true},
		"looks already":            {temporal.NewApplicationError("cannot retry: the order's run is running", "conflict"), false, true},
		"its workflow is gone":     {serviceerror.NewNotFound("no such workflow"), false, false},
		"Temporal does not answer": {serviceerror.NewUnavailable("down"), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDB(t, instance.Active)
			seedRun(t, d, "7")
			setRun(t, d, "7", db.RunRunning)
			run, err := d.OrderRun(t.Context(), "demo", "7")
			require.NoError(t, err)
			_, err = d.RecordOrderStep(t.Context(), db.OrderStepRecord{
				Instance: "demo", WooID: "7", PlanID: run.PlanID, Step: "ship", State: db.StepBlocked, Code: "no_stock",
				Waits: []string{"demo/order/7"}, Activity: "1", Attempt: 1, WorkflowID: "order/demo/7", RunID: "run",
			})
			require.NoError(t, err)
			server := &mocks.Client{}
			server.On("UpdateWorkflow", mock.Anything, mock.MatchedBy(retryOf("7"))).Return(nil, c.answer)
			w := &Worker{db: d, temporal: server, log: quiet}

			require.Equal(t, c.fails, w.wakeOrders(t.Context()) != nil)

			left, err := d.ReadyOrderRuns(t.Context(), 10)
			require.NoError(t, err)
			require.Equal(t, c.told, len(left) == 0, "it is told again until it heard")
			server.AssertNumberOfCalls(t, "UpdateWorkflow", 1)
		})
	}
}

// retryOf matches the command that has an order's run look again.
func retryOf(wooID string) func(client.UpdateWorkflowOptions) bool {
	return func(o client.UpdateWorkflowOptions) bool {
		return o.WorkflowID == workflows.SaleOrderID("demo", wooID) && o.UpdateName == workflows.UpdateRetry
	}
}
