package sales

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// RefundExport is the export of credit notes that people made in the ERP. The store keeps each as a refund of its order, and moves no
// money for it. What it keeps is compared with what was meant, and tied to the credit note, so that its import books nothing.
var RefundExport = &flow.Flow[mapping.Context, erp.HeldRefund, refundToSend]{
	Spec: flow.Spec{
		Entity: mapping.RefundName, Label: "Credit notes", Needs: []string{mapping.OrderName},
		Refuses: map[flow.FilterKind]string{flow.Range: "credit notes of the ERP are told by what the store does not have yet, not by dates; choose all, " +
			"changes, or give the ERP's ids"},
	},
	Source:   readCreditNotes,
	Describe: describeCreditNote,
	Map:      mapCreditNote,
	Write:    exportCreditNotes,
	KeyOf:    func(ec mapping.Context, _ string) flow.Key { return mapping.NamedKey(ec, mapping.RefundName, "") },
}

// refundToSend is a credit note that the store is to have.
type refundToSend struct {
	order woo.ID // 0 when the store has the refund already
}

// creditNotePage is how many credit notes are read at once: each takes requests of its own.
const creditNotePage = 20

// readCreditNotes reads credit notes by the ERP's ids, or those that the store does not have. A run begins with the oldest of them: one that
// was held before may be sent by now.
func readCreditNotes(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[erp.HeldRefund], error] {
	return func(yield func(flow.Batch[erp.HeldRefund], error) bool) {
		reader, err := erp.RefundRecords.Of(ec.Backend)
		if err != nil {
			yield(flow.Batch[erp.HeldRefund]{}, err)
			return
		}
		if f.Kind == flow.IDs {
			mapping.ReadIDs(f.IDs, from, func(part []string) (flow.Batch[erp.HeldRefund], error) {
				return namedCreditNotes(ctx, ec, reader, part)
			}, yield)
			return
		}
		after := ""
		if from != nil {
			_ = json.Unmarshal(from, &after) // from the beginning, when it is none of ours: that is only more work
		}
		for done := false; !done; {
			var b flow.Batch[erp.HeldRefund]
			b, after, err = unsentCreditNotes(ctx, ec, reader, after)
			if done = b.Done; !yield(b, err) || err != nil {
				return
			}
		}
	}
}

func namedCreditNotes(ctx context.Context, ec mapping.Context, reader erp.RefundReader, ids []string) (b flow.Batch[erp.HeldRefund], err error) {
	b.Records, err = reader.ReadRefunds(ctx, ec.Instance.ID, ids)
	for _, id := range ids {
		if !slices.ContainsFunc(b.Records, func(r erp.HeldRefund) bool { return r.ID == id }) {
			b.Missing = append(b.Missing, flow.Missing{ID: id, Code: "not_in_erp", Reason: "the ERP has no credit note with this id"})
		}
	}
	return b, err
}

func unsentCreditNotes(ctx context.Context, ec mapping.Context, reader erp.RefundReader, after string) (b flow.Batch[erp.HeldRefund], next string, err error) {
	b.AskedAt = time.Now()
	if b.Records, err = reader.UnsentRefunds(ctx, ec.Instance.ID, after, creditNotePage); err != nil {
		return b, after, err
	}
	b.AnsweredAt = time.Now()
	if b.Done = len(b.Records) < creditNotePage; !b.Done {
		next = b.Records[len(b.Records)-1].ID
	}
	b.Next, err = json.Marshal(next)
	return b, next, err
}

func describeCreditNote(r erp.HeldRefund) flow.Record {
	raw, err := json.Marshal(r.Record)
	if err != nil {
		raw = nil // a date that JSON does not take: the record is kept without
	}
	return flow.Record{ID: r.ID, Raw: raw}
}

// mapCreditNote refuses what the store must not be asked for.
func mapCreditNote(_ mapping.Context, r erp.HeldRefund) (refundToSend, error) {
	if _, pending := erp.PendingID(r.Record.Key); !pending {
		return refundToSend{}, nil
	}
	switch {
	case !r.ByHand:
		return refundToSend{}, mapping.Failed("not_by_hand", "it was booked for a refund of a store: only credit notes that people make are sent into one")
	case r.Reversed:
		return refundToSend{}, mapping.Failed("reversed", "it was reversed in the ERP, so the store does not get it")
	case r.Of != "":
		return refundToSend{}, mapping.Parked("linked_elsewhere", "it is a refund of the instance %s", r.Of)
	}
	if _, pending := erp.PendingID(r.Record.Order); pending {
		return refundToSend{}, mapping.Unlinked([]erp.Key{r.Record.Order})
	}
	return refundToSend{order: mapping.StoreID(r.Record.Order)}, nil
}

// refundExport is one page of credit notes on its way into the store.
type refundExport struct {
	ec       mapping.Context
	orders   map[woo.ID]*refundedOrder
	adoption []erp.Adoption[erp.Refund]
}

type creditNoteAttempt = flow.Attempt[erp.HeldRefund, refundToSend]

// exportCreditNotes has the store keep the refunds that it does not have yet. A page that is done again finds those that were created before.
func exportCreditNotes(ctx context.Context, ec mapping.Context, _ flow.Page, attempts []*creditNoteAttempt) error {
	reader, err := erp.RefundRecords.Of(ec.Backend)
	if err != nil {
		return err
	}
	x := refundExport{ec: ec, orders: map[woo.ID]*refundedOrder{}}
	var all []*creditNoteAttempt
	known := map[woo.ID][]woo.Refund{}
	for _, a := range flow.NotRefused(attempts) {
		if a.Value.order == 0 {
			a.Note("the store has it as refund " + a.Record.Record.Key.ID)
			a.Settle(flow.Outcome{
				Key: a.Record.Record.Key, Status: flow.Unchanged, ID: a.Record.ID,
				Also: []flow.Key{erp.PendingKey(ec.Instance.ID, mapping.RefundName, a.Record.ID)}, // it was perhaps not noted when the two were linked
			})
			continue
		}
		all, known[a.Value.order] = append(all, a), nil
	}
	orders, err := loadRefunded(ctx, ec, known)
	if err != nil {
		return err
	}
	for _, o := range orders.Records {
		x.orders[o.ID] = &o
	}
	for _, a := range all {
		if err := x.send(ctx, a); err != nil {
			return err
		}
	}
	return reader.AdoptRefunds(ctx, x.adoption)
}

// send brings one credit note into the store, unless it is there, and compares it with what was meant.
func (x *refundExport) send(ctx context.Context, a *creditNoteAttempt) error {
	o, ok := x.orders[a.Value.order]
	if !ok {
		a.Refuse(mapping.Parked("gone_in_store", "its order is linked to order %s, which the store does not list: it was deleted there, is in its trash, or "+
			"cannot be read. Restore it, or remove the link", a.Value.order))
		return nil
	}
	at := slices.IndexFunc(o.refunds, func(r woo.Refund) bool { return madeFrom(x.ec, r, a.Record) })
	found := at >= 0
	if !found {
		made, err := x.create(ctx, *o, a.Record)
		if refused := refundFault(err); refused != nil {
			return refused
		}
		if err != nil {
			a.Refuse(err)
			return nil
		}
		o.refunds, at = append(o.refunds, made), len(o.refunds)
		a.Note("refund " + refundID(o.ID, made.ID) + " created; no money was moved")
	}
	content, err := x.compare(o, at, a.Record)
	if err != nil {
		a.Refuse(err)
		return nil
	}
	noted, err := x.noteRestock(ctx, o.ID, o.refunds[at], a.Record)
	if err != nil {
		return err
	}
	if !noted {
		a.Note("the store did not take a note of what was put back into stock")
	}
	x.adoption = append(x.adoption, erp.Adoption[erp.Refund]{ID: a.Record.ID, Record: content})
	return x.settle(a, content, found)
}

// create has the store make a refund, once it is sure that it takes it.
func (x *refundExport) create(ctx context.Context, o refundedOrder, r erp.HeldRefund) (woo.Refund, error) {
	fields, err := refundFields(x.ec, o.Order, r)
	if err != nil {
		return woo.Refund{}, err
	}
	if left := o.left(); r.Record.Total.GreaterThan(left) {
		return woo.Refund{}, mapping.Parked("refund_too_much", "the store has %s %s left of order %s to give back, and the credit note gives back %s: compare the "+
			"refunds of the order with its credit notes", left, o.Currency, o.ID, r.Record.Total)
	}
	if err := x.ec.ConfirmWrite(ctx); err != nil {
		return woo.Refund{}, err
	}
	return x.ec.Store.Refunds.Of(o.ID).Create(ctx, fields)
}

// refusedRefund is the code with which a store refuses a refund. Its status says that the store failed.
const refusedRefund = "woocommerce_rest_cannot_create_order_refund"

// refundFault gives the error that says nothing of the refund itself; nil for one that does.
func refundFault(err error) error {
	var answer *woo.Error
	if errors.As(err, &answer) && answer.Code == refusedRefund {
		return nil
	}
	return mapping.StoreFault(err)
}

// settle notes that both sides have the refund.
func (x *refundExport) settle(a *creditNoteAttempt, content erp.Refund, found bool) error {
	digest, err := mapping.ContentDigest(content, func(r *erp.Refund) *erp.Key { return &r.Key })
	if err != nil {
		return fault.Wrap(fault.Internal, err, "a refund cannot be written down")
	}
	status := flow.Created
	if found {
		status = flow.Unchanged
		a.Note("linked to refund " + content.Key.ID + ", which was created before")
	}
	a.Settle(flow.Outcome{
		Key: content.Key, Status: status, ID: a.Record.ID, After: digest,
		Also: []flow.Key{erp.PendingKey(x.ec.Instance.ID, mapping.RefundName, a.Record.ID)},
	})
	return nil
}

// madeFrom reports whether a refund of the store was made from a credit note. The store adds meta data after it has made the refund, so
// one without is known by the number of the credit note in its reason, and by its amount.
func madeFrom(ec mapping.Context, r woo.Refund, note erp.HeldRefund) bool {
	if mark := mapping.MarkIn(r.MetaData); mark != "" {
		return mark == mapping.MarkOf(ec, note.ID)
	}
	return strings.HasSuffix(mapping.Plain(r.Reason), "("+note.Posted+")") && r.Amount.Equal(note.Record.Total)
}
