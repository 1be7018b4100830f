package ledger

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// standing is a condition: refund r of the ledger is not taken back.
const standing = `NOT EXISTS (SELECT FROM ledger.journal_entries v WHERE v.origin_id = r.entry_id AND v.kind = 'reversal')`

const selectLeftOrder = `
SELECT o.currency, c.decimals,
       o.total - (SELECT coalesce(sum(r.total), 0) FROM ledger.refunds r WHERE r.order_id = o.id AND ` + standing + `) AS total
FROM ledger.orders o
JOIN ledger.currencies c ON c.code = o.currency
WHERE o.id = $1`

const selectLeftLines = `
SELECT coalesce(json_agg(l ORDER BY l.position), '[]') FROM (
    SELECT position, store_line, kind, description, quantity, total, taxes, returned FROM ledger.order_lines WHERE order_id = $1
) l`

const selectLeftRates = `
SELECT t.tax_id, t.label, t.rate, t.amount - coalesce(b.amount, 0) AS amount
FROM (
    SELECT tax_id, min(label) AS label, min(rate) AS rate, sum(amount) AS amount, min(position) AS position
    FROM ledger.order_taxes WHERE order_id = $1 GROUP BY tax_id
) t
LEFT JOIN (
    SELECT rt.tax_id, sum(rt.amount) AS amount
    FROM ledger.refunds r JOIN ledger.refund_taxes rt ON rt.refund_id = r.id
    WHERE r.order_id = $1 AND ` + standing + ` GROUP BY rt.tax_id
) b USING (tax_id)
ORDER BY t.position`

const selectGivenLines = `
SELECT coalesce(json_agg(l), '[]') FROM (
    SELECT rl.order_line, rl.kind, rl.quantity, rl.total, rl.taxes
    FROM ledger.refunds r JOIN ledger.refund_lines rl ON rl.refund_id = r.id
    WHERE r.order_id = $1 AND ` + standing + ` ORDER BY r.id, rl.position
) l`

// leftLineRow is a line of an order as selectLeftLines reads it.
type leftLineRow struct {
	orderLineRow
	Returned decimal.Decimal `json:"returned"`
}

// readLeft reads what is left of an order to give back. The order is locked.
func readLeft(ctx context.Context, tx *sqlx.Tx, order int64) (leftOrder, error) {
	var head struct {
		Currency string
		Decimals int32
		Total    decimal.Decimal
	}
	if err := tx.GetContext(ctx, &head, selectLeftOrder, order); err != nil {
		return leftOrder{}, classify(err)
	}
	left := leftOrder{total: head.Total, currency: head.Currency, decimals: head.Decimals}
	var lines, given []byte
	if err := tx.GetContext(ctx, &lines, selectLeftLines, order); err != nil {
		return left, classify(err)
	}
	if err := tx.GetContext(ctx, &given, selectGivenLines, order); err != nil {
		return left, classify(err)
	}
	var sold []leftLineRow
	var back []refundLineRow
	if err := errors.Join(json.Unmarshal(lines, &sold), json.Unmarshal(given, &back)); err != nil {
		return left, fault.Wrap(fault.Internal, err, "the lines of an order cannot be read")
	}
	for _, row := range sold {
		left.lines = append(left.lines, row.untouched(head.Decimals))
	}
	for _, row := range back {
		left.take(row)
	}
	return left, left.readRates(ctx, tx, order)
}

func (left *leftOrder) readRates(ctx context.Context, tx *sqlx.Tx, order int64) error {
	var rows []struct {
		TaxID  int64 `db:"tax_id"`
		Label  string
		Rate   decimal.Decimal
		Amount decimal.Decimal
	}
	err := tx.SelectContext(ctx, &rows, selectLeftRates, order)
	for _, row := range rows {
		left.rates = append(left.rates, erp.OrderTax{Tax: ownTax(row.TaxID), Label: row.Label, Rate: row.Rate, Amount: row.Amount})
	}
	return classify(err)
}

// untouched is a line of which nothing was given back.
func (row leftLineRow) untouched(decimals int32) leftLine {
	l := leftLine{sold: row.orderLineRow, quantity: row.Quantity, net: row.Total, taxes: map[int64]decimal.Decimal{}, returned: row.Returned}
	for _, tax := range row.Taxes {
		l.taxes[tax.Tax] = l.taxes[tax.Tax].Add(tax.Amount.Round(decimals))
	}
	return l
}

// take takes a line of a credit note off what is left.
func (left *leftOrder) take(row refundLineRow) {
	for i := range left.lines {
		if l := &left.lines[i]; row.OrderLine != "" && l.sold.StoreLine == row.OrderLine {
			l.take(row, left.decimals)
			return
		}
	}
	loose := leftLine{sold: orderLineRow{Kind: row.Kind, Taxes: row.Taxes}, net: row.Total.Neg(), taxes: map[int64]decimal.Decimal{}}
	for _, tax := range row.Taxes {
		loose.taxes[tax.Tax] = loose.taxes[tax.Tax].Sub(tax.Amount.Round(left.decimals))
	}
	left.loose = append(left.loose, loose)
}

// take takes off a line what a credit note gave back of it. One that was booked before its taxes were kept gave them back in proportion.
func (l *leftLine) take(row refundLineRow, decimals int32) {
	taxes := row.Taxes
	if len(taxes) == 0 && !l.sold.Total.IsZero() {
		for _, tax := range l.sold.Taxes {
			taxes = append(taxes, lineTaxRow{Tax: tax.Tax, Amount: tax.Amount.Mul(row.Total).DivRound(l.sold.Total, lineTaxPlaces)})
		}
	}
	l.net = l.net.Sub(row.Total)
	if row.Kind == erp.ProductLine || l.sold.Kind != erp.ProductLine {
		l.quantity = decimal.Max(l.quantity.Sub(row.Quantity), decimal.Zero)
	}
	for _, tax := range taxes {
		l.taxes[tax.Tax] = l.taxes[tax.Tax].Sub(tax.Amount.Round(decimals))
	}
}
