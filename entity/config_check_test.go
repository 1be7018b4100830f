package entity

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

func choices(ids ...string) []erp.Choice {
	var list []erp.Choice
	for _, id := range ids {
		list = append(list, erp.Choice{ID: id, Code: id})
	}
	return list
}

func TestCheckConfig(t *testing.T) {
	options := erp.Options{
		Companies: choices("1"), Warehouses: choices("WH"), PaymentTerms: choices("immediate"),
		SalesTeams: choices("web"), Salespeople: choices("sales"), Accounts: choices("4457"),
		Currencies: []erp.Choice{{ID: "126", Code: "EUR"}, {ID: "2", Currency: "USD"}, {ID: "JPY"}},
	}
	good := entitytest.Demo().Instance.Config
	require.NoError(t, CheckConfig(good, options))
	require.NoError(t, CheckConfig(instance.Config{}, erp.Options{}), "what is empty is asked for at activation")

	bad := good
	bad.General = instance.General{Company: "2", Warehouse: "X", Currency: "GBP", Currencies: []string{"EUR", "CHF"}}
	bad.Payment.Term, bad.Order.SalesTeam, bad.Order.Salesperson = "never", "x", "x"
	bad.Tax = instance.Tax{InvoiceAccount: "1", CreditNoteAccount: "2"}
	var problems instance.Problems
	require.ErrorAs(t, CheckConfig(bad, options), &problems)
	var fields []string
	for _, p := range problems {
		require.Equal(t, fault.Invalid, p.Kind)
		fields = append(fields, p.Field)
	}
	require.Equal(t, []string{
		"general.company", "general.warehouse", "payment.term", "order.sales_team", "order.salesperson",
		"tax.invoice_account", "tax.credit_note_account", "general.currency", "general.currencies[1]",
	}, fields)
}

func TestCheckWorkflows(t *testing.T) {
	c := instance.Config{Order: instance.Order{Workflows: []instance.WorkflowRule{{Match: "a", Workflow: "default"}, {Match: "b", Workflow: "gone"}}}}
	known := []instance.SaleWorkflow{{ID: "default"}}
	require.Equal(t, "order.workflows[1].workflow", fault.From(CheckWorkflows(c, known)).Field)
	c.Order.Workflows = c.Order.Workflows[:1]
	require.NoError(t, CheckWorkflows(c, known))
}

func TestWithPayment(t *testing.T) {
	options := erp.Options{
		Journals:       []erp.Choice{{ID: "CSH", Kind: "cash"}, {ID: "BNK1", Kind: "bank"}, {ID: "BNK2", Kind: "bank"}},
		PaymentMethods: choices("card", "manual"),
	}
	w, err := WithPayment(instance.DefaultSaleWorkflow(), options)
	require.NoError(t, err)
	require.Equal(t, "BNK1", w.PaymentJournal)
	require.Equal(t, "manual", w.PaymentMethod)
	require.NoError(t, w.Validate())
	require.NoError(t, CheckSaleWorkflow(w, options))

	w.PaymentJournal, w.PaymentMethod = "BNK2", "card"
	chosen, err := WithPayment(w, options)
	require.NoError(t, err)
	require.Equal(t, w, chosen, "a choice stays")

	options.PaymentMethods = []erp.Choice{{ID: "4", Code: "card"}, {ID: "5", Code: "manual"}}
	w, err = WithPayment(instance.DefaultSaleWorkflow(), options)
	require.NoError(t, err)
	require.Equal(t, "5", w.PaymentMethod, "by its code where ids are numbers")
	options.PaymentMethods = choices("card", "cheque")
	w, err = WithPayment(instance.DefaultSaleWorkflow(), options)
	require.NoError(t, err)
	require.Equal(t, "card", w.PaymentMethod, "the first where none is manual")

	_, err = WithPayment(instance.DefaultSaleWorkflow(), erp.Options{})
	require.True(t, fault.Is(err, fault.Unsupported))
	unpaid, err := WithPayment(instance.SaleWorkflow{ID: "none"}, erp.Options{})
	require.NoError(t, err)
	require.Empty(t, unpaid.PaymentJournal)
}

func TestCheckSaleWorkflow(t *testing.T) {
	w := instance.SaleWorkflow{PaymentJournal: "BNK1", PaymentMethod: "manual"}
	var problems instance.Problems
	require.ErrorAs(t, CheckSaleWorkflow(w, erp.Options{}), &problems)
	require.Len(t, problems, 2)
	require.Equal(t, "payment_journal", problems[0].Field)
	require.Equal(t, "payment_method", problems[1].Field)
}
