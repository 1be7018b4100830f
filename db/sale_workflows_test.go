package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

func TestADefaultSaleWorkflowShips(t *testing.T) {
	d := newDB(t)

	all, err := d.SaleWorkflows(t.Context())

	require.NoError(t, err)
	require.Len(t, all, 1)
	require.True(t, all[0].Default)
	want := instance.DefaultSaleWorkflow()
	want.Name = all[0].Name
	require.Equal(t, want, all[0])
}

func TestSaleWorkflowRoundTrip(t *testing.T) {
	d := newDB(t)
	full := instance.SaleWorkflow{
		ID: "full", Name: "Full", ValidateOrder: true, CreateInvoice: true, ForceInvoiceDate: true, RegisterPayment: true,
		PaymentJournal: "7", PaymentMethod: "manual", ConfirmShipment: true, PartialShipment: true,
	}

	created, err := d.CreateSaleWorkflow(t.Context(), full)
	require.NoError(t, err)
	got, err := d.SaleWorkflow(t.Context(), "full")
	require.NoError(t, err)
	require.Equal(t, full, created)
	require.Equal(t, full, got)

	full.Name, full.ConfirmShipment, full.PartialShipment = "Without shipping", false, false
	_, err = d.UpdateSaleWorkflow(t.Context(), full)
	require.NoError(t, err)
	got, err = d.SaleWorkflow(t.Context(), "full")
	require.NoError(t, err)
	require.Equal(t, full, got)

	require.NoError(t, d.DeleteSaleWorkflow(t.Context(), "full"))
	_, err = d.SaleWorkflow(t.Context(), "full")
	requireKind(t, fault.NotFound, err)
}

func TestSaleWorkflowRefuses(t *testing.T) {
	d := newDB(t)
	for name, tt := range map[string]struct {
		workflow instance.SaleWorkflow
		kind     fault.Kind
	}{
		"id exists":                   {instance.SaleWorkflow{ID: "default", Name: "x"}, fault.Conflict},
		"no name":                     {instance.SaleWorkflow{}, fault.Invalid},
		"invoice without validation":  {instance.SaleWorkflow{Name: "x", CreateInvoice: true}, fault.Invalid},
		"date without invoice":        {instance.SaleWorkflow{Name: "x", ValidateOrder: true, ForceInvoiceDate: true}, fault.Invalid},
		"payment without invoice":     {instance.SaleWorkflow{Name: "x", ValidateOrder: true, RegisterPayment: true, PaymentJournal: "1"}, fault.Invalid},
		"journal without payment":     {instance.SaleWorkflow{Name: "x", PaymentJournal: "1"}, fault.Invalid},
		"shipment without validation": {instance.SaleWorkflow{Name: "x", ConfirmShipment: true}, fault.Invalid},
		"part without shipment":       {instance.SaleWorkflow{Name: "x", ValidateOrder: true, PartialShipment: true}, fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.CreateSaleWorkflow(t.Context(), tt.workflow)
			requireKind(t, tt.kind, err)
		})
	}
}

func TestThereIsAlwaysOneDefault(t *testing.T) {
	d := newDB(t)
	next, err := d.CreateSaleWorkflow(t.Context(), instance.SaleWorkflow{Name: "Next", Default: true})
	require.NoError(t, err)

	former, err := d.SaleWorkflow(t.Context(), "default")
	require.NoError(t, err)
	require.False(t, former.Default, "the new default takes its place")

	next.Default = false
	_, err = d.UpdateSaleWorkflow(t.Context(), next)
	requireKind(t, fault.Conflict, err)
	requireKind(t, fault.Conflict, d.DeleteSaleWorkflow(t.Context(), next.ID))

	former.Default = true
	_, err = d.UpdateSaleWorkflow(t.Context(), former)
	require.NoError(t, err)
	require.NoError(t, d.DeleteSaleWorkflow(t.Context(), next.ID))
}

func TestDeleteSaleWorkflowInUse(t *testing.T) {
	d := newDB(t)
	used, err := d.CreateSaleWorkflow(t.Context(), instance.SaleWorkflow{Name: "Used"})
	require.NoError(t, err)
	in := newInstance(t, d, "demo")
	in.Config.Order.Workflows = []instance.WorkflowRule{{Match: "completed", Workflow: used.ID}}
	in, err = d.UpdateInstance(t.Context(), in)
	require.NoError(t, err)

	requireKind(t, fault.Conflict, d.DeleteSaleWorkflow(t.Context(), used.ID))

	in.Config.Order.Workflows = nil
	_, err = d.UpdateInstance(t.Context(), in)
	require.NoError(t, err)
	require.NoError(t, d.DeleteSaleWorkflow(t.Context(), used.ID))
	requireKind(t, fault.NotFound, d.DeleteSaleWorkflow(t.Context(), used.ID))
	_, err = d.UpdateSaleWorkflow(t.Context(), used)
	requireKind(t, fault.NotFound, err)
}
