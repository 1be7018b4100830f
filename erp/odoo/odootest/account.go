package odootest

import "cmp"

// postInvoice posts a draft and gives it its number.
func postInvoice(invoice record) {
	if invoice.text("state") != "draft" {
		refuse("You can only post an entry that is a draft.")
	}
	if invoice.text("invoice_date") == "" {
		invoice.set("invoice_date", invoice.now[:len("2006-01-02")])
	}
	number := invoice.numbered("account.move", "INV/")
	invoice.write(map[string]any{"name": number, "payment_reference": cmp.Or(invoice.text("payment_reference"), number), "state": "posted"})
	invoice.settle()
}

// settle says how far an invoice is paid.
func (r record) settle() {
	if r.amount("amount_residual").IsZero() {
		r.set("payment_state", "paid")
	}
}

// registerPayment pays the invoices in the context that are not paid yet in full, each by a payment of its own. The memo is
// for a single invoice only.
func registerPayment(wizard record) {
	var due []record
	for _, invoice := range wizard.browse("account.move", numbers(wizard.context["active_ids"])) {
		if invoice.text("state") != "posted" {
			refuse("You can only register payment for posted journal entries.")
		}
		if !invoice.amount("amount_residual").IsZero() {
			due = append(due, invoice)
		}
	}
	if len(due) == 0 {
		refuse("You can't register a payment because there is nothing left to pay on the selected journal items.")
	}
	if len(due) > 1 && wizard.is("group_payment") {
		raise("builtins.ValueError", "odootest makes a payment for each invoice")
	}
	for _, invoice := range due {
		memo := wizard.text("communication")
		if len(due) > 1 || memo == "" {
			memo = cmp.Or(invoice.text("payment_reference"), invoice.text("ref"), invoice.text("name"))
		}
		pay(wizard, invoice, memo)
	}
}

// memoField is the field of a payment that keeps its memo.
func (e env) memoField() string {
	if e.version < 18 {
		return "ref"
	}
	return "memo"
}

func pay(wizard, invoice record, memo string) {
	residual := invoice.amount("amount_residual")
	method := "payment_method_line_id"
	if wizard.version < 15 {
		method = "payment_method_id"
	}
	entry := wizard.create("account.move", map[string]any{"name": wizard.numbered("account.move", "PAY/"), "move_type": "entry",
		"state": "posted", "date": wizard.get("payment_date"), "journal_id": wizard.get("journal_id"),
		"currency_id": invoice.get("currency_id"), "ref": memo})
	entry.post("outstanding", "product", residual, nil)
	credit := entry.post("", "payment_term", residual.Neg(), nil)
	payment := wizard.create("account.payment", map[string]any{"name": entry.text("name"), "amount": residual, "date": wizard.get("payment_date"),
		wizard.memoField(): memo, "journal_id": wizard.get("journal_id"), "partner_id": invoice.get("partner_id"),
		"currency_id": invoice.get("currency_id"), "move_id": entry.id, "payment_type": "inbound", method: wizard.get(method)})
	if wizard.version >= 18 {
		payment.set("invoice_ids", []int64{invoice.id})
	}
	for _, debit := range invoice.many("line_ids") {
		if debit.text("display_type") == "payment_term" {
			wizard.create("account.partial.reconcile", map[string]any{"debit_move_id": debit.id, "credit_move_id": credit.id, "amount": residual})
		}
	}
	invoice.set("amount_residual", 0)
	invoice.settle()
}

// reconciledInvoices are the invoices that a payment pays, from 18 on without an entry, too.
func reconciledInvoices(payment record) any {
	if payment.version >= 18 {
		return payment.get("invoice_ids")
	}
	var invoices []int64
	for _, line := range payment.one("move_id").many("line_ids") {
		for _, part := range line.many("matched_debit_ids") {
			invoices = append(invoices, part.one("debit_move_id").one("move_id").id)
		}
	}
	return invoices
}

// remember gives the entry of a payment the memo that the payment is given.
func remember(payment record, values map[string]any) map[string]any {
	if memo, ok := values[payment.memoField()]; ok && !payment.one("move_id").none() {
		payment.one("move_id").set("ref", memo)
	}
	return values
}
