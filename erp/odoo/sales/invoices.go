package sales

import (
	"context"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Invoice posts the one invoice of each confirmed order. An invoice whose total is not what the store charged is left
// as a draft, fault.Parked with the code "totals_differ".
func (b *Book) Invoice(ctx context.Context, orders []erp.Ask[erp.InvoiceRequest]) []erp.StepResult {
	return saleStep[erp.InvoiceRequest]{name: erp.StepInvoice, do: b.invoiceAll}.take(ctx, b, orders)
}

func (b *Book) invoiceAll(ctx context.Context, orders []*pendingOrder[erp.InvoiceRequest]) error {
	if err := b.draftAll(ctx, orders); err != nil {
		return err
	}
	for _, d := range unfailed(orders) {
		if _, ok := d.draftInvoice(); !ok {
			d.failure = fault.New(fault.Invalid, "Odoo made no invoice of the order")
		}
	}
	if err := b.settleTaxes(ctx, unfailed(orders)); err != nil {
		return err
	}
	byDay := map[string][]*pendingOrder[erp.InvoiceRequest]{}
	for _, d := range unfailed(orders) {
		draft, _ := d.draftInvoice()
		if d.failure = d.checkTotal(d.Round(draft.Total)); d.failure == nil {
			date := accountingDate(d.With.Date).Format(time.DateOnly)
			byDay[date] = append(byDay[date], d)
		}
	}
	for date, dated := range byDay {
		if err := b.postAll(ctx, dated, date); err != nil {
			return err
		}
	}
	return nil
}

// draftAll has invoices made of the orders that have none.
func (b *Book) draftAll(ctx context.Context, orders []*pendingOrder[erp.InvoiceRequest]) error {
	var lacking []*pendingOrder[erp.InvoiceRequest]
	for _, d := range orders {
		if _, ok := d.draftInvoice(); !ok {
			lacking = append(lacking, d)
		}
	}
	for _, part := range b.apart(lacking) {
		if err := asOne(part, func(ids []int64) error { return b.draftInvoices(ctx, ids) }); err != nil {
			return err
		}
	}
	after, err := b.Snapshots(ctx, rpc.Map(unfailed(lacking), idOf[erp.InvoiceRequest]))
	for _, d := range unfailed(lacking) {
		d.Snapshot = after[d.ID]
	}
	return err
}

// apart puts orders that Odoo would put on one invoice into different parts: those of one customer, where it cannot be told
// not to.
func (b *Book) apart(orders []*pendingOrder[erp.InvoiceRequest]) [][]*pendingOrder[erp.InvoiceRequest] {
	if rpc.ConsolidatesInvoices.For(b.rpc.Release) {
		return [][]*pendingOrder[erp.InvoiceRequest]{orders}
	}
	var parts [][]*pendingOrder[erp.InvoiceRequest]
	nth := map[int64]int{} // how many orders of a customer there were so far
	for _, d := range orders {
		at := nth[d.Invoicee.ID]
		nth[d.Invoicee.ID]++
		if at == len(parts) {
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], d)
	}
	return parts
}

// accountingDate is the day an entry is dated, UTC.
func accountingDate(at time.Time) time.Time {
	if at.IsZero() {
		at = time.Now()
	}
	return at.UTC()
}

// draftInvoice gives the invoice that was made and not posted yet.
func (s Snapshot) draftInvoice() (Invoice, bool) {
	for _, i := range s.invoices {
		if i.State == "draft" && i.Kind == "out_invoice" {
			return i, true
		}
	}
	return Invoice{}, false
}

// draftInvoices has Odoo's wizard make an invoice of all that was ordered, for each of the orders.
func (b *Book) draftInvoices(ctx context.Context, orders []int64) error {
	env := rpc.With(b.rpc.BaseContext(), "active_model", "sale.order")
	env["active_ids"], env["active_id"] = orders, orders[0]
	wizard := map[string]any{"advance_payment_method": "delivered"}
	if rpc.WizardOrders.For(b.rpc.Release) {
		wizard["sale_order_ids"] = []any{[]any{6, 0, orders}}
	}
	if rpc.ConsolidatesInvoices.For(b.rpc.Release) {
		wizard["consolidated_billing"] = false
	}
	return b.runWizard(ctx, "sale.advance.payment.inv", wizard, "create_invoices", env)
}

// runWizard fills in one of Odoo's wizards and presses its button.
func (b *Book) runWizard(ctx context.Context, model string, wizard map[string]any, button string, env map[string]any) error {
	var made []int64
	err := b.rpc.Call(ctx, rpc.Call{Model: model, Method: "create", Context: env, Args: map[string]any{"vals_list": []any{wizard}}}, &made)
	if err != nil {
		return err
	}
	return b.rpc.Call(ctx, rpc.Call{Model: model, Method: button, IDs: made, Context: env}, nil)
}

// postAll posts draft invoices with one date. Numbers without gaps are drawn for them, and Odoo lets one of two such
// transactions fail: rounds follow each other.
func (b *Book) postAll(ctx context.Context, orders []*pendingOrder[erp.InvoiceRequest], date string) error {
	drafts := map[int64]int64{}
	for _, d := range orders {
		draft, _ := d.draftInvoice()
		drafts[d.ID] = draft.ID
	}
	return asOne(orders, func(ids []int64) error {
		invoices := rpc.Map(ids, func(id int64) int64 { return drafts[id] })
		if err := b.rpc.Write(ctx, "account.move", invoices, map[string]any{"invoice_date": date, "date": date}); err != nil {
			return err
		}
		return b.rpc.Run(ctx, "account.move", "action_post", invoices, nil, nil)
	})
}
