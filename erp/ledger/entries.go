package ledger

import (
	"context"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"tandem/fault"
)

// entry is the head of a journal entry: an invoice, a payment, a credit note, a payout or a reversal.
type entry struct {
	Kind    string
	Journal int64
	Order   int64
	Date    time.Time  // UTC, a whole day
	DueDate *time.Time // invoices
	Amount  decimal.Decimal
	Invoice *int64 // payments: what is paid
	Method  *int64 // payments
	Memo    string // empty is, for payments, the transaction id of the order
	Origin  *int64 // what a credit note gives back, a payout pays, or a reversal takes back
}

// insertEntry gives the next number of the journal's year and posts the entry under it. The row of the counter stays
// locked until the transaction ends: a number that is rolled back is given again. No row comes back when the date lies
// in a closed period.
const insertEntry = `
WITH journal AS (
    SELECT id, code FROM ledger.journals
    WHERE id = $1 AND NOT EXISTS (SELECT FROM ledger.companies WHERE lock_date >= $2::date)
), counter AS (
    INSERT INTO ledger.journal_counters AS c (journal_id, year, last)
    SELECT id, extract(year FROM $2::date), 1 FROM journal
    ON CONFLICT (journal_id, year) DO UPDATE SET last = c.last + 1
    RETURNING year, last
), entry AS (
    INSERT INTO ledger.journal_entries (kind, journal_id, number, date, order_id, partner_id, currency,
                                        amount, due_date, invoice_id, payment_method_id, memo, origin_id)
    SELECT $3, j.id, format('%s/%s/%s', j.code, c.year, lpad(c.last::text, greatest(5, length(c.last::text)), '0')),
           $2, o.id, o.partner_id, o.currency, $5, $6, $7, $8,
           CASE WHEN $3 = 'payment' AND $9 = '' THEN o.transaction_id ELSE $9 END, $11
    FROM journal j, counter c, ledger.orders o
    WHERE o.id = $4
    RETURNING id
), posted AS (
    INSERT INTO ledger.postings (entry_id, position, account_id, tax_id, debit, credit)
    SELECT e.id, p.position, p.account, p.tax, p.debit, p.credit
    FROM entry e,
         ROWS FROM (json_to_recordset($10) AS (account bigint, tax bigint, debit numeric, credit numeric))
             WITH ORDINALITY AS p (account, tax, debit, credit, position)
)
SELECT coalesce(max(id), 0) FROM entry`

// post writes a journal entry with its postings, and gives its id. What is posted is never changed.
func post(ctx context.Context, tx executor, e entry, rows []posting) (int64, error) {
	postings, err := json.Marshal(rows)
	if err != nil {
		return 0, fault.Wrap(fault.Internal, err, "postings cannot be written")
	}
	if rows == nil {
		postings = []byte("[]")
	}
	var id int64
	err = tx.GetContext(ctx, &id, insertEntry, e.Journal, e.Date, e.Kind, e.Order,
		e.Amount, e.DueDate, e.Invoice, e.Method, e.Memo, string(postings), e.Origin)
	if err != nil {
		return 0, classify(err)
	}
	if id == 0 {
		return 0, closedPeriod(e.Date)
	}
	return id, nil
}

// entryRow is a journal entry as far as another refers to it.
type entryRow struct {
	ID      int64           `db:"id"`
	Journal int64           `db:"journal_id"`
	Order   int64           `db:"order_id"`
	Amount  decimal.Decimal `db:"amount"`
}

func closedPeriod(date time.Time) error {
	parked := fault.New(fault.Parked, "the accounting period of %s is closed: choose a later date or open the period",
		date.Format(time.DateOnly))
	parked.Code = "closed_period"
	return parked
}
