package instance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

func TestPlanSale(t *testing.T) {
	ordered := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	paid := ordered.Add(time.Hour)
	for _, c := range []struct {
		name string
		w    SaleWorkflow
		want SalePlan
	}{
		{"nothing", SaleWorkflow{ID: "none"}, SalePlan{Workflow: "none"}},
		{
			"everything",
			SaleWorkflow{
				ID: "all", ValidateOrder: true, CreateInvoice: true, ForceInvoiceDate: true, RegisterPayment: true,
				PaymentJournal: "3", PaymentMethod: "manual", ConfirmShipment: true, PartialShipment: true,
			},
			SalePlan{
				Workflow: "all", Steps: []erp.Step{erp.StepValidate, erp.StepInvoice, erp.StepPay, erp.StepShip},
				InvoiceDate: ordered, PaidAt: paid, Journal: "3", Method: "manual", Partial: true,
			},
		},
		{
			"ship without an invoice",
			SaleWorkflow{ID: "ship", ValidateOrder: true, ConfirmShipment: true},
			SalePlan{Workflow: "ship", Steps: []erp.Step{erp.StepValidate, erp.StepShip}},
		},
		{
			"nothing is shipped in part that is not shipped",
			SaleWorkflow{ID: "odd", ValidateOrder: true, PartialShipment: true},
			SalePlan{Workflow: "odd", Steps: []erp.Step{erp.StepValidate}},
		},
		{
			"a journal without a payment is not used",
			SaleWorkflow{ID: "odd", ValidateOrder: true, PaymentJournal: "3"},
			SalePlan{Workflow: "odd", Steps: []erp.Step{erp.StepValidate}},
		},
	} {
		c.want.OrderedAt, c.want.OrderPaidAt = ordered, paid
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, PlanSale(c.w, ordered, paid)) })
	}
}

func TestACorrectedWorkflowPlansTheSameOrder(t *testing.T) {
	ordered := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	paid := ordered.Add(time.Hour)
	wrong := SaleWorkflow{ID: "web", ValidateOrder: true, CreateInvoice: true, RegisterPayment: true, PaymentJournal: "3"}
	right := wrong
	right.PaymentMethod, right.ForceInvoiceDate = "manual", true

	require.Equal(t, PlanSale(right, ordered, paid), PlanSale(wrong, ordered, paid).Again(right))

	old := SalePlan{Workflow: "web", InvoiceDate: ordered, PaidAt: paid} // made before plans knew the order's dates
	require.Equal(t, PlanSale(right, ordered, paid), old.Again(right))
}

func TestSkippedStepsStaySkipped(t *testing.T) {
	w := SaleWorkflow{ID: "all", ValidateOrder: true, CreateInvoice: true, RegisterPayment: true, PaymentJournal: "3", ConfirmShipment: true}
	plan := PlanSale(w, time.Time{}, time.Time{})
	for name, c := range map[string]struct {
		skip  []erp.Step
		steps []erp.Step
		kind  fault.Kind
	}{
		"shipment":                    {[]erp.Step{erp.StepShip}, []erp.Step{erp.StepValidate, erp.StepInvoice, erp.StepPay}, ""},
		"payment":                     {[]erp.Step{erp.StepPay}, []erp.Step{erp.StepValidate, erp.StepInvoice, erp.StepShip}, ""},
		"invoice, and so the payment": {[]erp.Step{erp.StepInvoice}, []erp.Step{erp.StepValidate, erp.StepShip}, ""},
		"payment, then invoice":       {[]erp.Step{erp.StepPay, erp.StepInvoice}, []erp.Step{erp.StepValidate, erp.StepShip}, ""},
		"validation":                  {[]erp.Step{erp.StepValidate}, nil, fault.Invalid},
		"twice":                       {[]erp.Step{erp.StepShip, erp.StepShip}, nil, fault.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := plan, error(nil)
			for _, step := range c.skip {
				if err == nil {
					got, err = got.Skip(step)
				}
			}
			if c.kind != "" {
				require.Equal(t, c.kind, fault.KindOf(err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.steps, got.Steps)
			require.False(t, got.Same(plan))
			again := got.Again(w)
			require.True(t, got.Same(again), "another retry does not bring the step back")
		})
	}
	short := PlanSale(SaleWorkflow{ID: "short", ValidateOrder: true}, time.Time{}, time.Time{})
	_, err := short.Skip(erp.StepShip)
	require.Equal(t, fault.Invalid, fault.KindOf(err), "it is none of the sale workflow")
	require.Len(t, plan.Steps, 4, "the plan before stays as it was")
}
