package odoo

import (
	"context"
	"time"

	"tandem/erp"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// InvoiceOrder posts the one invoice of a confirmed order. An invoice whose total is not what the store charged is left
// as a draft, fault.Parked with the code "totals_differ".
func (b *Backend) InvoiceOrder(ctx context.Context, order erp.Key, invoice erp.InvoiceRequest) (erp.OrderState, error) {
	return b.take(ctx, order, salecycle.Invoice, func(s standing) error {
		draft, ok := s.draftInvoice()
		if !ok {
			if err := b.draftInvoice(ctx, s.ID); err != nil {
				return err
			}
			after, err := b.standing(ctx, s.ID)
			if err != nil {
				return err
			}
			if draft, ok = after.draftInvoice(); !ok {
				return fault.New(fault.Invalid, "Odoo made no invoice of the order")
			}
		}
		if err := s.checkTotal(s.round(draft.Total)); err != nil {
			return err
		}
		return b.post(ctx, draft.ID, accountingDate(invoice.Date))
	})
}

// accountingDate is the day an entry is dated, UTC.
func accountingDate(at time.Time) time.Time {
	if at.IsZero() {
		at = time.Now()
	}
	return at.UTC()
}

// draftInvoice gives the invoice that was made and not posted yet.
func (s standing) draftInvoice() (invoiceRow, bool) {
	for _, i := range s.invoices {
		if i.State == "draft" && i.Kind == "out_invoice" {
			return i, true
		}
	}
	return invoiceRow{}, false
}

// draftInvoice has Odoo's wizard make the invoice of all that was ordered.
func (b *Backend) draftInvoice(ctx context.Context, order int64) error {
	env := with(b.base(), "active_model", "sale.order")
	env["active_ids"], env["active_id"] = []int64{order}, order
	wizard := map[string]any{"advance_payment_method": "delivered"}
	if pick(b.release, wizardOrders) {
		wizard["sale_order_ids"] = []any{[]any{6, 0, []int64{order}}}
	}
	if pick(b.release, consolidates) {
		wizard["consolidated_billing"] = false
	}
	return b.runWizard(ctx, "sale.advance.payment.inv", wizard, "create_invoices", env)
}

// runWizard fills in one of Odoo's wizards and presses its button.
func (b *Backend) runWizard(ctx context.Context, model string, wizard map[string]any, button string, env map[string]any) error {
	var made []int64
	err := b.api.call(ctx, call{model: model, method: "create", context: env, args: map[string]any{"vals_list": []any{wizard}}}, &made)
	if err != nil {
		return err
	}
	return b.api.call(ctx, call{model: model, method: button, ids: made, context: env}, nil)
}

// numbering is what calls that draw numbers without gaps take turns on: Odoo lets one of two such transactions fail.
const numbering = "numbering"

func (b *Backend) post(ctx context.Context, invoice int64, date time.Time) error {
	defer b.locks.lock([]string{numbering})()
	vals := values([]cell{day("invoice_date", date), day("date", date)})
	if err := b.write(ctx, "account.move", []int64{invoice}, vals); err != nil {
		return err
	}
	return b.run(ctx, "account.move", "action_post", []int64{invoice}, nil, nil)
}
