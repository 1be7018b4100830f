package entity

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// CheckConfig checks that what an instance is configured with exists in its ERP. The error is an instance.Problems that
// names each field at fault; empty fields are left to instance.MissingForActivation.
func CheckConfig(c instance.Config, o erp.Options) error {
	var p instance.Problems
	for _, choice := range []struct {
		field, id string
		among     []erp.Choice
	}{
		{"general.company", c.General.Company, o.Companies},
		{"general.warehouse", c.General.Warehouse, o.Warehouses},
		{"payment.term", c.Payment.Term, o.PaymentTerms},
		{"order.sales_team", c.Order.SalesTeam, o.SalesTeams},
		{"order.salesperson", c.Order.Salesperson, o.Salespeople},
		{"tax.invoice_account", c.Tax.InvoiceAccount, o.Accounts},
		{"tax.credit_note_account", c.Tax.CreditNoteAccount, o.Accounts},
	} {
		p = append(p, checkChoice(choice.field, choice.id, choice.among)...)
	}
	for i, id := range c.Stock.Warehouses {
		p = append(p, checkChoice(fmt.Sprintf("stock.warehouses[%d]", i), id, o.Warehouses)...)
	}
	p = append(p, checkCurrency("general.currency", c.General.Currency, o.Currencies)...)
	for i, code := range c.General.Currencies {
		p = append(p, checkCurrency(fmt.Sprintf("general.currencies[%d]", i), code, o.Currencies)...)
	}
	return p.Err()
}

// CheckSaleWorkflow checks that a sale workflow's journal and payment method exist in the ERP. The error is an
// instance.Problems.
func CheckSaleWorkflow(w instance.SaleWorkflow, o erp.Options) error {
	p := instance.Problems(checkChoice("payment_journal", w.PaymentJournal, o.Journals))
	p = append(p, checkChoice("payment_method", w.PaymentMethod, o.PaymentMethods)...)
	return p.Err()
}

// CheckWorkflows checks that the sale workflows an instance's rules name exist. The error is an instance.Problems.
func CheckWorkflows(c instance.Config, workflows []instance.SaleWorkflow) error {
	var p instance.Problems
	for i, rule := range c.Order.Workflows {
		exists := slices.ContainsFunc(workflows, func(w instance.SaleWorkflow) bool { return w.ID == rule.Workflow })
		if !exists {
			p = append(p, fault.Field(fmt.Sprintf("order.workflows[%d].workflow", i), "%q does not exist", rule.Workflow))
		}
	}
	return p.Err()
}

// WithPayment gives a sale workflow the first bank journal the ERP offers and its manual payment method, or the first one
// without that, where it names none: what the default workflow ships with. It answers fault.Unsupported for an ERP without
// a bank journal.
func WithPayment(w instance.SaleWorkflow, o erp.Options) (instance.SaleWorkflow, error) {
	if !w.RegisterPayment {
		return w, nil
	}
	if w.PaymentJournal == "" {
		i := slices.IndexFunc(o.Journals, func(c erp.Choice) bool { return c.Kind == "bank" })
		if i < 0 {
			return w, fault.New(fault.Unsupported, "the ERP has no bank journal to register payments in: create one")
		}
		w.PaymentJournal = o.Journals[i].ID
	}
	if w.PaymentMethod == "" && len(o.PaymentMethods) > 0 {
		i := slices.IndexFunc(o.PaymentMethods, isManual)
		w.PaymentMethod = o.PaymentMethods[max(i, 0)].ID
	}
	return w, nil
}

// isManual tells the method for money that was received already from those that would charge somebody: the store has
// done that.
func isManual(method erp.Choice) bool { return method.Code == "manual" || method.ID == "manual" }

func checkChoice(field, id string, among []erp.Choice) []*fault.Error {
	if id == "" || slices.ContainsFunc(among, func(c erp.Choice) bool { return c.ID == id }) {
		return nil
	}
	return []*fault.Error{fault.Field(field, "%q does not exist in the ERP: choose one of its options", id)}
}

// checkCurrency compares codes: currencies are configured by code, not by the ERP's id.
func checkCurrency(field, code string, among []erp.Choice) []*fault.Error {
	known := func(c erp.Choice) bool { return c.Code == code || c.Currency == code || c.ID == code }
	if code == "" || slices.ContainsFunc(among, known) {
		return nil
	}
	return []*fault.Error{fault.Field(field, "%s is not an active currency of the ERP: activate it there, or create it with this code and "+
		"a rounding of %s", code, decimal.New(1, -instance.CurrencyDecimals(code)))}
}
