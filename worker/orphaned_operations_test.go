package worker

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/mocks"

	"tandem/activities"
	"tandem/db"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/workflows"
)

func newOperation(t *testing.T, d *db.DB) db.Operation {
	t.Helper()
	return newOperationBy(t, d, "api")
}

func newOperationBy(t *testing.T, d *db.DB, trigger string) db.Operation {
	t.Helper()
	op, _, err := d.CreateOperation(t.Context(), db.Operation{
		ID: uuid.NewString(), Kind: "import", Direction: workflows.DirectionImport, Instances: []string{"demo"},
		Entities: []string{"order"}, Filter: json.RawMessage(`{"kind":"all"}`), Trigger: trigger,
	})
	require.NoError(t, err)
	return op
}

func TestStartForgottenOperations(t *testing.T) {
	d := newDB(t, instance.Active)
	waiting := newOperation(t, d)
	temporal := &mocks.Client{}
	var started []client.StartWorkflowOptions
	temporal.On("ExecuteWorkflow", mock.Anything, mock.Anything, mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		started = append(started, args.Get(1).(client.StartWorkflowOptions))
	}).Return(nil, serviceerror.NewWorkflowExecutionAlreadyStarted("somebody was faster", "", ""))

	status := describes(temporal, enums.WORKFLOW_EXECUTION_STATUS_RUNNING)
	w := &Worker{db: d, temporal: temporal, forgotten: time.Hour, log: quiet}
	require.NoError(t, w.startOrphanedOperations(t.Context()))
	require.Empty(t, started, "its own API process may be about to start it")
	w.forgotten = 0
	require.NoError(t, w.startOrphanedOperations(t.Context()))
	require.Len(t, started, 1)
	require.Equal(t, workflows.OperationID(waiting.ID), started[0].ID)
	require.Equal(t, enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE, started[0].WorkflowIDReusePolicy)
	op, err := d.Operation(t.Context(), waiting.ID)
	require.NoError(t, err)
	require.Equal(t, db.OperationWaiting, op.State, "whoever was faster marks it")

	status.Status = enums.WORKFLOW_EXECUTION_STATUS_FAILED
	require.NoError(t, w.startOrphanedOperations(t.Context()))
	op, err = d.Operation(t.Context(), waiting.ID)
	require.NoError(t, err)
	require.Equal(t, db.OperationFailed, op.State)
	require.Contains(t, op.Error, "ended without recording it (failed)")
}

// describes makes Temporal say the same of every workflow.
func describes(temporal *mocks.Client, status enums.WorkflowExecutionStatus) *workflow.WorkflowExecutionInfo {
	info := &workflow.WorkflowExecutionInfo{Status: status}
	temporal.On("DescribeWorkflowExecution", mock.Anything, mock.Anything, "").Return(
		&workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: info}, nil)
	return info
}

func TestStartWokenRecords(t *testing.T) {
	d := newDB(t, instance.Active)
	op := newOperation(t, d)
	_, err := d.StartPage(t.Context(), db.PageStart{
		Operation: op.ID, Instance: "demo", Entity: "order", Records: []flow.Record{{ID: "7", Raw: []byte(`{}`)}}, Total: 1,
	})
	require.NoError(t, err)
	require.NoError(t, d.FinishPage(t.Context(), db.PageResult{
		Operation: op.ID, Instance: "demo", Entity: "order",
		Results: []flow.Result{{Record: flow.Record{ID: "7"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_tax", Reason: "wait", Waits: []flow.Key{{Instance: "demo", Entity: "tax", ID: "3"}}}}},
	}))
	require.NoError(t, d.SetOperationState(t.Context(), op.ID, db.OperationDone, "", ""))
	temporal := &mocks.Client{}
	var started []workflows.OperationInput
	temporal.On("ExecuteWorkflow", mock.Anything, mock.Anything, mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		started = append(started, args.Get(3).(workflows.OperationInput))
	}).Return(nil, nil)
	w := &Worker{db: d, temporal: temporal}
	require.NoError(t, w.startWoken(t.Context()))
	require.Empty(t, started, "it still waits")

	woken, err := d.Wake(t.Context(), "demo", []string{"demo/tax/3"})
	require.NoError(t, err)
	require.Equal(t, 1, woken)
	require.NoError(t, w.startWoken(t.Context()))
	require.Len(t, started, 1)
	require.Equal(t, []string{"order"}, started[0].Entities)
	require.Equal(t, []string{"7"}, started[0].Filter.IDs)
}

func TestStartSale(t *testing.T) {
	sale := activities.SaleStart{
		Instance: "demo", WooID: "7", PlanID: "new", Plan: instance.SalePlan{Workflow: "default", Steps: []erp.Step{erp.StepValidate}},
	}
	taken := serviceerror.NewWorkflowExecutionAlreadyStarted("", "", "")
	for name, c := range map[string]struct {
		answer  error
		running string // the plan of the workflow that runs
		started bool
		asked   bool // to end
		kind    fault.Kind
	}{
		"started":                  {nil, "", true, false, ""},
		"this plan runs already":   {taken, "new", true, false, ""},
		"a former plan runs":       {taken, "former", false, true, ""},
		"one without stamp runs":   {taken, "", false, false, ""},
		"Temporal is away":         {serviceerror.NewUnavailable(""), "", false, false, fault.Unavailable},
		"Temporal is strict":       {serviceerror.NewResourceExhausted(enums.RESOURCE_EXHAUSTED_CAUSE_RPS_LIMIT, ""), "", false, false, fault.Unavailable},
		"the attribute is unknown": {serviceerror.NewInvalidArgument("no mapping defined"), "", false, false, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			temporal := &mocks.Client{}
			temporal.On("ExecuteWorkflow", mock.Anything, mock.MatchedBy(func(o client.StartWorkflowOptions) bool {
				return o.ID == "order/demo/7" && o.TaskQueue == workflows.QueueOrders && o.WorkflowExecutionErrorWhenAlreadyStarted &&
					o.Memo[memoPlan] == "new" && o.Priority.FairnessKey == "demo"
			}), workflows.SaleOrderType, mock.Anything).Return(nil, c.answer)
			info := describes(temporal, enums.WORKFLOW_EXECUTION_STATUS_RUNNING)
			if c.running != "" {
				payload, err := converter.GetDefaultDataConverter().ToPayload(c.running)
				require.NoError(t, err)
				info.Memo = &common.Memo{Fields: map[string]*common.Payload{memoPlan: payload}}
			}
			temporal.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(nil, nil)

			started, err := (&sales{client: temporal}).StartSale(t.Context(), sale)

			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, c.started, started)
			temporal.AssertNumberOfCalls(t, "ExecuteWorkflow", 1)
			asked := 0
			if c.asked {
				asked = 1
			}
			temporal.AssertNumberOfCalls(t, "UpdateWorkflow", asked)
		})
	}
	_, err := (&sales{}).StartSale(t.Context(), activities.SaleStart{Instance: "demo", WooID: "7"})
	require.Equal(t, fault.Invalid, fault.KindOf(err), "a workflow without steps would never end its run")
}

// seedRun lands an order that is due for its sale workflow.
func seedRun(t *testing.T, d *db.DB, wooID string) {
	t.Helper()
	op := newOperation(t, d)
	_, err := d.StartPage(t.Context(), db.PageStart{
		Operation: op.ID, Instance: "demo", Entity: "order", Records: []flow.Record{{ID: wooID, Raw: []byte(`{}`)}}, Total: 1,
	})
	require.NoError(t, err)
	require.NoError(t, d.FinishPage(t.Context(), db.PageResult{
		Operation: op.ID, Instance: "demo", Entity: "order",
		Results: []flow.Result{{Record: flow.Record{ID: wooID}, Outcome: flow.Outcome{Status: flow.Created, ID: "1", After: "d", Plan: json.RawMessage(`{"steps":["validate"]}`)}}},
	}))
}

func TestStartDueOrders(t *testing.T) {
	d := newDB(t, instance.Active)
	seedRun(t, d, "7")
	seedRun(t, d, "8")
	temporal := &mocks.Client{}
	temporal.On("ExecuteWorkflow", mock.Anything, mock.Anything, mock.Anything, mock.Anything).Return(nil, nil)
	w := &Worker{db: d, temporal: temporal, starter: &activities.Starter{Store: d, Sales: &sales{client: temporal}}}
	require.NoError(t, w.startDue(t.Context()))
	require.NoError(t, w.startDue(t.Context()))
	temporal.AssertNumberOfCalls(t, "ExecuteWorkflow", 2)
	run, err := d.OrderRun(t.Context(), "demo", "8")
	require.NoError(t, err)
	require.Equal(t, db.RunRunning, run.State)
}
