package sales

import (
	"context"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// Pay registers the payment of each order's invoice in full, in a bank or cash journal.
func (b *Book) Pay(ctx context.Context, orders []erp.Ask[erp.PaymentRequest]) []erp.StepResult {
	return saleStep[erp.PaymentRequest]{erp.StepPay, b.payAll, b.mendMemos}.take(ctx, b, orders)
}

// payable are orders whose payments Odoo's wizard makes at once, one for each.
type payable struct {
	payTerms
	orders []*pendingOrder[erp.PaymentRequest]
}

// payTerms is what payments must have in common for that.
type payTerms struct {
	paymentRoute
	currency string
	day      string
	alone    int64 // the order whose invoice is paid on its own; 0 when others may be paid along with it
}

// payAll registers the payments of orders that have all but the memo in common at once, and gives them their memos
// afterwards: the wizard takes one memo only.
func (b *Book) payAll(ctx context.Context, orders []*pendingOrder[erp.PaymentRequest]) error {
	groups, err := b.payables(ctx, orders)
	if err != nil {
		return err
	}
	var together []*pendingOrder[erp.PaymentRequest]
	for _, g := range groups {
		if err := b.registerAll(ctx, g); err != nil {
			return err
		}
		if len(g.orders) > 1 {
			together = append(together, unfailed(g.orders)...)
		}
	}
	return b.mendMemos(ctx, together)
}

// payables groups orders in the order they come in. One whose journal or method is unknown fails.
func (b *Book) payables(ctx context.Context, orders []*pendingOrder[erp.PaymentRequest]) ([]*payable, error) {
	split, err := b.splitInvoices(ctx, orders)
	if err != nil {
		return nil, err
	}
	routes := paymentRoutes{Book: b, journals: map[[2]string]looked{}, methods: map[methodOf]looked{}}
	var groups []*payable
	known := map[payTerms]*payable{}
	for _, d := range orders {
		terms := payTerms{currency: d.Currency.Name, day: accountingDate(d.With.Date).Format(time.DateOnly)}
		if terms.paymentRoute, d.failure = routes.find(ctx, d.With, d.Currency.Name); d.failure != nil {
			continue
		}
		if split[d.ID] {
			terms.alone = d.ID
		}
		if known[terms] == nil {
			known[terms] = &payable{payTerms: terms}
			groups = append(groups, known[terms])
		}
		known[terms].orders = append(known[terms].orders, d)
	}
	return groups, nil
}

// splitInvoices tells the orders whose payment term splits the invoice into instalments: versions before 18 make a payment
// for each of them when several invoices are paid at once.
func (b *Book) splitInvoices(ctx context.Context, orders []*pendingOrder[erp.PaymentRequest]) (map[int64]bool, error) {
	type paymentTerm struct {
		rpc.Row
		Lines []int64 `json:"line_ids"`
	}
	of := map[int64][]int64{} // orders by their payment term
	var terms []int64
	for _, d := range orders {
		if invoice, ok := d.Invoice(); ok && invoice.Term.ID != 0 {
			terms = append(terms, invoice.Term.ID)
			of[invoice.Term.ID] = append(of[invoice.Term.ID], d.ID)
		}
	}
	rows, err := rpc.SearchBy[paymentTerm](ctx, b.rpc, "account.payment.term", "id", rpc.Distinct(terms), nil, "line_ids")
	split := map[int64]bool{}
	for _, r := range rows {
		for _, order := range of[r.ID] {
			split[order] = len(r.Lines) > 1
		}
	}
	return split, err
}

// registerAll registers the payments of a group. When Odoo refuses them, those that are paid all the same are left out of
// the next try: it does not refuse to pay an invoice twice whose first payment posted no entry.
func (b *Book) registerAll(ctx context.Context, g *payable) error {
	byID := make(map[int64]*pendingOrder[erp.PaymentRequest], len(g.orders))
	for _, d := range g.orders {
		byID[d.ID] = d
	}
	refused := false
	return asOne(g.orders, func(ids []int64) error {
		if refused {
			now, err := b.Snapshots(ctx, ids)
			if err != nil {
				return err
			}
			ids = unpaid(ids, now)
		}
		err := b.register(ctx, g.payTerms, rpc.Map(ids, func(id int64) *pendingOrder[erp.PaymentRequest] { return byID[id] }))
		refused = refused || err != nil
		return err
	})
}

// unpaid leaves out the orders that are paid.
func unpaid(ids []int64, now map[int64]Snapshot) []int64 {
	var rest []int64
	for _, id := range ids {
		if invoice, ok := now[id].Invoice(); !ok || !invoice.paid() {
			rest = append(rest, id)
		}
	}
	return rest
}

// register has Odoo's wizard make a payment for each of some orders. A single one is given its memo, too.
func (b *Book) register(ctx context.Context, terms payTerms, orders []*pendingOrder[erp.PaymentRequest]) error {
	if len(orders) == 0 {
		return nil
	}
	invoices := rpc.Map(orders, func(d *pendingOrder[erp.PaymentRequest]) int64 { invoice, _ := d.Invoice(); return invoice.ID })
	env := rpc.With(b.rpc.BaseContext(), "active_model", "account.move")
	env["active_ids"], env["active_id"] = invoices, invoices[0]
	wizard := map[string]any{"journal_id": terms.journal, "payment_date": terms.day, methodField(b.rpc.Release): terms.method}
	if len(orders) > 1 {
		wizard["group_payment"] = false // not one for all invoices of a customer
	} else if memo := memoOf(orders[0]); memo != "" {
		wizard["communication"] = memo
	}
	return b.runWizard(ctx, "account.payment.register", wizard, "action_create_payments", env)
}

// methodField is the field of the payment wizard that takes the method.
func methodField(r rpc.Release) string {
	if rpc.MethodLines.For(r) {
		return "payment_method_line_id"
	}
	return "payment_method_id"
}
