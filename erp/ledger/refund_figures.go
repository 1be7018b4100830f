package ledger

import (
	"context"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// credited is a LATERAL item: what credit notes gave back of invoice i and what was paid out of them, without what was reversed.
const credited = `(
    SELECT coalesce(sum(n.amount), 0) AS back, coalesce(sum(o.amount), 0) AS paid_out
    FROM ledger.journal_entries n
    LEFT JOIN ledger.journal_entries o ON o.origin_id = n.id AND o.kind = 'payout'
    WHERE n.origin_id = i.id AND n.kind = 'credit_note'
      AND NOT EXISTS (SELECT FROM ledger.journal_entries v WHERE v.origin_id = n.id AND v.kind = 'reversal')
) c`

const selectRefunds = `
SELECT r.order_id, r.id, r.total, r.tax, e.number, x.instance, x.entity, x.ext_id,
       i.amount - coalesce(p.amount, 0) - c.back + c.paid_out AS due,
       EXISTS (SELECT FROM ledger.journal_entries v WHERE v.origin_id = e.id AND v.kind = 'reversal') AS reversed
FROM ledger.refunds r
JOIN ledger.journal_entries e ON e.id = r.entry_id
JOIN ledger.journal_entries i ON i.id = e.origin_id
LEFT JOIN ledger.journal_entries p ON p.invoice_id = i.id AND p.kind = 'payment'
CROSS JOIN LATERAL (
    SELECT instance, entity, ext_id FROM ledger.external_ids
    WHERE model = 'refund' AND record_id = r.id ORDER BY instance = '` + erp.OwnInstance + `', instance, ext_id LIMIT 1
) x
CROSS JOIN LATERAL ` + credited + `
WHERE r.order_id = ANY ($1)
ORDER BY r.id`

const selectRefundTaxes = `
SELECT t.refund_id, t.tax_key, t.label, t.rate, t.amount
FROM ledger.refunds r
JOIN ledger.refund_taxes t ON t.refund_id = r.id
WHERE r.order_id = ANY ($1)
ORDER BY t.refund_id, t.position`

// readRefundFigures reads the amounts of the refunds of orders, by the ids of the orders.
func readRefundFigures(ctx context.Context, tx *sqlx.Tx, orders []int64) (map[int64][]erp.RefundFigures, error) {
	var rows []struct {
		OrderID  int64           `db:"order_id"`
		ID       int64           `db:"id"`
		Total    decimal.Decimal `db:"total"`
		Tax      decimal.Decimal `db:"tax"`
		Number   string          `db:"number"`
		Instance string          `db:"instance"`
		Entity   string          `db:"entity"`
		ExtID    string          `db:"ext_id"`
		Due      decimal.Decimal `db:"due"`
		Reversed bool            `db:"reversed"`
	}
	if err := tx.SelectContext(ctx, &rows, selectRefunds, pq.Int64Array(orders)); err != nil {
		return nil, classify(err)
	}
	taxes, err := readRefundTaxes(ctx, tx, orders)
	if err != nil {
		return nil, err
	}
	figures := map[int64][]erp.RefundFigures{}
	for _, row := range rows {
		figures[row.OrderID] = append(figures[row.OrderID], erp.RefundFigures{
			Key: erp.Key{Instance: row.Instance, Entity: row.Entity, ID: row.ExtID}, ID: strconv.FormatInt(row.ID, 10), Number: row.Number,
			Total: row.Total, Tax: row.Tax, Taxes: taxes[row.ID], PaidOut: !row.Reversed && !row.Due.IsNegative(), Reversed: row.Reversed,
		})
	}
	return figures, nil
}

func readRefundTaxes(ctx context.Context, tx *sqlx.Tx, orders []int64) (map[int64][]erp.OrderTax, error) {
	var rows []struct {
		RefundID int64           `db:"refund_id"`
		TaxKey   string          `db:"tax_key"`
		Label    string          `db:"label"`
		Rate     decimal.Decimal `db:"rate"`
		Amount   decimal.Decimal `db:"amount"`
	}
	if err := tx.SelectContext(ctx, &rows, selectRefundTaxes, pq.Int64Array(orders)); err != nil {
		return nil, classify(err)
	}
	taxes := map[int64][]erp.OrderTax{}
	for _, row := range rows {
		key, err := erp.ParseKey(row.TaxKey)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "the tax of a refund cannot be read")
		}
		taxes[row.RefundID] = append(taxes[row.RefundID], erp.OrderTax{Tax: key, Label: row.Label, Rate: row.Rate, Amount: row.Amount})
	}
	return taxes, nil
}

const sumRefunds = `
SELECT o.currency, count(*) AS count, sum(r.total) AS total, sum(r.tax) AS tax
FROM ledger.orders o
JOIN ledger.refunds r ON r.order_id = o.id
WHERE o.instance = $1 AND NOT EXISTS (SELECT FROM ledger.journal_entries v WHERE v.origin_id = r.entry_id AND v.kind = 'reversal')
GROUP BY o.currency
ORDER BY o.currency`
