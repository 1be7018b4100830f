package instance_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/instance"
)

func TestSaleWorkflowValidate(t *testing.T) {
	whole := instance.DefaultSaleWorkflow()
	whole.PaymentJournal, whole.PaymentMethod = "BNK1", "manual"
	for _, test := range []struct {
		name  string
		spoil func(*instance.SaleWorkflow)
		want  []string
	}{
		{"whole", func(*instance.SaleWorkflow) {}, nil},
		{"no step", func(w *instance.SaleWorkflow) { *w = instance.SaleWorkflow{ID: "none", Name: "None", Default: true} },
			[]string{"validate_order"}},
		{"id and name", func(w *instance.SaleWorkflow) { w.ID, w.Name = "A", " " }, []string{"id", "name"}},
		{"nothing without validation", func(w *instance.SaleWorkflow) { w.ValidateOrder = false },
			[]string{"create_invoice", "confirm_shipment"}},
		{"nothing shipped in part without shipment",
			func(w *instance.SaleWorkflow) { w.ConfirmShipment, w.PartialShipment = false, true }, []string{"partial_shipment"}},
		{"nothing paid without invoice", func(w *instance.SaleWorkflow) { w.CreateInvoice, w.ForceInvoiceDate = false, true },
			[]string{"force_invoice_date", "register_payment"}},
		{"no journal without payment", func(w *instance.SaleWorkflow) { w.RegisterPayment = false },
			[]string{"payment_journal", "payment_method"}},
		{"no payment without journal", func(w *instance.SaleWorkflow) { w.PaymentJournal = "" }, []string{"payment_journal"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := whole
			test.spoil(&w)
			require.Equal(t, test.want, fields(t, w.Validate()))
		})
	}
}

func TestDefaultSaleWorkflowNeedsAJournal(t *testing.T) {
	w := instance.DefaultSaleWorkflow()
	require.Equal(t, []string{"payment_journal"}, fields(t, w.Validate()))
	require.False(t, w.ForceInvoiceDate)
}

func TestMetaMappingValidate(t *testing.T) {
	good := instance.MetaMapping{Model: instance.MetaCustomer, Key: "_vat", Field: "tax_id", Type: instance.MetaText}
	require.NoError(t, good.Validate())
	require.Equal(t, []string{"model", "meta_key", "field", "type"}, fields(t, instance.MetaMapping{}.Validate()))
	bad := instance.MetaMapping{Model: "coupon", Key: strings.Repeat("k", 256), Field: "Tax ID", Type: "float"}
	require.Equal(t, []string{"model", "meta_key", "field", "type"}, fields(t, bad.Validate()))
}
