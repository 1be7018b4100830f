package instance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
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
