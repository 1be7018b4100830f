package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/fault"
)

// booking is a refund on its way into the books. The order is locked.
type booking struct {
	ctx    context.Context //nolint:containedctx // it lives for one call
	tx     *sqlx.Tx
	refund *erp.Refund
	id     int64
	order  int64
	taxes  map[erp.Key]held
}

// book posts the credit note and what follows on it. An order that nobody invoiced is invoiced in full first: an invoice says what was
// sold, whatever was given back of it.
func (b booking) book() (*landing.Refusal, error) {
	row, err := readState(b.ctx, b.tx, b.order)
	if err != nil {
		return nil, err
	}
	if refused := check.RefundedOrder(b.refund, row.state()); refused != nil {
		return refused, nil
	}
	err = b.post(row)
	if f := fault.From(err); err != nil && f.Kind == fault.Parked {
		return landing.Parked(f.Code, f.Message), nil
	}
	return nil, err
}

// post posts what belongs to the refund, and keeps it.
func (b booking) post(row saleRow) error {
	date := accountingDate(b.refund.Date)
	draft, err := readDraft(b.ctx, b.tx, b.order)
	if err != nil {
		return err
	}
	if !row.InvoiceID.Valid {
		if row, err = b.invoice(draft, date); err != nil {
			return err
		}
	}
	note, err := b.postNote(draft, row, date)
	if err != nil {
		return err
	}
	if err := b.payOut(row, note, date); err != nil {
		return err
	}
	if err := b.write(note); err != nil {
		return err
	}
	if err := b.takeBack(); err != nil {
		return err
	}
	if b.refund.Whole {
		return b.stopDelivery()
	}
	return nil
}

func (b booking) invoice(draft draftRow, date time.Time) (saleRow, error) {
	due := date.AddDate(0, 0, draft.TermDays)
	_, err := post(b.ctx, b.tx, entry{
		Kind: "invoice", Journal: draft.Journal, Order: b.order, Date: date, DueDate: &due, Amount: draft.Total,
	}, draft.invoice().postings())
	if err != nil {
		return saleRow{}, err
	}
	return readState(b.ctx, b.tx, b.order)
}

const selectCreditJournal = `SELECT id FROM ledger.journals WHERE kind = 'credit_note' ORDER BY id LIMIT 1`

const selectRefundAccounts = `
SELECT t.id, coalesce(t.refund_account_id, c.refund_tax_account_id) AS account
FROM ledger.taxes t CROSS JOIN ledger.companies c`

// postNote posts the credit note: the invoice the other way round, for what is given back of it.
func (b booking) postNote(draft draftRow, row saleRow, date time.Time) (note int64, err error) {
	var journal int64
	if err := b.tx.GetContext(b.ctx, &journal, selectCreditJournal); err != nil {
		return 0, classify(err)
	}
	back := invoiceDraft{Total: b.refund.Total.Neg(), Receivable: draft.Receivable, Income: draft.Income, Difference: draft.Difference, Credits: draft.Credits}
	for _, line := range b.refund.Lines {
		switch line.Kind {
		case erp.RoundingLine:
			back.Rounding = back.Rounding.Sub(line.Total)
		case erp.CreditLine:
			back.Credit = back.Credit.Sub(line.Total)
		case erp.ProductLine, erp.ShippingLine, erp.FeeLine:
		}
	}
	for _, tax := range b.refund.Taxes {
		id := b.taxes[tax.Tax].ID
		part := draftTax{Tax: id, Amount: tax.Amount.Neg()}
		if err := b.tx.GetContext(b.ctx, &part.Account, `SELECT account FROM (`+selectRefundAccounts+`) t WHERE id = $1`, id); err != nil {
			return 0, classify(err)
		}
		back.Taxes = append(back.Taxes, part)
	}
	return post(b.ctx, b.tx, entry{
		Kind: "credit_note", Journal: journal, Order: b.order, Date: date, Amount: b.refund.Total, Origin: &row.InvoiceID.Int64,
		Memo: b.refund.Reason,
	}, back.postings())
}

const selectPaidInto = `
SELECT p.journal_id AS id, j.account_id, c.receivable_account_id
FROM ledger.journal_entries p
JOIN ledger.journals j ON j.id = p.journal_id
CROSS JOIN ledger.companies c
WHERE p.invoice_id = $1 AND p.kind = 'payment'`

// payOut pays what the credit note leaves overpaid, by way of the journal that the payment came in by.
func (b booking) payOut(before saleRow, note int64, date time.Time) error {
	overpaid := b.refund.Total.Sub(decimal.Max(before.Due, decimal.Zero))
	if !overpaid.IsPositive() {
		return nil
	}
	var journal paymentJournal
	err := b.tx.GetContext(b.ctx, &journal, selectPaidInto, before.InvoiceID.Int64)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // nothing was paid: the customer has the credit note
	}
	if err != nil {
		return classify(err)
	}
	_, err = post(b.ctx, b.tx, entry{
		Kind: "payout", Journal: journal.ID, Order: b.order, Date: date, Amount: overpaid, Origin: &note, Memo: b.refund.Number,
	}, paymentPostings(journal.Account, journal.Receivable, overpaid.Neg()))
	return err
}

type refundRow struct {
	ID      int64           `json:"id"`
	OrderID int64           `json:"order_id"`
	EntryID int64           `json:"entry_id"`
	Number  string          `json:"number"`
	Date    time.Time       `json:"date"`
	Untaxed decimal.Decimal `json:"untaxed"`
	Tax     decimal.Decimal `json:"tax"`
	Total   decimal.Decimal `json:"total"`
	Reason  string          `json:"reason"`
}

type refundLineRow struct {
	RefundID    int64           `json:"refund_id"`
	Position    int             `json:"position"`
	OrderLine   string          `json:"order_line"`
	Kind        erp.LineKind    `json:"kind"`
	Description string          `json:"description"`
	Quantity    decimal.Decimal `json:"quantity"`
	Total       decimal.Decimal `json:"total"`
	Taxes       []lineTaxRow    `json:"taxes"`
}

type refundTaxRow struct {
	RefundID int64           `json:"refund_id"`
	Position int             `json:"position"`
	TaxID    int64           `json:"tax_id"`
	TaxKey   erp.Key         `json:"tax_key"`
	Label    string          `json:"label"`
	Rate     decimal.Decimal `json:"rate"`
	Amount   decimal.Decimal `json:"amount"`
}

// write keeps the refund with its lines and taxes.
func (b booking) write(note int64) error {
	r := b.refund
	row := refundRow{ID: b.id, OrderID: b.order, EntryID: note, Number: r.Number, Date: r.Date, Untaxed: r.Untaxed, Tax: r.Tax, Total: r.Total, Reason: r.Reason}
	lines := make([]refundLineRow, len(r.Lines))
	for i, line := range r.Lines {
		lines[i] = refundLineRow{RefundID: b.id, Position: i + 1, OrderLine: line.Of, Kind: line.Kind, Description: line.Description,
			Quantity: line.Quantity, Total: line.Total, Taxes: make([]lineTaxRow, len(line.Taxes))}
		for j, tax := range line.Taxes {
			lines[i].Taxes[j] = lineTaxRow{Tax: b.taxes[tax.Tax].ID, Amount: tax.Amount}
		}
	}
	taxes := make([]refundTaxRow, len(r.Taxes))
	for i, tax := range r.Taxes {
		taxes[i] = refundTaxRow{RefundID: b.id, Position: i + 1, TaxID: b.taxes[tax.Tax].ID, TaxKey: tax.Tax, Label: tax.Label, Rate: tax.Rate, Amount: tax.Amount}
	}
	return errors.Join(
		insertRows(b.ctx, b.tx, "refunds", []refundRow{row}),
		insertRows(b.ctx, b.tx, "refund_lines", lines),
		insertRows(b.ctx, b.tx, "refund_taxes", taxes),
	)
}

// putOnShelf brings what came back of a line of an order up to what the store put back in all, but not more than left the house.
const putOnShelf = `
WITH line AS (
    SELECT l.order_id, l.position, l.variant_id, o.warehouse_id, o.number, least($4, $3 - l.returned, l.shipped - l.returned) AS back
    FROM ledger.order_lines l
    JOIN ledger.orders o ON o.id = l.order_id
    JOIN ledger.variants v ON v.id = l.variant_id
    WHERE l.order_id = $1 AND l.store_line = $2 AND v.track_stock
    FOR UPDATE OF l
), noted AS (
    UPDATE ledger.order_lines l SET returned = l.returned + line.back
    FROM line WHERE l.order_id = line.order_id AND l.position = line.position AND line.back > 0
), moved AS (
    INSERT INTO ledger.stock_moves (variant_id, warehouse_id, kind, quantity, state, reference, done_at)
    SELECT variant_id, warehouse_id, 'return', back, 'done', number, now() FROM line WHERE back > 0
)
UPDATE ledger.stock_quants q SET on_hand = q.on_hand + line.back, changed = pg_current_xact_id()
FROM line
WHERE q.variant_id = line.variant_id AND q.warehouse_id = line.warehouse_id AND line.back > 0`

// takeBack puts on the shelf what the store put there.
func (b booking) takeBack() error {
	came := false
	for _, line := range b.refund.Lines {
		if line.Of == "" || !line.PutBack.IsPositive() || !line.Quantity.IsPositive() {
			continue
		}
		if _, err := b.tx.ExecContext(b.ctx, putOnShelf, b.order, line.Of, line.PutBack, line.Quantity); err != nil {
			return classify(err)
		}
		came = true
	}
	if !came {
		return nil
	}
	return tellShipments(b.ctx, b.tx, b.order)
}

// stopDelivery gives up what is not delivered of an order of which nothing is left, and frees what is kept for it.
func (b booking) stopDelivery() error {
	if err := closeDeliveries(b.ctx, b.tx, []int64{b.order}); err != nil {
		return err
	}
	return release(b.ctx, b.tx, b.order)
}
