package ledger

import (
	"context"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// invoiceOrder posts the one invoice of a confirmed order.
func (l *Ledger) invoiceOrder(ctx context.Context, order erp.Key, invoice erp.InvoiceRequest) (erp.Progress, error) {
	return l.take(ctx, order, erp.StepInvoice, func(tx executor, row saleRow) error {
		draft, err := readDraft(ctx, tx, row.ID)
		if err != nil {
			return err
		}
		date := accountingDate(invoice.Date)
		due := date.AddDate(0, 0, draft.TermDays)
		_, err = post(ctx, tx, entry{
			Kind: "invoice", Journal: draft.Journal, Order: row.ID, Date: date, DueDate: &due, Amount: draft.Total,
		}, draft.invoice().postings())
		return err
	})
}

// accountingDate is the day an entry is dated, UTC.
func accountingDate(at time.Time) time.Time {
	if at.IsZero() {
		at = time.Now()
	}
	return at.UTC().Truncate(24 * time.Hour)
}

const selectDraft = `
SELECT o.total, coalesce(t.days, 0) AS term_days, j.id AS journal_id,
       c.receivable_account_id, c.income_account_id, c.rounding_account_id, c.credit_account_id,
       (SELECT coalesce(sum(total), 0) FROM ledger.order_lines WHERE order_id = o.id AND kind = 'rounding') AS rounding,
       (SELECT coalesce(sum(total), 0) FROM ledger.order_lines WHERE order_id = o.id AND kind = 'credit') AS credit,
       (SELECT jsonb_agg(jsonb_build_object('Tax', ot.tax_id, 'Amount', ot.amount,
                                            'Account', coalesce(tax.account_id, c.tax_account_id)) ORDER BY ot.position)
        FROM ledger.order_taxes ot
        JOIN ledger.taxes tax ON tax.id = ot.tax_id
        WHERE ot.order_id = o.id) AS taxes
FROM ledger.orders o
CROSS JOIN ledger.companies c
CROSS JOIN LATERAL (SELECT id FROM ledger.journals WHERE kind = 'sale' ORDER BY id LIMIT 1) j
LEFT JOIN ledger.payment_terms t ON t.id = o.payment_term_id
WHERE o.id = $1`

// draftRow is what an invoice is made from, as selectDraft reads it.
type draftRow struct {
	Total      decimal.Decimal `db:"total"`
	TermDays   int             `db:"term_days"`
	Journal    int64           `db:"journal_id"`
	Receivable int64           `db:"receivable_account_id"`
	Income     int64           `db:"income_account_id"`
	Difference int64           `db:"rounding_account_id"`
	Credits    int64           `db:"credit_account_id"`
	Rounding   decimal.Decimal `db:"rounding"`
	Credit     decimal.Decimal `db:"credit"`
	Taxes      []byte          `db:"taxes"` // JSON list of draftTax; NULL when there are none

	taxes []draftTax
}

func readDraft(ctx context.Context, tx executor, order int64) (draftRow, error) {
	var row draftRow
	if err := tx.GetContext(ctx, &row, selectDraft, order); err != nil {
		return draftRow{}, classify(err)
	}
	if row.Taxes != nil {
		if err := json.Unmarshal(row.Taxes, &row.taxes); err != nil {
			return draftRow{}, fault.Wrap(fault.Internal, err, "the taxes of an order cannot be read")
		}
	}
	return row, nil
}

func (r draftRow) invoice() invoiceDraft {
	return invoiceDraft{Total: r.Total, Rounding: r.Rounding, Credit: r.Credit, Taxes: r.taxes,
		Receivable: r.Receivable, Income: r.Income, Difference: r.Difference, Credits: r.Credits}
}
