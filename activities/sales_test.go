package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"tandem/db"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// saleBooks is an ERP with one order.
type saleBooks struct {
	state erp.OrderState
	calls []erp.Step
	lies  bool  // answers well and does nothing
	err   error // what every step is answered with
	paid  erp.PaymentRequest
	ship  erp.ShipRequest
}

// saleConnection is the way to an ERP.
type saleConnection struct{ steps SaleSteps }

func (c saleConnection) SaleSteps(context.Context, string) (SaleSteps, error) { return c.steps, nil }

func (b *saleBooks) do(step erp.Step, change func()) (erp.Progress, error) {
	before := b.state
	switch {
	case before.Stage == erp.Cancelled, before.Stage == erp.Quotation && step != erp.StepValidate:
		return erp.Progress{OrderState: before, Before: before}, fault.New(fault.Conflict, "cannot %s a %s order", step, before.Stage)
	case before.Done(step):
		return erp.Progress{OrderState: before, Before: before}, nil
	}
	b.calls = append(b.calls, step)
	if b.err != nil {
		return erp.Progress{Before: before}, b.err
	}
	if !b.lies {
		change()
	}
	return erp.Progress{OrderState: b.state, Before: before}, nil
}

func (b *saleBooks) ConfirmOrder(context.Context, erp.Key) (erp.Progress, error) {
	return b.do(erp.StepValidate, func() { b.state.Stage = erp.Confirmed })
}

func (b *saleBooks) InvoiceOrder(context.Context, erp.Key, erp.InvoiceRequest) (erp.Progress, error) {
	return b.do(erp.StepInvoice, func() { b.state.Invoiced = true })
}

func (b *saleBooks) PayOrder(_ context.Context, _ erp.Key, p erp.PaymentRequest) (erp.Progress, error) {
	return b.do(erp.StepPay, func() { b.state.Paid, b.paid = true, p })
}

func (b *saleBooks) ShipOrder(_ context.Context, _ erp.Key, shipment erp.ShipRequest) (erp.Progress, error) {
	b.ship = shipment
	progress, err := b.do(erp.StepShip, func() { b.state.Shipped = true })
	if shipment.Partial && err != nil {
		b.state.PartlyShipped = true
		progress.OrderState = b.state
	}
	return progress, err
}

// stepLog is a database that keeps the recorded steps.
type stepLog struct {
	steps []db.OrderStepRecord
	says  db.OrderStepRecorded
	// status is the order's in the store.
	status string
	// newer is the version of the order that waits; nil for none.
	newer *db.NewerVersion
}

func (l *stepLog) OrderStatus(context.Context, string, string) (string, error) { return l.status, nil }

func (l *stepLog) NewerVersion(context.Context, string, string) (newer db.NewerVersion, found bool, err error) {
	if l.newer == nil {
		return newer, false, nil
	}
	return *l.newer, true, nil
}

func (l *stepLog) RecordOrderStep(_ context.Context, step db.OrderStepRecord) (db.OrderStepRecorded, error) {
	l.steps = append(l.steps, step)
	return l.says, nil
}

func (l *stepLog) SetOrderRunState(context.Context, db.OrderStage) error {
	return fault.New(fault.NotFound, "no such run")
}

func runStep(t *testing.T, books *saleBooks, in StepInput) (StepResult, *stepLog, error) {
	t.Helper()
	return runStepIn(t, &stepLog{}, books, in)
}

func runStepIn(t *testing.T, kept *stepLog, books *saleBooks, in StepInput) (StepResult, *stepLog, error) {
	t.Helper()
	acts := &Sales{Store: kept, Connector: saleConnection{books}}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(acts)
	in.Instance, in.WooID = "demo", "7"
	value, err := env.ExecuteActivity(acts.RunStep, in)
	var result StepResult
	if err == nil {
		require.NoError(t, value.Get(&result))
	}
	return result, kept, err
}

// An order that was given back as a whole is not shipped, even before the ERP knows of the refund.
func TestARefundedOrderIsNotShipped(t *testing.T) {
	for status, shipped := range map[string]bool{"refunded": false, "completed": true} {
		books := &saleBooks{state: erp.OrderState{Stage: erp.Confirmed, Invoiced: true, Paid: true}}
		result, kept, err := runStepIn(t, &stepLog{status: status}, books, StepInput{Step: erp.StepShip, Final: true})
		require.NoError(t, err)
		require.Equal(t, shipped, books.state.Shipped, status)
		require.Equal(t, shipped, result.Changed, status)
		require.Equal(t, db.StepDone, kept.steps[0].State, "the run ends")
	}
}

// An order that the store changed since it landed is neither confirmed, invoiced nor shipped before that version landed, or a person
// decided about it.
func TestAnOrderWaitsForItsNewerVersion(t *testing.T) {
	for name, c := range map[string]struct {
		newer     db.NewerVersion
		code, say string
	}{
		"a person is asked":  {db.NewerVersion{Code: "order_edited", Reason: "it differs"}, "order_edited", "accept or refuse the change"},
		"it is parked":       {db.NewerVersion{Code: "unknown_product", Reason: "import product 12."}, "newer_version_waits", "(unknown_product): import product 12. The run"},
		"it is being landed": {db.NewerVersion{}, "newer_version_waits", "is being imported"},
	} {
		for step, waits := range map[erp.Step]bool{erp.StepValidate: true, erp.StepInvoice: true, erp.StepPay: false, erp.StepShip: true} {
			t.Run(name+" "+string(step), func(t *testing.T) {
				books := &saleBooks{state: erp.OrderState{Stage: erp.Confirmed, Invoiced: step == erp.StepPay}}
				_, kept, err := runStepIn(t, &stepLog{newer: &c.newer}, books, StepInput{Step: step})
				require.Equal(t, waits, err != nil)
				if !waits {
					return
				}
				require.Equal(t, db.StepBlocked, kept.steps[0].State)
				require.Equal(t, c.code, kept.steps[0].Code)
				require.Contains(t, kept.steps[0].Reason, c.say)
				require.Equal(t, []string{"demo/order/7"}, kept.steps[0].Waits, "it goes on once the order landed")
				require.Empty(t, books.calls)
			})
		}
	}
}

func TestRunStep(t *testing.T) {
	plan := instance.SalePlan{Journal: "3", Method: "manual"}
	for _, c := range []struct {
		step   erp.Step
		before erp.OrderState
		want   StepResult
	}{
		{erp.StepValidate, erp.OrderState{Stage: erp.Quotation}, StepResult{Before: "quotation", After: "confirmed", Changed: true}},
		{erp.StepInvoice, erp.OrderState{Stage: erp.Confirmed}, StepResult{Before: "confirmed", After: "confirmed, invoiced", Changed: true}},
		{erp.StepPay, erp.OrderState{Stage: erp.Confirmed, Invoiced: true}, StepResult{Before: "confirmed, invoiced", After: "confirmed, invoiced, paid", Changed: true}},
		{erp.StepShip, erp.OrderState{Stage: erp.Confirmed}, StepResult{Before: "confirmed", After: "confirmed, shipped", Changed: true}},
	} {
		t.Run(string(c.step), func(t *testing.T) {
			books := &saleBooks{state: c.before}
			result, kept, err := runStep(t, books, StepInput{Step: c.step, Plan: plan, Final: true})
			require.NoError(t, err)
			require.Equal(t, c.want, result)
			require.Equal(t, db.StepDone, kept.steps[0].State)
			require.True(t, kept.steps[0].Final)
			require.Equal(t, c.want.After, kept.steps[0].After)
			if c.step == erp.StepPay {
				require.Equal(t, erp.PaymentRequest{Journal: "3", Method: "manual"}, books.paid)
			}

			again, _, err := runStep(t, books, StepInput{Step: c.step, Plan: plan})
			require.NoError(t, err)
			require.Equal(t, StepResult{Before: c.want.After, After: c.want.After}, again)
			require.Len(t, books.calls, 1, "a step that is done is not done again")
		})
	}
}

func TestRunStepBelievesOnlyWhatItReadsBack(t *testing.T) {
	books := &saleBooks{state: erp.OrderState{Stage: erp.Quotation}, lies: true}
	_, kept, err := runStep(t, books, StepInput{Step: erp.StepValidate, Final: true})
	require.ErrorContains(t, err, "but the order is still quotation")
	require.Equal(t, db.StepRetrying, kept.steps[0].State)
	require.False(t, kept.steps[0].Final, "a failed last step ends nothing")
}

func TestRunStepTellsWaitingFromRetrying(t *testing.T) {
	for _, c := range []struct {
		err   error
		state string
		final bool
	}{
		{&fault.Error{Kind: fault.Parked, Code: "no_stock", Message: "product 12 is out of stock", Waits: []string{"demo/product/12"}}, db.StepBlocked, true},
		{fault.New(fault.Conflict, "cannot invoice a quotation"), db.StepBlocked, true},
		{fault.New(fault.Unavailable, "the ERP does not answer"), db.StepRetrying, false},
	} {
		books := &saleBooks{state: erp.OrderState{Stage: erp.Confirmed}, err: c.err}
		_, kept, err := runStep(t, books, StepInput{Step: erp.StepShip})
		var app *temporal.ApplicationError
		require.ErrorAs(t, err, &app)
		require.Equal(t, c.final, app.NonRetryable())
		require.Equal(t, c.state, kept.steps[0].State)
		require.Equal(t, fault.KindOf(c.err), FailureOf(err).Kind)
		require.Equal(t, c.err.Error(), kept.steps[0].Reason)
		require.Equal(t, fault.From(c.err).Waits, kept.steps[0].Waits, "the record of a blocked step says what wakes it")
	}
}

func TestRunStepTellsWhatWasShippedOfAnOrderThatWaits(t *testing.T) {
	books := &saleBooks{state: erp.OrderState{Stage: erp.Confirmed}, err: fault.New(fault.Parked, "product 12 waits")}
	_, kept, err := runStep(t, books, StepInput{Step: erp.StepShip, Plan: instance.SalePlan{Partial: true}})
	require.ErrorContains(t, err, "product 12 waits")
	require.Equal(t, erp.ShipRequest{Partial: true}, books.ship)
	require.Equal(t, []string{"confirmed", "confirmed, partly shipped"}, []string{kept.steps[0].Before, kept.steps[0].After})
	require.Equal(t, db.StepBlocked, kept.steps[0].State)
}

func TestRunStepRefusesAnUnknownStep(t *testing.T) {
	_, _, err := runStep(t, &saleBooks{}, StepInput{Step: "dance"})
	require.ErrorContains(t, err, `unknown step "dance"`)
}

func TestRunStepNoticesThatTheOrderWasTakenBack(t *testing.T) {
	for name, c := range map[string]struct {
		step  erp.Step
		stage erp.OrderStage
		want  StepResult
	}{
		"cancelled":              {erp.StepInvoice, erp.Cancelled, StepResult{Before: "cancelled", After: "cancelled", Cancelled: true}},
		"cancelled at the start": {erp.StepValidate, erp.Cancelled, StepResult{Before: "cancelled", After: "cancelled", Cancelled: true}},
		"a quotation again":      {erp.StepShip, erp.Quotation, StepResult{Before: "quotation", After: "quotation", Reopened: true}},
	} {
		t.Run(name, func(t *testing.T) {
			books := &saleBooks{state: erp.OrderState{Stage: c.stage}}
			result, kept, err := runStep(t, books, StepInput{Step: c.step, Final: true})
			require.NoError(t, err)
			require.Equal(t, c.want, result)
			require.Empty(t, books.calls)
			require.Empty(t, kept.steps, "nothing was tried")
		})
	}
}

func TestAStepOfAnotherPlanIsSuperseded(t *testing.T) {
	for name, books := range map[string]*saleBooks{
		"done":   {state: erp.OrderState{Stage: erp.Confirmed}},
		"failed": {state: erp.OrderState{Stage: erp.Confirmed}, err: fault.New(fault.Unavailable, "the ERP does not answer")},
	} {
		t.Run(name, func(t *testing.T) {
			result, kept, err := runStepIn(t, &stepLog{says: db.OrderStepRecorded{Superseded: true}}, books, StepInput{Step: erp.StepInvoice, PlanID: "former"})
			require.NoError(t, err)
			require.Equal(t, StepResult{Superseded: true}, result)
			require.Equal(t, "former", kept.steps[0].PlanID)
		})
	}
}

// A database that was set back knows nothing of the steps before: the run begins again, whatever the ERP made of this step.
func TestAStepWhoseRunIsForgottenBeginsAgain(t *testing.T) {
	for name, books := range map[string]*saleBooks{
		"done":   {state: erp.OrderState{Stage: erp.Confirmed}},
		"failed": {state: erp.OrderState{Stage: erp.Confirmed}, err: fault.New(fault.Invalid, "the order has no invoice")},
	} {
		t.Run(name, func(t *testing.T) {
			plan := instance.SalePlan{Steps: []erp.Step{erp.StepValidate, erp.StepInvoice, erp.StepPay, erp.StepShip}}
			result, kept, err := runStepIn(t, &stepLog{says: db.OrderStepRecorded{Forgotten: true}}, books, StepInput{Step: erp.StepPay, Plan: plan})
			require.NoError(t, err)
			require.Equal(t, StepResult{Reopened: true}, result)
			require.Equal(t, []string{"validate", "invoice"}, kept.steps[0].Earlier)
		})
	}
}
