package ledger

import (
	"context"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

// ReverseRefunds takes booked refunds back, each in a transaction of its own; see erp.RefundBook.
func (l *Ledger) ReverseRefunds(ctx context.Context, keys []erp.Key) ([]erp.Outcome, error) {
	outcomes := make([]erp.Outcome, len(keys))
	for i, key := range keys {
		err := l.inTx(ctx, func(tx *sqlx.Tx) (err error) {
			outcomes[i], err = reverseRefund(ctx, tx, key, "deleted in the store")
			return err
		})
		if f := fault.From(err); err != nil && f.Kind == fault.Parked {
			outcomes[i], err = landing.Parked(f.Code, f.Message).Outcome(key), nil
		}
		if err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// reversedDigest tells a reversed refund from a booked one.
func reversedDigest(key erp.Key) string { return landing.Hash("reversed " + key.String()) }

func reverseRefund(ctx context.Context, tx *sqlx.Tx, key erp.Key, why string) (erp.Outcome, error) {
	if err := lockKeys(ctx, tx, refunds.model, []erp.Key{key}); err != nil {
		return erp.Outcome{}, err
	}
	found, err := resolve(ctx, tx, refunds.model, []erp.Key{key})
	if err != nil {
		return erp.Outcome{}, err
	}
	refund, ok := found[key]
	if !ok {
		return landing.Failed("not_booked", "the refund is not booked, so there is nothing to take back").Outcome(key), nil
	}
	outcome := erp.Outcome{Key: key, ID: strconv.FormatInt(refund.ID, 10), Status: erp.Updated, Before: refund.Digest, After: reversedDigest(key)}
	if refund.Digest == outcome.After {
		outcome.Status = erp.Unchanged
		return outcome, nil
	}
	if err := reverseEntries(ctx, tx, refund.ID, why); err != nil {
		return erp.Outcome{}, err
	}
	return outcome, stamp(ctx, tx, []binding{bindingOf(key, refunds.model, refund.ID, outcome.After)})
}

// selectReversible lists the credit note of a refund and what was paid out of it, as far as they are not reversed.
const selectReversible = `
SELECT e.id, e.journal_id, e.order_id, e.amount
FROM ledger.refunds r
JOIN ledger.journal_entries e ON e.id = r.entry_id OR e.origin_id = r.entry_id AND e.kind = 'payout'
WHERE r.id = $1 AND NOT EXISTS (SELECT FROM ledger.journal_entries v WHERE v.origin_id = e.id AND v.kind = 'reversal')
ORDER BY e.id`

// selectSwapped reads the postings of an entry the other way round.
const selectSwapped = `
SELECT account_id AS account, tax_id AS tax, credit AS debit, debit AS credit FROM ledger.postings WHERE entry_id = $1 ORDER BY position`

// reverseEntries posts, for each entry of a refund, one of the same amounts the other way round.
func reverseEntries(ctx context.Context, tx *sqlx.Tx, refund int64, why string) error {
	var order int64
	if err := tx.GetContext(ctx, &order, `SELECT order_id FROM ledger.refunds WHERE id = $1`, refund); err != nil {
		return classify(err)
	}
	if _, err := tx.ExecContext(ctx, lockOrders, pq.Int64Array{order}); err != nil {
		return classify(err)
	}
	var entries []entryRow
	if err := tx.SelectContext(ctx, &entries, selectReversible, refund); err != nil {
		return classify(err)
	}
	for _, e := range entries {
		var rows []posting
		if err := tx.SelectContext(ctx, &rows, selectSwapped, e.ID); err != nil {
			return classify(err)
		}
		_, err := post(ctx, tx, entry{
			Kind: "reversal", Journal: e.Journal, Order: e.Order, Date: accountingDate(time.Time{}), Amount: e.Amount, Origin: &e.ID,
			Memo: why,
		}, rows)
		if err != nil {
			return err
		}
	}
	return nil
}
