package sales

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// creditNote is a refund on its way into Odoo.
type creditNote struct {
	refundWriter
	draft   *refundDraft
	refund  *erp.Refund
	order   Snapshot
	invoice Invoice
}

// bookedMove is what is read of credit notes and of the invoices that they are of.
type bookedMove struct {
	Invoice
	Tax      rpc.Amount `json:"amount_tax"`
	Partner  rpc.Link   `json:"partner_id"`
	Payer    rpc.Link   `json:"commercial_partner_id"`
	Journal  rpc.Link   `json:"journal_id"`
	Currency rpc.Link   `json:"currency_id"`
	Origin   rpc.Link   `json:"reversed_entry_id"`
	Stamp    rpc.Text   `json:"x_tandem"`
	Lines    []int64    `json:"invoice_line_ids"`
}

var bookedColumns = append(slices.Clone(invoiceColumns), "amount_tax", "partner_id", "commercial_partner_id", "journal_id", "currency_id", "reversed_entry_id",
	record.StampField, "invoice_line_ids")

// moved reads an invoice or a credit note.
func (b *Book) moved(ctx context.Context, id int64) (bookedMove, error) {
	rows, err := rpc.SearchByID[bookedMove](ctx, b.rpc, "account.move", []int64{id}, bookedColumns...)
	if err == nil && rows[id].ID == 0 {
		err = fault.New(fault.Unavailable, "Odoo does not show an entry that it has just named")
	}
	return rows[id], err
}

// load makes the draft, under the external id of the refund. One that is there is gone on with.
func (n *creditNote) load(ctx context.Context) error {
	if n.draft.ID != 0 {
		return nil
	}
	from, err := n.moved(ctx, n.invoice.ID)
	if err != nil {
		return err
	}
	account, err := n.account(ctx)
	if err != nil {
		return err
	}
	day, reason := accountingDate(n.refund.Date), n.refund.Reason
	if n.RichNotes {
		reason = record.Paragraph(reason)
	}
	return record.LoadDrafts(ctx, n.records, "account.move", []*refundDraft{n.draft}, func(d *refundDraft) *record.Record {
		return &record.Record{Name: record.ExternalName(d.Key), Cells: []rpc.Cell{
			rpc.TextCell("move_type", "out_refund"), rpc.LinkCell("partner_id", from.Partner.ID), rpc.LinkCell("journal_id", from.Journal.ID),
			rpc.LinkCell("currency_id", from.Currency.ID), rpc.LinkCell("reversed_entry_id", n.invoice.ID), rpc.DateCell("invoice_date", day),
			rpc.DateCell("date", day), rpc.TextCell("ref", n.refund.Number), rpc.TextCell("narration", reason),
		}, Lines: n.lines(account)}
	})
}

// account finds the account that goods of the invoice are booked on.
func (n *creditNote) account(ctx context.Context) (int64, error) {
	type booked struct {
		rpc.Row
		Account rpc.Link `json:"account_id"`
	}
	rows, err := rpc.Search[booked](ctx, n.rpc, "account.move.line",
		[]any{rpc.Where("move_id", "=", n.invoice.ID), rpc.Where("sale_line_ids", "!=", false), rpc.Where("account_id", "!=", false)}, "account_id")
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].Account.ID, nil
}

// lines gives each line of the refund as one piece of its amount. They name no line of the order, whose quantities would count as not
// invoiced any more.
func (n *creditNote) lines(account int64) [][]rpc.Cell {
	rows := make([][]rpc.Cell, len(n.refund.Lines))
	one := decimal.NewFromInt(1)
	for i, line := range n.refund.Lines {
		price, taxes := line.Total, []int64(nil)
		for _, tax := range line.Taxes {
			id := n.taxes[tax.Tax]
			taxes = append(taxes, id)
			if n.rules[id].included {
				price = price.Add(tax.Amount)
			}
		}
		rows[i] = []rpc.Cell{
			rpc.TextCell("invoice_line_ids/name", cmp.Or(line.Description, n.refund.Number)), rpc.DecimalCell("invoice_line_ids/quantity", one),
			rpc.DecimalCell("invoice_line_ids/price_unit", price), rpc.LinkCell("invoice_line_ids/account_id", account),
			rpc.LinksCell("invoice_line_ids/tax_ids", rpc.Distinct(taxes)),
		}
		if rpc.ManualTaxes.For(n.rpc.Release) {
			data := n.taxData(&erp.Order{Currency: n.refund.Currency}, line.OrderLine, one, price)
			rows[i] = append(rows[i], rpc.TextCell("invoice_line_ids/extra_tax_data", data))
		}
	}
	return rows
}

// settle gives the draft the amounts of the refund where Odoo rounds them in another way, and reads them back.
func (n *creditNote) settle(ctx context.Context) error {
	note, err := n.moved(ctx, n.draft.ID)
	if err != nil || note.State != "draft" {
		return err
	}
	entry, err := n.entry(ctx, note)
	if err != nil {
		return err
	}
	scale := n.Decimals(n.refund.Currency)
	changed := n.corrections(entry, scale)
	if len(changed) > 0 {
		commands := n.entryCommands(entry, changed, n.Decimals(n.Currency))
		if err := n.rpc.Write(ctx, "account.move", []int64{note.ID}, map[string]any{"line_ids": commands}); err != nil {
			return err
		}
	}
	if note, err = n.moved(ctx, note.ID); err != nil {
		return err
	}
	if note.Total.Round(scale).Equal(n.refund.Total) && note.Tax.Round(scale).Equal(n.refund.Tax) {
		return nil
	}
	n.draft.Refused = landing.Parked("totals_differ", fmt.Sprintf("Odoo makes %s %s with %s tax of the refund, but the store gave back %s %s with %s tax: "+
		"check the tax rates and the accuracy of prices in Odoo", note.Total.Round(scale), n.refund.Currency, note.Tax.Round(scale),
		n.refund.Total, n.refund.Currency, n.refund.Tax))
	n.draft.ID = 0
	return n.rpc.Unlink(ctx, "account.move", []int64{note.ID})
}

// entry reads the lines of a draft, sorted out.
func (n *creditNote) entry(ctx context.Context, note bookedMove) (draftEntry, error) {
	rows, err := rpc.SearchBy[entryLine](ctx, n.rpc, "account.move.line", "move_id", []int64{note.ID}, nil, entryColumns...)
	e := draftEntry{taxes: map[int64][]entryLine{}}
	for _, line := range rows {
		switch {
		case line.Tax.ID != 0:
			e.taxes[line.Tax.ID] = append(e.taxes[line.Tax.ID], line)
		case slices.Contains(note.Lines, line.ID):
			e.goods = append(e.goods, line)
		case !line.Amount.IsZero():
			e.due = append(e.due, line)
		}
	}
	return e, err
}

// corrections are the amounts, by line, that make an entry what the refund says. Amounts that are given back are positive.
func (n *creditNote) corrections(e draftEntry, scale int32) map[int64]decimal.Decimal {
	changed := map[int64]decimal.Decimal{}
	for _, tax := range n.refund.Taxes {
		lines := e.taxes[n.taxes[tax.Tax]]
		if by := tax.Amount.Add(e.taxed(n.taxes[tax.Tax])).Round(scale); len(lines) > 0 && !by.IsZero() {
			changed[lines[0].ID] = lines[0].Amount.Add(by).Round(scale)
		}
	}
	if !rpc.PlainEntries.For(n.rpc.Release) {
		return changed
	}
	for i, line := range e.goods {
		if i < len(n.refund.Lines) && !line.Amount.Round(scale).Equal(n.refund.Lines[i].Total) {
			changed[line.ID] = n.refund.Lines[i].Total
		}
	}
	return changed
}

func (n *creditNote) post(ctx context.Context) error {
	note, err := n.moved(ctx, n.draft.ID)
	if err != nil || note.State != "draft" {
		return err
	}
	if err := n.rpc.Run(ctx, "account.move", "action_post", []int64{note.ID}, nil, nil); err != nil {
		return err
	}
	note, err = n.moved(ctx, n.draft.ID)
	if err == nil && note.State != "posted" {
		n.draft.Refused = landing.Parked("not_done", "Odoo left the credit note a draft: look at it there, and process the refund again")
	}
	return err
}

// openLine is a line that something may be reconciled with.
type openLine struct {
	rpc.Row
	Move rpc.Link `json:"move_id"`
}

// openLines finds what is still open of a move.
func (b *Book) openLines(ctx context.Context, move int64) ([]int64, error) {
	rows, err := rpc.Search[openLine](ctx, b.rpc, "account.move.line", []any{rpc.Where("move_id", "=", move), rpc.Where("reconciled", "=", false),
		rpc.Where("account_id.reconcile", "=", true), rpc.Where("amount_residual", "!=", 0)}, "move_id")
	return rpc.Map(rows, openLine.RowID), err
}

// reconcile sets the credit note off against what is due of the invoice.
func (n *creditNote) reconcile(ctx context.Context) error {
	invoice, err := n.moved(ctx, n.invoice.ID)
	if err != nil || invoice.paid() || invoice.Residual.IsZero() {
		return err
	}
	return n.assign(ctx, n.draft.ID, invoice.ID)
}

// assign reconciles what is open of a move with an invoice, as a person does who chooses it among the outstanding credits.
func (b *Book) assign(ctx context.Context, move, invoice int64) error {
	lines, err := b.openLines(ctx, move)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if err := b.rpc.Run(ctx, "account.move", "js_assign_outstanding_line", []int64{invoice}, map[string]any{"line_id": line}, nil); err != nil {
			return err
		}
	}
	return nil
}

// payOut pays what the credit note leaves overpaid, by way of the journal that the payment came in by. Where nothing was paid, the customer
// has the credit note.
func (n *creditNote) payOut(ctx context.Context) error {
	note, err := n.moved(ctx, n.draft.ID)
	if err != nil || note.paid() || note.Residual.IsZero() {
		return err
	}
	payments, err := rpc.SearchBy[paymentRow](ctx, n.rpc, "account.payment", rpc.PaidInvoices.For(n.rpc.Release), []int64{n.invoice.ID}, nil, "journal_id")
	if err != nil || len(payments) == 0 {
		return err
	}
	env := rpc.With(n.rpc.BaseContext(), "active_model", "account.move")
	env["active_ids"], env["active_id"] = []int64{note.ID}, note.ID
	wizard := map[string]any{"journal_id": payments[0].Journal.ID, "payment_date": rpc.DateCell("", accountingDate(n.refund.Date)).Text,
		"communication": n.refund.Number}
	return n.runWizard(ctx, "account.payment.register", wizard, "action_create_payments", env)
}

// stopDelivery gives up what is not delivered of an order of which nothing is left.
func (n *creditNote) stopDelivery(ctx context.Context) error {
	if !n.refund.Whole {
		return nil
	}
	orders, err := n.Snapshots(ctx, []int64{n.order.ID})
	if err != nil {
		return err
	}
	var open []int64
	for _, p := range orders[n.order.ID].open() {
		open = append(open, p.ID)
	}
	if len(open) == 0 {
		return nil
	}
	return n.rpc.Run(ctx, "stock.picking", "action_cancel", open, nil, nil)
}
