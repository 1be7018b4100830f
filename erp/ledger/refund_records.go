package ledger

import (
	"context"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

var _ erp.RefundReader = (*Ledger)(nil)

// unsent is a condition: a person made credit note r, it stands, and no store has it.
const unsent = `r.by_hand AND ` + standing + ` AND NOT EXISTS (
    SELECT FROM ledger.external_ids x WHERE x.model = 'refund' AND x.record_id = r.id AND x.instance <> '` + erp.OwnInstance + `')`

// ReadRefunds reads credit notes by the ledger's ids. What is no number is the id of none.
func (l *Ledger) ReadRefunds(ctx context.Context, instance string, texts []string) (held []erp.HeldRefund, err error) {
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		page, err := recordKind{table: refunds.table, where: "true"}.named(ctx, tx, texts)
		if err != nil {
			return classify(err)
		}
		held, err = recordReader{tx: tx, instance: instance}.heldRefunds(ctx, page.ids)
		return err
	})
	return held, err
}

// UnsentRefunds lists the credit notes that people made for orders which a store has, and that none has.
func (l *Ledger) UnsentRefunds(ctx context.Context, instance, after string, limit int) (held []erp.HeldRefund, err error) {
	last := int64(0)
	if after != "" {
		if last, err = ledgerID(after); err != nil {
			return nil, err
		}
	}
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		var ids []int64
		err := tx.SelectContext(ctx, &ids, `
			SELECT r.id FROM ledger.refunds r
			WHERE r.id > $2 AND `+unsent+` AND EXISTS (
				SELECT FROM ledger.external_ids o WHERE o.model = 'order' AND o.record_id = r.order_id AND o.instance = $1)
			ORDER BY r.id LIMIT $3`, instance, last, limit)
		if err != nil {
			return classify(err)
		}
		held, err = recordReader{tx: tx, instance: instance}.heldRefunds(ctx, ids)
		slices.Reverse(held) // people see the newest first
		return err
	})
	return held, err
}

// UnsentOf reads the credit notes that people made for some orders, and that no store has.
func (l *Ledger) UnsentOf(ctx context.Context, keys []erp.Key) (held []erp.HeldRefund, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		ids, err := orderIDs(ctx, tx, keys)
		if err != nil {
			return err
		}
		var notes []int64
		err = tx.SelectContext(ctx, &notes, `SELECT r.id FROM ledger.refunds r WHERE r.order_id = ANY ($1) AND `+unsent+` ORDER BY r.id`, pq.Array(ids))
		if err != nil {
			return classify(err)
		}
		held, err = recordReader{tx: tx, instance: keys[0].Instance}.heldRefunds(ctx, notes)
		return err
	})
	return held, err
}

// heldRefunds reads credit notes with the keys that they, their orders and their taxes have in the reader's instance.
func (r recordReader) heldRefunds(ctx context.Context, ids []int64) ([]erp.HeldRefund, error) {
	notes, err := readCreditNotes(ctx, r.tx, erp.OwnInstance, ids)
	if err != nil {
		return nil, err
	}
	keyOf, err := r.keysOf(ctx, refunds.model, []string{refundEntity}, ids)
	if err != nil {
		return nil, err
	}
	var orderIDs, taxIDs []int64
	for _, note := range notes {
		orderIDs = append(orderIDs, ownNumber(note.Record.Order))
		for _, tax := range note.Record.Taxes {
			taxIDs = append(taxIDs, ownNumber(tax.Tax))
		}
	}
	orderKey, err := r.keysOf(ctx, orders.model, []string{landing.OrderEntity}, orderIDs)
	if err != nil {
		return nil, err
	}
	taxKey, err := r.keysOf(ctx, taxes.model, []string{"tax"}, taxIDs)
	held := make([]erp.HeldRefund, len(notes))
	for i, note := range notes {
		held[i] = erp.HeldRefund{Posted: note.Record.Posted, ByHand: note.Record.ByHand, Restock: note.Record.Restock, Reversed: note.Record.Reversed}
		held[i].ID, held[i].Record = note.ID, note.Record.Refund
		if note.Record.Store != r.instance {
			held[i].Of = note.Record.Store
		}
		refund := &held[i].Record
		refund.Key, refund.Order = keyOf(ownNumber(refund.Key)), orderKey(ownNumber(refund.Order))
		for j := range refund.Taxes {
			refund.Taxes[j].Tax = taxKey(ownNumber(refund.Taxes[j].Tax))
		}
		for j := range refund.Lines {
			for k := range refund.Lines[j].Taxes {
				tax := &refund.Lines[j].Taxes[k]
				tax.Tax = taxKey(ownNumber(tax.Tax))
			}
		}
	}
	return held, err
}

// ownNumber gives the number in an own key; 0 for another one, which no record has.
func ownNumber(key erp.Key) int64 {
	id, err := strconv.ParseInt(erp.OwnID(key), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// AdoptRefunds binds credit notes to what a store made of them.
func (l *Ledger) AdoptRefunds(ctx context.Context, batch []erp.Adoption[erp.Refund]) error {
	if len(batch) == 0 {
		return nil
	}
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		var keys []erp.Key
		var ids []int64
		var bindings []binding
		for i := range batch {
			id, err := ledgerID(batch[i].ID)
			if err != nil {
				return err
			}
			d := landing.NewDraft(&batch[i].Record, refunds.key)
			keys, ids = append(keys, d.Key), append(ids, id)
			bindings = append(bindings, bindingOf(d.Key, refunds.model, id, d.After))
		}
		if err := lockKeys(ctx, tx, refunds.model, keys); err != nil {
			return err
		}
		var known []int64
		if err := tx.SelectContext(ctx, &known, `SELECT id FROM ledger.refunds WHERE id = ANY ($1)`, pq.Array(ids)); err != nil {
			return classify(err)
		}
		if len(known) < len(ids) {
			return fault.New(fault.NotFound, "the ledger no longer has one of the credit notes")
		}
		return bind(ctx, tx, bindings)
	})
}
