package workflows

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	"tandem/fault"
)

var fullPlan = SaleOrderPlan{
	Workflow: "default", Steps: []Step{StepValidate, StepInvoice, StepPay, StepShip}, Journal: "bank", Method: "manual",
}

// saleEnv runs a SaleOrder whose steps are answered by step.
func saleEnv(t *testing.T, step func(in activities.StepInput) error) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	suite := quietSuite()
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterWorkflow(SaleOrder)
	env.OnActivity(saleActs.RunStep, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.StepInput) (activities.StepResult, error) {
			return activities.StepResult{Changed: true}, step(in)
		})
	env.OnActivity(saleActs.RecordStage, mock.Anything, mock.Anything).Return(nil)
	return env
}

// quietSuite keeps the SDK's debug lines out of the test's output.
func quietSuite() *testsuite.WorkflowTestSuite {
	suite := &testsuite.WorkflowTestSuite{}
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	return suite
}

func parked(reason string) error {
	return temporal.NewNonRetryableApplicationError(reason, string(fault.Parked), nil,
		activities.Failure{Kind: fault.Parked, Code: "no_stock", Message: reason})
}

func saleState(t *testing.T, env *testsuite.TestWorkflowEnvironment) SaleState {
	t.Helper()
	value, err := env.QueryWorkflow(QueryState)
	require.NoError(t, err)
	var state SaleState
	require.NoError(t, value.Get(&state))
	return state
}

// update sends an update and keeps whether it was refused.
func update(env *testsuite.TestWorkflowEnvironment, name string, refused *error, args ...any) {
	env.UpdateWorkflow(name, uuid.NewString(), &testsuite.TestUpdateCallback{
		OnAccept:   func() {},
		OnReject:   func(err error) { *refused = err },
		OnComplete: func(any, error) {},
	}, args...)
}

func TestSaleOrderRunsItsStepsInOrder(t *testing.T) {
	var steps []Step
	env := saleEnv(t, func(in activities.StepInput) error {
		steps = append(steps, in.Step)
		require.Equal(t, in.Step == StepShip, in.Final)
		return nil
	})
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, fullPlan.Steps, steps)
	require.Equal(t, SaleState{Stage: SaleDone, Next: 4}, saleState(t, env))
}

func TestSaleOrderRefusesAnEmptyPlan(t *testing.T) {
	env := saleEnv(t, func(activities.StepInput) error { return nil })
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7"})
	require.ErrorContains(t, env.GetWorkflowError(), "at least one step")
}

func TestSaleOrderRetriesWhatMayPass(t *testing.T) {
	tries := 0
	env := saleEnv(t, func(activities.StepInput) error {
		if tries++; tries <= 10 {
			return temporal.NewApplicationError("the ERP does not answer", string(fault.Unavailable))
		}
		return nil
	})
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: SaleOrderPlan{Steps: []Step{StepValidate}}})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, 11, tries)
}

func TestSaleOrderBlocksUntilSomebodyRetries(t *testing.T) {
	blocked, tries := true, 0
	env := saleEnv(t, func(in activities.StepInput) error {
		if in.Step != StepShip {
			return nil
		}
		tries++
		if blocked {
			return parked("product 12 is out of stock")
		}
		return nil
	})
	var refused error
	env.RegisterDelayedCallback(func() {
		state := saleState(t, env)
		require.Equal(t, SaleBlocked, state.Stage)
		require.Equal(t, StepShip, state.Step)
		require.Equal(t, "no_stock", state.Code)
		require.Equal(t, "product 12 is out of stock", state.Reason)
		blocked = false
		update(env, UpdateRetry, &refused, RetryRequest{})
	}, time.Minute)
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
	require.NoError(t, env.GetWorkflowError())
	require.NoError(t, refused)
	require.Equal(t, 2, tries, "the retry came from the person, not from the timer")
}

func TestSaleOrderGoesOnByItselfOnceTheObstacleIsGone(t *testing.T) {
	tries := 0
	env := saleEnv(t, func(in activities.StepInput) error {
		if in.Step != StepInvoice {
			return nil
		}
		if tries++; tries < 4 {
			return parked("the period is closed")
		}
		return nil
	})
	began := env.Now()
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, 4, tries)
	require.GreaterOrEqual(t, env.Now().Sub(began), (15+30+60)*time.Minute, "the looks become rarer")
}

func TestSaleOrderPausesBetweenSteps(t *testing.T) {
	var steps []Step
	env := saleEnv(t, func(in activities.StepInput) error {
		steps = append(steps, in.Step)
		return nil
	})
	var pauseRefused, twiceRefused, resumeRefused error
	env.RegisterDelayedCallback(func() {
		update(env, UpdatePause, &pauseRefused)
	}, 0)
	env.RegisterDelayedCallback(func() {
		require.Equal(t, SalePaused, saleState(t, env).Stage)
		require.Less(t, len(steps), 4)
		update(env, UpdatePause, &twiceRefused)
	}, time.Hour)
	env.RegisterDelayedCallback(func() { update(env, UpdateResume, &resumeRefused) }, 2*time.Hour)
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
	require.NoError(t, env.GetWorkflowError())
	require.NoError(t, pauseRefused)
	require.ErrorContains(t, twiceRefused, "cannot pause: the order's run is paused")
	require.NoError(t, resumeRefused)
	require.Equal(t, fullPlan.Steps, steps)
}

func TestSaleOrderRetryAtAStep(t *testing.T) {
	var steps []Step
	blocked := true
	env := saleEnv(t, func(in activities.StepInput) error {
		steps = append(steps, in.Step)
		if in.Step == StepPay && blocked {
			return parked("the journal is closed")
		}
		return nil
	})
	var later, unknown, earlier error
	env.RegisterDelayedCallback(func() {
		update(env, UpdateRetry, &later, RetryRequest{Step: StepShip})
		update(env, UpdateRetry, &unknown, RetryRequest{Step: "dance"})
		blocked = false
		update(env, UpdateRetry, &earlier, RetryRequest{Step: StepInvoice})
	}, time.Minute)
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
	require.NoError(t, env.GetWorkflowError())
	require.ErrorContains(t, later, `choose a step up to "pay"`)
	require.ErrorContains(t, unknown, `choose a step up to "pay"`)
	require.NoError(t, earlier)
	require.Equal(t, []Step{StepValidate, StepInvoice, StepPay, StepInvoice, StepPay, StepShip}, steps)
}

// saleEnvOf runs a SaleOrder whose steps find what results says.
func saleEnvOf(t *testing.T, results func(in activities.StepInput) activities.StepResult) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	env := quietSuite().NewTestWorkflowEnvironment()
	env.RegisterWorkflow(SaleOrder)
	env.OnActivity(saleActs.RunStep, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.StepInput) (activities.StepResult, error) {
			return results(in), nil
		})
	env.OnActivity(saleActs.RecordStage, mock.Anything, mock.Anything).Return(nil).Maybe()
	return env
}

func TestSaleOrderEndsWithAnOrderThatWasCancelled(t *testing.T) {
	env := saleEnvOf(t, func(in activities.StepInput) activities.StepResult {
		return activities.StepResult{Cancelled: in.Step == StepInvoice}
	})
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
	require.NoError(t, env.GetWorkflowError())
	state := saleState(t, env)
	require.Equal(t, SaleCancelled, state.Stage)
	require.Equal(t, activities.CodeOrderCancelled, state.Code)
	env.AssertCalled(t, "RecordStage", mock.Anything, activities.StageInput{
		Instance: "demo", WooID: "7", State: activities.RunCancelled, Code: activities.CodeOrderCancelled, Reason: state.Reason,
	})
}

func TestSaleOrderStartsAgainWithAReopenedOrder(t *testing.T) {
	var steps []Step
	env := saleEnvOf(t, func(in activities.StepInput) activities.StepResult {
		steps = append(steps, in.Step)
		return activities.StepResult{Reopened: in.Step == StepPay && len(steps) == 3}
	})
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []Step{StepValidate, StepInvoice, StepPay, StepValidate, StepInvoice, StepPay, StepShip}, steps)
}

func TestSaleOrderDoesNotStartAgainForEver(t *testing.T) {
	env := saleEnvOf(t, func(in activities.StepInput) activities.StepResult {
		return activities.StepResult{Reopened: in.Step == StepInvoice}
	})
	env.RegisterDelayedCallback(func() {
		require.Equal(t, "reopened", saleState(t, env).Code)
		env.CancelWorkflow()
	}, time.Minute)
	env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
	require.Equal(t, SaleCancelled, saleState(t, env).Stage)
}

func TestSaleOrderCancelled(t *testing.T) {
	for name, cancel := range map[string]func(*testsuite.TestWorkflowEnvironment){
		"by update": func(env *testsuite.TestWorkflowEnvironment) {
			var refused error
			update(env, UpdateCancel, &refused)
		},
		"from the Temporal UI": func(env *testsuite.TestWorkflowEnvironment) { env.CancelWorkflow() },
	} {
		t.Run(name, func(t *testing.T) {
			env := saleEnv(t, func(in activities.StepInput) error {
				if in.Step == StepInvoice {
					return parked("wait for me")
				}
				return nil
			})
			env.RegisterDelayedCallback(func() { cancel(env) }, time.Minute)
			env.ExecuteWorkflow(SaleOrder, SaleOrderInput{Instance: "demo", WooID: "7", Plan: fullPlan})
			require.Equal(t, SaleState{Stage: SaleCancelled, Next: 1, Step: StepInvoice}, saleState(t, env))
			env.AssertCalled(t, "RecordStage", mock.Anything,
				activities.StageInput{Instance: "demo", WooID: "7", State: activities.RunCancelled})
		})
	}
}
