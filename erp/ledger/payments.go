package ledger

import (
	"context"
	"database/sql"
	"errors"

	"tandem/erp"
	"tandem/fault"
)

// payOrder registers the payment of an order's invoice in full, in a bank or cash journal.
func (l *Ledger) payOrder(ctx context.Context, order erp.Key, payment erp.PaymentRequest) (erp.Progress, error) {
	return l.take(ctx, order, erp.StepPay, func(tx executor, row saleRow) error {
		journal, err := readPaymentJournal(ctx, tx, payment, row.Currency)
		if err != nil {
			return err
		}
		_, err = post(ctx, tx, entry{
			Kind: "payment", Journal: journal.ID, Order: row.ID, Date: accountingDate(payment.Date), Amount: row.Due,
			Invoice: &row.InvoiceID.Int64, Method: &journal.Method.Int64, Memo: payment.Memo,
		}, paymentPostings(journal.Account, journal.Receivable, row.Due))
		return err
	})
}

const selectPaymentJournal = `
SELECT j.id, j.account_id, j.currency, c.receivable_account_id, m.id AS method_id
FROM ledger.journals j
CROSS JOIN ledger.companies c
LEFT JOIN LATERAL (SELECT id FROM ledger.payment_methods WHERE $2 IN ('', code) ORDER BY id LIMIT 1) m ON true
WHERE j.code = $1 AND j.kind IN ('bank', 'cash')`

// paymentJournal is where a payment goes.
type paymentJournal struct {
	ID         int64          `db:"id"`
	Account    int64          `db:"account_id"`
	Currency   sql.NullString `db:"currency"` // NULL takes any
	Receivable int64          `db:"receivable_account_id"`
	Method     sql.NullInt64  `db:"method_id"`
}

func readPaymentJournal(ctx context.Context, tx executor, payment erp.PaymentRequest, currency string) (paymentJournal, error) {
	var journal paymentJournal
	err := tx.GetContext(ctx, &journal, selectPaymentJournal, payment.Journal, payment.Method)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return journal, fault.Field("journal", "there is no bank or cash journal %q: choose one of the ERP's", payment.Journal)
	case err != nil:
		return journal, classify(err)
	case !journal.Method.Valid:
		return journal, fault.Field("method", "there is no payment method %q: choose one of the ERP's", payment.Method)
	case journal.Currency.Valid && journal.Currency.String != currency:
		return journal, fault.Field("journal", "journal %q takes %s, but the order is in %s",
			payment.Journal, journal.Currency.String, currency)
	}
	return journal, nil
}
