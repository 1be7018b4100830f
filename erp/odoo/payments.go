package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// PayOrder registers the payment of an order's invoice in full, in a bank or cash journal.
func (b *Backend) PayOrder(ctx context.Context, order erp.Key, payment erp.PaymentRequest) (erp.OrderState, error) {
	step := saleStep[erp.PaymentRequest]{name: salecycle.Pay, do: b.payAll}
	return b.steps.payments.ask(ctx, stepCall[erp.PaymentRequest]{order, payment}, step.rounds(b))
}

// payAll registers one payment after the other: Odoo gives several that are made at once the same memo.
func (b *Backend) payAll(ctx context.Context, orders []*due[erp.PaymentRequest]) error {
	for _, d := range orders {
		d.failure = b.pay(ctx, d.standing, d.with)
	}
	return nil
}

func (b *Backend) pay(ctx context.Context, s standing, payment erp.PaymentRequest) error {
	journal, err := b.paymentJournal(ctx, payment.Journal, s.Currency.Name)
	if err != nil {
		return err
	}
	method, err := b.paymentMethod(ctx, journal, payment.Method)
	if err != nil {
		return err
	}
	invoice, _ := s.invoice()
	env := with(b.base(), "active_model", "account.move")
	env["active_ids"], env["active_id"] = []int64{invoice.ID}, invoice.ID
	wizard := values([]cell{refer("journal_id", journal), day("payment_date", accountingDate(payment.Date))})
	if memo := or(payment.Memo, string(s.Payment)); memo != "" {
		wizard["communication"] = memo
	}
	wizard[methodField(b.release)] = method
	return b.runWizard(ctx, "account.payment.register", wizard, "action_create_payments", env)
}

// methodField is the field of the payment wizard that takes the method.
func methodField(r release) string {
	if pick(r, methodLines) {
		return "payment_method_line_id"
	}
	return "payment_method_id"
}

// paymentJournal finds a journal that takes money in a currency.
func (b *Backend) paymentJournal(ctx context.Context, id, currency string) (int64, error) {
	rows, err := search[option](ctx, b, "account.journal",
		[]any{term("id", "=", parseID(id)), in("type", []string{"bank", "cash"})}, "currency_id")
	if err != nil || len(rows) == 0 {
		return 0, orMissing(err, "journal", "there is no bank or cash journal %q: choose one of the ERP's", id)
	}
	if own := rows[0].Currency.Name; own != "" && own != currency {
		return 0, fault.Field("journal", "journal %q takes %s, but the order is in %s", id, own, currency)
	}
	return rows[0].ID, nil
}

// paymentMethod finds a method of incoming payments by its code, as the journal has it.
func (b *Backend) paymentMethod(ctx context.Context, journal int64, code string) (int64, error) {
	model, domain := "account.payment.method", []any{term("code", "=", code), term("payment_type", "=", "inbound")}
	if pick(b.release, methodLines) {
		model, domain = "account.payment.method.line", append(domain, term("journal_id", "=", journal))
	}
	rows, err := search[row](ctx, b, model, domain, "id")
	if err != nil || len(rows) == 0 {
		return 0, orMissing(err, "method", "there is no payment method %q in this journal: choose one of the ERP's", code)
	}
	return rows[0].ID, nil
}
