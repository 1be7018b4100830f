package sales

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// UpsertRefunds books refunds as credit notes. What follows on a credit note may be cut off: it is stamped once all is done, and gone on
// with until then.
func (b *Book) UpsertRefunds(ctx context.Context, batch []erp.Refund) ([]erp.Outcome, error) {
	return record.Catalogue[erp.Refund]{
		Key:   func(r *erp.Refund) *erp.Key { return &r.Key },
		Check: check.Refund,
		Model: func(rpc.Release, *erp.Refund) string { return "account.move" },
		Name:  record.ExternalName,
		Write: b.writeRefunds,
	}.Upsert(ctx, b.records, batch)
}

type refundDraft = record.Draft[erp.Refund]

func (b *Book) writeRefunds(ctx context.Context, drafts []*refundDraft) error {
	turns := rpc.Map(drafts, func(d *refundDraft) string { return "refunds of " + d.Record.Order.String() })
	defer b.records.Lock(rpc.Distinct(turns))()
	if err := b.keepBooked(ctx, drafts); err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(drafts), func(d *refundDraft) bool { return d.Before != "" })
	w, err := b.refundWriter(ctx, fresh)
	if err != nil {
		return err
	}
	for _, d := range fresh {
		d.Pending = true
		d.Refused = check.RefundRefs(d.Record, check.In(w.orders), check.In(w.taxes))
	}
	if err := w.invoiceAll(ctx, landing.Accepted(fresh)); err != nil {
		return err
	}
	for _, d := range landing.Accepted(fresh) {
		if err := w.book(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// keepBooked leaves refunds as they are that are booked already. What is posted is never changed, and the store cannot change a refund:
// it is how its money is shared out that may come out otherwise, once the store has deleted an earlier one.
func (b *Book) keepBooked(ctx context.Context, drafts []*refundDraft) error {
	s, err := b.records.Prepared(ctx)
	if err != nil {
		return err
	}
	var ids []int64
	for _, d := range drafts {
		if d.Before != "" {
			ids = append(ids, d.ID)
		} else {
			d.Created = true // of one that was cut off it is the first time that all of it is booked
		}
	}
	notes, err := rpc.SearchByID[Invoice](ctx, b.rpc, "account.move", ids, "amount_total")
	for _, d := range drafts {
		note, ok := notes[d.ID]
		if !ok {
			continue
		}
		if total := note.Total.Round(s.Decimals(d.Record.Currency)); total.Equal(d.Record.Total) {
			d.After = d.Before
		} else {
			d.Refused = check.RefundLocked(d.Record, total)
		}
	}
	return err
}

// refundWriter books the refunds of one batch.
type refundWriter struct {
	*Book
	orderRefs
	orders    map[erp.Key]int64
	snapshots map[int64]Snapshot
}

func (b *Book) refundWriter(ctx context.Context, drafts []*refundDraft) (refundWriter, error) {
	w := refundWriter{Book: b}
	s, err := b.records.Prepared(ctx)
	if err != nil {
		return w, err
	}
	w.Setup = s
	var orders, taxes check.KeySet
	for _, d := range drafts {
		orders.Add(d.Record.Order)
		taxes.Add(check.TaxesOfRefund(d.Record)...)
	}
	if w.orders, err = b.records.IDsOf(ctx, "sale.order", orders.List(), record.ExternalName); err != nil {
		return w, err
	}
	if w.taxes, err = b.records.IDsOf(ctx, "account.tax", taxes.List(), record.ExternalName); err != nil {
		return w, err
	}
	if err = b.readTaxes(ctx, &w.orderRefs); err != nil {
		return w, err
	}
	w.snapshots, err = b.Snapshots(ctx, idsOfOrders(w.orders))
	return w, err
}

func idsOfOrders(orders map[erp.Key]int64) []int64 {
	var ids []int64
	for _, id := range orders {
		ids = append(ids, id)
	}
	return ids
}

// invoiceAll parks refunds of orders that sell nothing, and has the others' orders invoiced in full: an invoice says what was sold,
// whatever was given back of it.
func (w *refundWriter) invoiceAll(ctx context.Context, drafts []*refundDraft) error {
	var asks []erp.Ask[erp.InvoiceRequest]
	for _, d := range drafts {
		order := w.snapshots[w.orders[d.Record.Order]]
		d.Refused = check.RefundedOrder(d.Record, order.State())
		if _, invoiced := order.Invoice(); d.Refused == nil && !invoiced {
			asks = append(asks, erp.Ask[erp.InvoiceRequest]{Order: d.Record.Order, With: erp.InvoiceRequest{Date: d.Record.Date}})
		}
	}
	if len(asks) == 0 {
		return nil
	}
	failures := map[erp.Key]error{}
	for i, result := range w.Invoice(ctx, asks) {
		failures[asks[i].Order] = result.Err
	}
	for _, d := range landing.Accepted(drafts) {
		if err := failures[d.Record.Order]; err != nil {
			if d.Refused = held(err); d.Refused == nil {
				return err
			}
		}
	}
	var err error
	w.snapshots, err = w.Snapshots(ctx, idsOfOrders(w.orders))
	return err
}

// held gives what a person has to do about an error; nil for one that is about more than a record.
func held(err error) *landing.Refusal {
	if f := fault.From(err); err != nil && f.Kind == fault.Parked {
		return landing.Parked(f.Code, f.Message)
	}
	return nil
}

// book posts the credit note of a refund and what follows on it.
func (w refundWriter) book(ctx context.Context, d *refundDraft) error {
	order := w.snapshots[w.orders[d.Record.Order]]
	invoice, _ := order.Invoice()
	n := creditNote{refundWriter: w, draft: d, refund: d.Record, order: order, invoice: invoice}
	for _, step := range []func(context.Context) error{n.load, n.settle, n.post, n.reconcile, n.payOut, n.takeBack, n.stopDelivery} {
		err := step(ctx)
		if d.Refused == nil {
			d.Refused = held(err)
		}
		switch {
		case d.Refused != nil:
			return nil
		case err != nil:
			return err
		}
	}
	return record.StampPending(ctx, w.records, "account.move", record.ExternalName, []*refundDraft{d})
}
