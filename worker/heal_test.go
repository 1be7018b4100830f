package worker

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/mocks"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	"tandem/db"
	"tandem/instance"
	"tandem/workflows"
)

var quiet = slog.New(slog.DiscardHandler)

const unknownToTemporal = enums.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED

// has makes Temporal describe one workflow with a status, or not know it.
func has(temporal *mocks.Client, id string, status enums.WorkflowExecutionStatus) {
	if status == unknownToTemporal {
		temporal.On("DescribeWorkflowExecution", mock.Anything, id, "").Return(nil, serviceerror.NewNotFound("gone"))
		return
	}
	temporal.On("DescribeWorkflowExecution", mock.Anything, id, "").Return(&workflowservice.DescribeWorkflowExecutionResponse{
		WorkflowExecutionInfo: &workflow.WorkflowExecutionInfo{Status: status},
	}, nil)
}

func TestOperationsWithoutWorkflowAreSettled(t *testing.T) {
	for name, c := range map[string]struct {
		status  enums.WorkflowExecutionStatus
		state   string
		trigger string
		want    string
		reason  string
		next    int // operations that take its place
	}{
		"runs":                    {enums.WORKFLOW_EXECUTION_STATUS_RUNNING, db.OperationRunning, "api", db.OperationRunning, "", 0},
		"terminated":              {enums.WORKFLOW_EXECUTION_STATUS_TERMINATED, db.OperationRunning, "api", db.OperationFailed, "(terminated)", 0},
		"cancelled":               {enums.WORKFLOW_EXECUTION_STATUS_CANCELED, db.OperationRunning, "api", db.OperationCancelled, "cancelled in Temporal", 0},
		"Temporal lost it":        {unknownToTemporal, db.OperationRunning, "api", db.OperationFailed, "takes its place", 1},
		"PostgreSQL was set back": {enums.WORKFLOW_EXECUTION_STATUS_COMPLETED, db.OperationRunning, "api", db.OperationFailed, "takes its place", 1},
		"a schedule's, lost":      {unknownToTemporal, db.OperationRunning, "schedule", db.OperationFailed, "the schedule's next run", 0},
		"paused and lost":         {unknownToTemporal, db.OperationPaused, "api", db.OperationFailed, "while it was paused", 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDB(t, instance.Active)
			op := newOperationBy(t, d, c.trigger)
			require.NoError(t, d.SetOperationState(t.Context(), op.ID, db.OperationRunning, "", ""))
			require.NoError(t, d.SetOperationState(t.Context(), op.ID, c.state, "", ""))
			temporal := &mocks.Client{}
			has(temporal, workflows.OperationID(op.ID), c.status)
			w := &Worker{db: d, temporal: temporal, log: quiet}

			for range 2 {
				require.NoError(t, w.healOperations(t.Context()))
			}

			op, err := d.Operation(t.Context(), op.ID)
			require.NoError(t, err)
			require.Equal(t, c.want, op.State)
			require.Contains(t, op.Error, c.reason)
			waiting, err := d.UnstartedOperations(t.Context(), 0)
			require.NoError(t, err)
			require.Len(t, waiting, c.next)
			for _, next := range waiting {
				require.Contains(t, op.Error, next.ID)
				require.JSONEq(t, string(op.Filter), string(next.Filter))
				require.Equal(t, op.Entities, next.Entities)
			}
		})
	}
}

// One operation that cannot be settled leaves none of the others as it is; there may be more than a list's page of them.
func TestOneOperationStopsNoOthersFromBeingSettled(t *testing.T) {
	d := newDB(t, instance.Active)
	temporal := &mocks.Client{}
	var last string
	for i := range 103 {
		op := newOperation(t, d)
		require.NoError(t, d.SetOperationState(t.Context(), op.ID, db.OperationRunning, "", ""))
		if i == 0 {
			temporal.On("DescribeWorkflowExecution", mock.Anything, workflows.OperationID(op.ID), "").Return(nil, serviceerror.NewUnavailable("busy"))
			continue
		}
		has(temporal, workflows.OperationID(op.ID), enums.WORKFLOW_EXECUTION_STATUS_TERMINATED)
		last = op.ID
	}
	w := &Worker{db: d, temporal: temporal, log: quiet}
	require.Error(t, w.healOperations(t.Context()))
	op, err := d.Operation(t.Context(), last)
	require.NoError(t, err)
	require.Equal(t, db.OperationFailed, op.State)
	running, err := d.StandingOperations(t.Context(), db.OperationRunning, 0)
	require.NoError(t, err)
	require.Len(t, running, 1)
}

// listsRunning makes Temporal list the SaleOrders of these orders as running.
func listsRunning(temporal *mocks.Client, wooIDs ...string) {
	var running []*workflow.WorkflowExecutionInfo
	for _, id := range wooIDs {
		running = append(running, &workflow.WorkflowExecutionInfo{
			Execution: &common.WorkflowExecution{WorkflowId: workflows.SaleOrderID("demo", id)},
		})
	}
	temporal.On("ListWorkflow", mock.Anything, mock.Anything).Return(&workflowservice.ListWorkflowExecutionsResponse{Executions: running}, nil)
}

func TestOrdersWithoutWorkflowAreSettled(t *testing.T) {
	for name, c := range map[string]struct {
		status enums.WorkflowExecutionStatus
		state  string
		want   string
	}{
		"runs, as the list says later":  {enums.WORKFLOW_EXECUTION_STATUS_RUNNING, db.RunRunning, db.RunRunning},
		"completed, with a late record": {enums.WORKFLOW_EXECUTION_STATUS_COMPLETED, db.RunRunning, db.RunDue},
		"completed, and blocked":        {enums.WORKFLOW_EXECUTION_STATUS_COMPLETED, db.RunBlocked, db.RunDue},
		"Temporal lost it":              {unknownToTemporal, db.RunRunning, db.RunDue},
		"terminated":                    {enums.WORKFLOW_EXECUTION_STATUS_TERMINATED, db.RunBlocked, db.RunCancelled},
		"paused by a person":            {unknownToTemporal, db.RunPaused, db.RunPaused},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDB(t, instance.Active)
			for _, id := range []string{"7", "8"} {
				seedRun(t, d, id)
				setRun(t, d, id, c.state)
			}
			temporal := &mocks.Client{}
			listsRunning(temporal, "8")
			has(temporal, workflows.SaleOrderID("demo", "7"), c.status)
			w := &Worker{db: d, temporal: temporal, log: quiet}

			require.NoError(t, w.healOrders(t.Context()))

			require.Equal(t, c.want, runState(t, d, "7"))
			require.Equal(t, c.state, runState(t, d, "8"), "its workflow runs")
		})
	}
}

func setRun(t *testing.T, d *db.DB, wooID, state string) {
	t.Helper()
	run, err := d.OrderRun(t.Context(), "demo", wooID)
	require.NoError(t, err)
	require.NoError(t, d.SetOrderRunState(t.Context(), db.OrderStage{
		Instance: "demo", WooID: wooID, PlanID: run.PlanID, State: state,
	}))
}

func runState(t *testing.T, d *db.DB, wooID string) string {
	t.Helper()
	run, err := d.OrderRun(t.Context(), "demo", wooID)
	require.NoError(t, err)
	return run.State
}

// An order that Temporal does not take leaves none of the others waiting, and one whose former workflow still runs stays due.
func TestOneOrderStopsNoOthersFromBeingStarted(t *testing.T) {
	d := newDB(t, instance.Active)
	for _, id := range []string{"6", "7", "8"} {
		seedRun(t, d, id)
	}
	starter := &activities.Starter{Store: d, Sales: startsBut{"6": errors.New("defect"), "7": nil}}
	w := &Worker{db: d, starter: starter}
	require.ErrorContains(t, w.startDue(t.Context()), "defect")
	require.Equal(t, []string{db.RunDue, db.RunDue, db.RunRunning}, []string{
		runState(t, d, "6"), runState(t, d, "7"), runState(t, d, "8"),
	})
}

// startsBut starts all orders but those it names, which fail or whose former workflow still runs.
type startsBut map[string]error

func (s startsBut) StartSale(_ context.Context, sale activities.SaleStart) (bool, error) {
	err, known := s[sale.WooID]
	return !known, err
}

func TestOneOperationStopsNoOthersFromBeingStarted(t *testing.T) {
	d := newDB(t, instance.Active)
	first, second := newOperation(t, d), newOperation(t, d)
	temporal := &mocks.Client{}
	temporal.On("ExecuteWorkflow", mock.Anything, startOf(first), mock.Anything, mock.Anything).Return(nil, serviceerror.NewInvalidArgument("no"))
	temporal.On("ExecuteWorkflow", mock.Anything, startOf(second), mock.Anything, mock.Anything).Return(nil, nil)
	w := &Worker{db: d, temporal: temporal, log: quiet}
	require.Error(t, w.startOrphanedOperations(t.Context()))
	temporal.AssertNumberOfCalls(t, "ExecuteWorkflow", 2)
}

func startOf(op db.Operation) any {
	return mock.MatchedBy(func(o client.StartWorkflowOptions) bool { return o.ID == workflows.OperationID(op.ID) })
}

func TestAPanicOfAPeriodicJobIsItsFailure(t *testing.T) {
	d := newDB(t, instance.Active)
	jobs := &activities.PeriodicJobs{Store: d, Jobs: []activities.PeriodicJob{
		{Name: "defective", Do: func(context.Context) error { panic("jane@example.com is not a number") }},
		{Name: "sound", Do: func(context.Context) error { return nil }},
	}}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(jobs)
	for range 2 {
		_, err := env.ExecuteActivity(jobs.RunPeriodicJob, activities.PeriodicJobInput{Job: "defective"})
		require.ErrorContains(t, err, "a defect in Tandem stopped this step")
		require.NotContains(t, err.Error(), "jane@example.com", "what a panic says may be personal data")
	}
	_, err := env.ExecuteActivity(jobs.RunPeriodicJob, activities.PeriodicJobInput{Job: "sound"})
	require.NoError(t, err)
	_, err = env.ExecuteActivity(jobs.RunPeriodicJob, activities.PeriodicJobInput{Job: "of another version"})
	require.Error(t, err)

	ran, err := d.PeriodicJobs(t.Context())
	require.NoError(t, err)
	require.Len(t, ran, 2)
	require.Equal(t, 2, ran[0].Failures)
	require.True(t, ran[0].SucceededAt.IsZero())
	require.Zero(t, ran[1].Failures)
	require.WithinDuration(t, time.Now(), ran[1].SucceededAt, time.Minute)
}
