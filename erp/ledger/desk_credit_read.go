package ledger

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
)

// $2 is the reader's own instance, whose keys are no store's.
const selectCreditNotes = `
SELECT r.id, r.order_id, r.number, r.date, r.untaxed, r.tax, r.total, r.reason, r.by_hand, r.restock, e.number AS posted,
       o.number AS order_number, o.currency, o.partner_id, coalesce(x.instance, '') AS store, coalesce(x.ext_id, '') AS store_id,
       i.amount - coalesce(p.amount, 0) - c.back + c.paid_out AS due, NOT (` + standing + `) AS reversed
FROM ledger.refunds r
JOIN ledger.orders o ON o.id = r.order_id
JOIN ledger.journal_entries e ON e.id = r.entry_id
JOIN ledger.journal_entries i ON i.id = e.origin_id
LEFT JOIN ledger.journal_entries p ON p.invoice_id = i.id AND p.kind = 'payment'
LEFT JOIN LATERAL (
    SELECT instance, ext_id FROM ledger.external_ids
    WHERE model = 'refund' AND record_id = r.id AND instance <> $2 ORDER BY instance, ext_id LIMIT 1
) x ON true
CROSS JOIN LATERAL ` + credited + `
WHERE r.id = ANY ($1)
ORDER BY r.id DESC`

// creditNoteRow is a credit note as selectCreditNotes reads it.
type creditNoteRow struct {
	ID          int64
	OrderID     int64 `db:"order_id"`
	Number      string
	Date        time.Time
	Untaxed     decimal.Decimal
	Tax         decimal.Decimal
	Total       decimal.Decimal
	Reason      string
	ByHand      bool `db:"by_hand"`
	Restock     bool
	Posted      string
	OrderNumber string `db:"order_number"`
	Currency    string
	PartnerID   int64 `db:"partner_id"`
	Store       string
	StoreID     string `db:"store_id"`
	Due         decimal.Decimal
	Reversed    bool
}

func (row creditNoteRow) note() erp.Held[erp.CreditNote] {
	number := func(id int64) string { return strconv.FormatInt(id, 10) }
	return erp.Held[erp.CreditNote]{ID: number(row.ID), Record: erp.CreditNote{
		Refund: erp.Refund{
			Key: erp.OwnKey(refundEntity, number(row.ID)), Order: erp.OwnKey(landing.OrderEntity, number(row.OrderID)), Number: row.Number,
			Date: row.Date.UTC(), Currency: row.Currency, Untaxed: row.Untaxed, Tax: row.Tax, Total: row.Total, Reason: row.Reason,
		},
		Posted: row.Posted, OrderNumber: row.OrderNumber, Partner: erp.OwnKey(erp.AccountEntity, number(row.PartnerID)), ByHand: row.ByHand, Restock: row.Restock,
		PaidOut: !row.Reversed && !row.Due.IsNegative(), Reversed: row.Reversed, Store: row.Store, StoreID: row.StoreID,
	}}
}

// readCreditNotes reads credit notes with own keys, the newest first.
func readCreditNotes(ctx context.Context, tx *sqlx.Tx, instance string, ids []int64) ([]erp.Held[erp.CreditNote], error) {
	var rows []creditNoteRow
	if err := tx.SelectContext(ctx, &rows, selectCreditNotes, pq.Array(ids), instance); err != nil {
		return nil, classify(err)
	}
	reader := recordReader{tx: tx, instance: instance, own: true}
	lines, err := rowsOf[refundLineRow](ctx, reader, `SELECT * FROM ledger.refund_lines WHERE refund_id = ANY ($1) ORDER BY refund_id, position`, pq.Array(ids))
	if err != nil {
		return nil, err
	}
	var taxes []refundTaxRow
	err = reader.into(ctx, &taxes, `
		SELECT refund_id, position, tax_id, label, rate, amount FROM ledger.refund_taxes WHERE refund_id = ANY ($1) ORDER BY refund_id, position`, ids)
	notes := make([]erp.Held[erp.CreditNote], len(rows))
	for i, row := range rows {
		notes[i] = row.note()
		note := &notes[i].Record
		for _, line := range lines {
			if line.RefundID == row.ID {
				note.Lines = append(note.Lines, line.line())
			}
		}
		for _, tax := range taxes {
			if tax.RefundID == row.ID {
				note.Taxes = append(note.Taxes, erp.OrderTax{Tax: ownTax(tax.TaxID), Label: tax.Label, Rate: tax.Rate, Amount: tax.Amount})
			}
		}
	}
	return slices.Clip(notes), err
}

func (row refundLineRow) line() erp.RefundLine {
	line := erp.RefundLine{Of: row.OrderLine, OrderLine: erp.OrderLine{
		ID: row.OrderLine, Kind: row.Kind, Description: row.Description, Quantity: row.Quantity, Total: row.Total,
	}}
	for _, tax := range row.Taxes {
		line.Taxes = append(line.Taxes, erp.LineTax{Tax: ownTax(tax.Tax), Amount: tax.Amount})
	}
	return line
}
