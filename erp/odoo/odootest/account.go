package odootest

// postInvoice posts a draft and gives it its number.
func postInvoice(invoice record) {
	if invoice.text("state") != "draft" {
		refuse("You can only post an entry that is a draft.")
	}
	if invoice.text("invoice_date") == "" {
		invoice.set("invoice_date", invoice.now[:len("2006-01-02")])
	}
	invoice.write(map[string]any{"name": invoice.numbered("account.move", "INV/"), "state": "posted"})
	invoice.settle()
}

// settle says how far an invoice is paid.
func (r record) settle() {
	if r.amount("amount_residual").IsZero() {
		r.set("payment_state", "paid")
	}
}

// registerPayment pays the invoices in the context in full, each by a payment of its own.
func registerPayment(wizard record) {
	for _, invoice := range wizard.browse("account.move", numbers(wizard.context["active_ids"])) {
		if invoice.text("state") != "posted" || invoice.amount("amount_residual").IsZero() {
			refuse("You can't register a payment because there is nothing left to pay on the selected journal items.")
		}
		pay(wizard, invoice)
	}
}

func pay(wizard, invoice record) {
	residual := invoice.amount("amount_residual")
	memo, method := "memo", "payment_method_line_id"
	if wizard.version < 18 {
		memo = "ref"
	}
	if wizard.version < 15 {
		method = "payment_method_id"
	}
	entry := wizard.create("account.move", map[string]any{"name": wizard.numbered("account.move", "PAY/"), "move_type": "entry",
		"state": "posted", "date": wizard.get("payment_date"), "journal_id": wizard.get("journal_id"),
		"currency_id": invoice.get("currency_id"), "ref": wizard.get("communication")})
	entry.post("outstanding", "product", residual, nil)
	credit := entry.post("", "payment_term", residual.Neg(), nil)
	wizard.create("account.payment", map[string]any{"name": entry.text("name"), "amount": residual, "date": wizard.get("payment_date"),
		memo: wizard.get("communication"), "journal_id": wizard.get("journal_id"), "partner_id": invoice.get("partner_id"),
		"currency_id": invoice.get("currency_id"), "move_id": entry.id, "payment_type": "inbound", method: wizard.get(method)})
	for _, debit := range invoice.many("line_ids") {
		if debit.text("display_type") == "payment_term" {
			wizard.create("account.partial.reconcile", map[string]any{"debit_move_id": debit.id, "credit_move_id": credit.id, "amount": residual})
		}
	}
	invoice.set("amount_residual", 0)
	invoice.settle()
}
