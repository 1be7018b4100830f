package instance

import "strings"

// Validate refuses a sub-option whose parent is off, naming the sub-option, and a sale workflow without any step: an order in
// it would never get to its end. The error is a Problems.
func (w SaleWorkflow) Validate() error {
	var p Problems
	if !ValidID(w.ID) {
		p.add("id", "must be 1 to 32 of a–z, 0–9 and -, and must not begin with -")
	}
	if strings.TrimSpace(w.Name) == "" {
		p.add("name", "is missing")
	}
	if w == (SaleWorkflow{ID: w.ID, Name: w.Name, Default: w.Default}) {
		p.add("validate_order", "must be on: a sale workflow needs at least one step. To import orders and do nothing with them, give them no sale workflow")
	}
	for _, rule := range []struct {
		chosen, parent bool
		field, needs   string
	}{
		{w.CreateInvoice, w.ValidateOrder, "create_invoice", "validate_order"},
		{w.ForceInvoiceDate, w.CreateInvoice, "force_invoice_date", "create_invoice"},
		{w.RegisterPayment, w.CreateInvoice, "register_payment", "create_invoice"},
		{w.PaymentJournal != "", w.RegisterPayment, "payment_journal", "register_payment"},
		{w.PaymentMethod != "", w.RegisterPayment, "payment_method", "register_payment"},
		{w.ConfirmShipment, w.ValidateOrder, "confirm_shipment", "validate_order"},
		{w.PartialShipment, w.ConfirmShipment, "partial_shipment", "confirm_shipment"},
	} {
		if rule.chosen && !rule.parent {
			p.add(rule.field, "needs %s to be on", rule.needs)
		}
	}
	if w.RegisterPayment && w.PaymentJournal == "" {
		p.add("payment_journal", "is missing: choose the journal payments are registered in")
	}
	return p.Err()
}
