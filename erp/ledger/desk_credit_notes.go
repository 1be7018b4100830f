package ledger

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

// refundEntity is the entity of keys of credit notes.
const refundEntity = "refund"

var refundPlace = place{table: "refunds", model: "refund"}

// CreateCreditNote gives back of an order, under a key that is made of the request.
func (l *Ledger) CreateCreditNote(ctx context.Context, request string, ask erp.CreditRequest) (made erp.Held[erp.CreditNote], err error) {
	key := erp.Key{Instance: erp.OwnInstance, Entity: refundEntity, ID: request}
	err = l.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockKeys(ctx, tx, refunds.model, []erp.Key{key}); err != nil {
			return err
		}
		known, err := resolve(ctx, tx, refunds.model, []erp.Key{key})
		if err != nil {
			return err
		}
		note, ok := known[key] // the request came before, and its answer was lost
		if !ok {
			if note.ID, err = bookRequest(ctx, tx, key, ask); err != nil {
				return err
			}
		}
		made, err = readCreditNote(ctx, tx, note.ID)
		return err
	})
	return made, err
}

// bookRequest books what a person gives back, as what a store gave back is booked.
func bookRequest(ctx context.Context, tx *sqlx.Tx, key erp.Key, ask erp.CreditRequest) (int64, error) {
	refund, err := requestedRefund(ctx, tx, key, ask)
	if err != nil {
		return 0, err
	}
	named := []reference{{"order", refund.Order, orderPlace}}
	for _, tax := range refund.Taxes {
		named = append(named, reference{"lines", tax.Tax, taxPlace})
	}
	for _, line := range refund.Lines {
		for _, tax := range line.Taxes {
			named = append(named, reference{"lines", tax.Tax, taxPlace})
		}
	}
	if err := bindOwn(ctx, tx, named); err != nil {
		return 0, err
	}
	if r := refunds.check(&refund); r != nil {
		return 0, refused(r.Code, r.Reason)
	}
	outcomes, err := refunds.land(ctx, tx, []*erp.Refund{&refund})
	if err != nil {
		return 0, err
	}
	if o := outcomes[0]; !o.Landed() {
		waits := fault.New(fault.Parked, "%s", o.Reason)
		waits.Code = o.Code
		return 0, waits
	}
	id, err := ledgerID(outcomes[0].ID)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE ledger.refunds SET by_hand = true, restock = $2 WHERE id = $1`, id, ask.Restock)
	return id, classify(err)
}

const selectCreditedOrder = `
SELECT o.number, o.currency, (SELECT count(*) FROM ledger.refunds r WHERE r.order_id = o.id) AS notes
FROM ledger.orders o WHERE o.id = $1`

// requestedRefund makes a refund of what a person asks for. It locks the order.
func requestedRefund(ctx context.Context, tx *sqlx.Tx, key erp.Key, ask erp.CreditRequest) (erp.Refund, error) {
	order, err := lockedID(ctx, tx, ask.Order)
	if fault.Is(err, fault.NotFound) {
		return erp.Refund{}, fault.Field("order", "%s", fault.From(err).Message)
	}
	if err != nil {
		return erp.Refund{}, err
	}
	state, err := readState(ctx, tx, order)
	if err != nil {
		return erp.Refund{}, err
	}
	if !state.InvoiceID.Valid {
		return erp.Refund{}, fault.New(fault.Conflict, "the order is not invoiced, so there is nothing to give back: invoice it first, or cancel it")
	}
	var head struct {
		Number, Currency string
		Notes            int
	}
	if err := tx.GetContext(ctx, &head, selectCreditedOrder, order); err != nil {
		return erp.Refund{}, classify(err)
	}
	left, err := readLeft(ctx, tx, order)
	if err != nil {
		return erp.Refund{}, err
	}
	given, err := left.give(ask)
	if err != nil {
		return erp.Refund{}, err
	}
	refund := erp.Refund{
		Key: key, Order: erp.OwnKey(landing.OrderEntity, strconv.FormatInt(order, 10)), Number: fmt.Sprintf("%s/%d", head.Number, head.Notes+1),
		Date: ask.Date.UTC(), Currency: head.Currency, Lines: given.lines, Taxes: given.taxes, Total: given.total(), Reason: ask.Reason,
	}
	if refund.Date.IsZero() {
		refund.Date = time.Now().UTC()
	}
	for _, tax := range refund.Taxes {
		refund.Tax = refund.Tax.Add(tax.Amount)
	}
	refund.Untaxed, refund.Whole = refund.Total.Sub(refund.Tax), refund.Total.Equal(left.total)
	return refund, nil
}

// ReverseCreditNote takes a credit note back. One that a store has too is taken back there first.
func (l *Ledger) ReverseCreditNote(ctx context.Context, text string) (erp.Held[erp.CreditNote], error) {
	before, err := l.CreditNote(ctx, text)
	if err != nil {
		return before, err
	}
	if store := before.Record.Store; store != "" && !before.Record.Reversed {
		return before, fault.New(fault.Conflict, "the store %s has it as refund %s: delete that there and import it again, which offers to reverse the credit note",
			store, before.Record.StoreID)
	}
	key := erp.OwnKey(refundEntity, before.ID)
	err = l.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := bindOwn(ctx, tx, []reference{{"id", key, refundPlace}}); err != nil {
			return err
		}
		_, err := reverseRefund(ctx, tx, key, "reversed by hand")
		return err
	})
	if err != nil {
		return before, err
	}
	return l.CreditNote(ctx, before.ID)
}

// CreditNote reads a credit note.
func (l *Ledger) CreditNote(ctx context.Context, text string) (note erp.Held[erp.CreditNote], err error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return note, noCreditNote(text)
	}
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		note, err = readCreditNote(ctx, tx, id)
		return err
	})
	return note, err
}

func noCreditNote(id string) error {
	return fault.New(fault.NotFound, "the ledger has no credit note %q", id)
}

const searchCreditNotes = `
SELECT r.id
FROM ledger.refunds r
JOIN ledger.journal_entries e ON e.id = r.entry_id
JOIN ledger.orders o ON o.id = r.order_id
JOIN ledger.partners p ON p.id = o.partner_id
WHERE (r.id < $2 OR $2 = 0) AND ($3 = 0 OR r.order_id = $3)
  AND ($1 = '%%' OR e.number ILIKE $1 OR r.number ILIKE $1 OR r.reason ILIKE $1 OR o.number ILIKE $1 OR p.name ILIKE $1 OR p.email ILIKE $1)
ORDER BY r.id DESC LIMIT $4`

// SearchCreditNotes finds credit notes by numbers, reason or customer.
func (l *Ledger) SearchCreditNotes(ctx context.Context, q erp.CreditNoteSearch) (notes []erp.Held[erp.CreditNote], next string, err error) {
	after, err := strconv.ParseInt(cmp.Or(q.After, "0"), 10, 64)
	if err != nil {
		return nil, "", fault.Field("after", "is not the next of a page: leave it out to begin")
	}
	order, err := strconv.ParseInt(cmp.Or(q.Order, "0"), 10, 64)
	if err != nil {
		return nil, "", fault.Field("order", "is not an id of the ledger: ids are numbers")
	}
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		var ids []int64
		if err := tx.SelectContext(ctx, &ids, searchCreditNotes, patternOf(q.Text), after, order, q.Limit+1); err != nil {
			return classify(err)
		}
		if len(ids) > q.Limit {
			ids = ids[:q.Limit]
			next = strconv.FormatInt(ids[q.Limit-1], 10)
		}
		notes, err = readCreditNotes(ctx, tx, erp.OwnInstance, ids)
		return err
	})
	return notes, next, err
}

func readCreditNote(ctx context.Context, tx *sqlx.Tx, id int64) (erp.Held[erp.CreditNote], error) {
	notes, err := readCreditNotes(ctx, tx, erp.OwnInstance, []int64{id})
	if err != nil {
		return erp.Held[erp.CreditNote]{}, err
	}
	if len(notes) == 0 {
		return erp.Held[erp.CreditNote]{}, noCreditNote(strconv.FormatInt(id, 10))
	}
	return notes[0], nil
}
