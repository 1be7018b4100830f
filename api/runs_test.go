package api_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/mocks"
	"go.temporal.io/sdk/temporal"

	"tandem/api"
	"tandem/fault"
	"tandem/workflows"
)

func TestStartingAnOperationTwiceIsHarmless(t *testing.T) {
	in := workflows.OperationInput{ID: "op-1", Direction: "import", Instances: []string{"demo"}, Entities: []string{"product"}}
	for name, c := range map[string]struct {
		answer error
		kind   fault.Kind
	}{
		"first":   {},
		"second":  {answer: serviceerror.NewWorkflowExecutionAlreadyStarted("started", "", "")},
		"no host": {answer: serviceerror.NewUnavailable("away"), kind: fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			temporalClient := mocks.NewClient(t)
			temporalClient.On("ExecuteWorkflow", mock.Anything, mock.MatchedBy(func(o client.StartWorkflowOptions) bool {
				return o.ID == "operation/op-1" && o.WorkflowIDReusePolicy == enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE &&
					o.WorkflowExecutionErrorWhenAlreadyStarted
			}), workflows.OperationType, in).Return(nil, c.answer)
			err := api.TemporalRuns{Client: temporalClient}.StartOperation(t.Context(), in)
			require.Equal(t, c.kind, fault.KindOf(err))
		})
	}
}

func TestCommandsAreUpdatesOfTheRightRun(t *testing.T) {
	retry := workflows.RetryRequest{Step: workflows.StepShip}
	for name, c := range map[string]struct {
		call             func(api.TemporalRuns) error
		workflow, update string
		args             []any
	}{
		"pause operation":  {func(r api.TemporalRuns) error { return r.PauseOperation(t.Context(), "op-1") }, "operation/op-1", "pause", nil},
		"resume operation": {func(r api.TemporalRuns) error { return r.ResumeOperation(t.Context(), "op-1") }, "operation/op-1", "resume", nil},
		"pause order":      {func(r api.TemporalRuns) error { return r.PauseOrder(t.Context(), "demo", "7") }, "order/demo/7", "pause", nil},
		"resume order":     {func(r api.TemporalRuns) error { return r.ResumeOrder(t.Context(), "demo", "7") }, "order/demo/7", "resume", nil},
		"retry order":      {func(r api.TemporalRuns) error { return r.RetryOrder(t.Context(), "demo", "7", retry) }, "order/demo/7", "retry", []any{retry}},
		"cancel order":     {func(r api.TemporalRuns) error { return r.CancelOrder(t.Context(), "demo", "7") }, "order/demo/7", "cancel", nil},
	} {
		t.Run(name, func(t *testing.T) {
			handle := mocks.NewWorkflowUpdateHandle(t)
			handle.On("Get", mock.Anything, nil).Return(nil)
			temporalClient := mocks.NewClient(t)
			temporalClient.On("UpdateWorkflow", mock.Anything, client.UpdateWorkflowOptions{
				WorkflowID: c.workflow, UpdateName: c.update, Args: c.args, WaitForStage: client.WorkflowUpdateStageAccepted,
			}).Return(handle, nil)
			require.NoError(t, c.call(api.TemporalRuns{Client: temporalClient}))
		})
	}
}

// TestAnAcceptedCommandDoesNotWaitForOrderSteps answers although the workers are too busy to carry the command out now.
func TestAnAcceptedCommandDoesNotWaitForOrderSteps(t *testing.T) {
	handle := mocks.NewWorkflowUpdateHandle(t)
	handle.On("Get", mock.Anything, nil).Return(func(ctx context.Context, _ any) error {
		<-ctx.Done()
		return ctx.Err()
	})
	temporalClient := mocks.NewClient(t)
	temporalClient.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(handle, nil)
	require.NoError(t, api.TemporalRuns{Client: temporalClient}.PauseOrder(t.Context(), "demo", "7"))
}

// TestACommandThatIsRefusedAfterAll is told so: Temporal gives the refusal with the handle.
func TestACommandThatIsRefusedAfterAll(t *testing.T) {
	handle := mocks.NewWorkflowUpdateHandle(t)
	handle.On("Get", mock.Anything, nil).Return(temporal.NewApplicationError("it is paused already", string(fault.Conflict)))
	temporalClient := mocks.NewClient(t)
	temporalClient.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(handle, nil)
	require.Equal(t, fault.Conflict, fault.KindOf(api.TemporalRuns{Client: temporalClient}.PauseOrder(t.Context(), "demo", "7")))
}

func TestAnswersOfRunsAreClassified(t *testing.T) {
	for name, c := range map[string]struct {
		answer error
		kind   fault.Kind
		text   string
	}{
		"refused":          {temporal.NewApplicationError("it is paused already", string(fault.Conflict)), fault.Conflict, "it is paused already"},
		"invalid":          {temporal.NewApplicationError("choose a step", string(fault.Invalid)), fault.Invalid, "choose a step"},
		"refused unkindly": {temporal.NewApplicationError("no", "SomethingElse"), fault.Conflict, "no"},
		"gone":             {serviceerror.NewNotFound("workflow execution already completed"), fault.NotFound, "it is not running: it has ended, or has not begun yet"},
		"no worker":        {errors.New("context deadline exceeded"), fault.Unavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			temporalClient := mocks.NewClient(t)
			temporalClient.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(nil, c.answer)
			err := api.TemporalRuns{Client: temporalClient}.PauseOperation(t.Context(), "op-1")
			require.Equal(t, c.kind, fault.KindOf(err))
			if c.text != "" {
				require.Equal(t, c.text, fault.From(err).Message)
			}
		})
	}
}

func TestCancellingAnOperation(t *testing.T) {
	temporalClient := mocks.NewClient(t)
	temporalClient.On("CancelWorkflow", mock.Anything, "operation/op-1", "").Return(serviceerror.NewNotFound("gone"))
	err := api.TemporalRuns{Client: temporalClient}.CancelOperation(t.Context(), "op-1")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}

func TestReadiness(t *testing.T) {
	temporalClient := mocks.NewClient(t)
	temporalClient.On("CheckHealth", mock.Anything, mock.Anything).Return(nil, serviceerror.NewUnavailable("away")).Once()
	temporalClient.On("CheckHealth", mock.Anything, mock.Anything).Return(&client.CheckHealthResponse{}, nil).Once()
	require.Equal(t, fault.Unavailable, fault.KindOf(api.TemporalRuns{Client: temporalClient}.Ready(t.Context())))
	require.NoError(t, api.TemporalRuns{Client: temporalClient}.Ready(t.Context()))
}
