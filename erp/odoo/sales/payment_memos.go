package sales

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// paymentRow is an account.payment.
type paymentRow struct {
	rpc.Row
	Journal  rpc.Link `json:"journal_id"`
	Invoices []int64  `json:"reconciled_invoice_ids"` // those it pays, with or without an entry
	memo
}

// memo is what a payment refers to, under the name it has in a version.
type memo struct {
	Old rpc.Text `json:"ref"`
	New rpc.Text `json:"memo"`
}

func (m memo) text() string { return cmp.Or(string(m.New), string(m.Old)) }

// memoOf is the memo that the payment of an order is to have; empty when it may be any.
func memoOf(d *pendingOrder[erp.PaymentRequest]) string {
	return cmp.Or(d.With.Memo, string(d.Payment))
}

// ownMemo is what Odoo itself gives to the payment of an invoice: the transaction's id when the order has one.
func (i Invoice) ownMemo() string {
	return cmp.Or(string(i.Reference), cmp.Or(string(i.Ref), string(i.Name)))
}

// mendMemos gives the payments of orders the memos they are to have where they have Odoo's own: right after several were
// made at once, and later when the call that made them was cut off. What a person wrote stays, and what Odoo refuses, too:
// the money is booked all the same.
func (b *Book) mendMemos(ctx context.Context, orders []*pendingOrder[erp.PaymentRequest]) error {
	paid := map[int64]*pendingOrder[erp.PaymentRequest]{} // by the invoice
	for _, d := range orders {
		if invoice, ok := d.Invoice(); ok && memoOf(d) != "" && memoOf(d) != invoice.ownMemo() {
			paid[invoice.ID] = d
		}
	}
	field := rpc.MemoFields.For(b.rpc.Release)
	payments, err := rpc.SearchBy[paymentRow](ctx, b.rpc, "account.payment", rpc.PaidInvoices.For(b.rpc.Release), slices.Sorted(maps.Keys(paid)), nil,
		field, "journal_id", "reconciled_invoice_ids")
	if err != nil {
		return err
	}
	var records []*record.Record
	for _, p := range payments {
		if len(p.Invoices) != 1 {
			continue // a person paid several at once
		}
		if d, ok := paid[p.Invoices[0]]; ok && lacksMemo(p, d) {
			records = append(records, &record.Record{ID: p.ID, Cells: []rpc.Cell{rpc.TextCell(field, memoOf(d))}})
		}
	}
	_, err = b.records.Load(ctx, "account.payment", records)
	return err
}

// lacksMemo reports whether a payment was made the way it was asked for and has Odoo's own memo in place of the wanted one.
func lacksMemo(p paymentRow, d *pendingOrder[erp.PaymentRequest]) bool {
	invoice, _ := d.Invoice()
	return p.Journal.ID == rpc.ParseID(d.With.Journal) && (p.text() == "" || p.text() == invoice.ownMemo())
}
