package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
)

// A variation counts as part of its product, and a record that has several keys of one entity counts once.
const countRecords = `
SELECT entity, count(DISTINCT (model, record_id)) AS records
FROM ledger.external_ids
WHERE instance = $1 AND model <> 'variant'
GROUP BY entity`

const sumOrders = `
SELECT currency, count(*) AS count, sum(total) AS total, sum(tax) AS tax
FROM ledger.orders
WHERE instance = $1
GROUP BY currency
ORDER BY currency`

const sumPostings = `
SELECT e.currency, sum(p.debit) AS debit, sum(p.credit) AS credit
FROM ledger.orders o
JOIN ledger.journal_entries e ON e.order_id = o.id
JOIN ledger.postings p ON p.entry_id = e.id
WHERE o.instance = $1
GROUP BY e.currency
ORDER BY e.currency`

const countSteps = `
SELECT count(*) FILTER (WHERE o.stage = 'confirmed' AND NOT EXISTS (
           SELECT FROM ledger.deliveries d WHERE d.order_id = o.id AND d.state = 'ready')) AS shipped,
       count(i.id) AS invoiced,
       count(*) FILTER (WHERE i.amount - coalesce(p.amount, 0) - c.back + c.paid_out <= 0) AS paid
FROM ledger.orders o
LEFT JOIN ledger.journal_entries i ON i.order_id = o.id AND i.kind = 'invoice'
LEFT JOIN ledger.journal_entries p ON p.invoice_id = i.id AND p.kind = 'payment'
CROSS JOIN LATERAL ` + credited + `
WHERE o.instance = $1`

// Totals sums up what one instance landed, as of one moment.
func (l *Ledger) Totals(ctx context.Context, instance string) (erp.Totals, error) {
	totals := erp.Totals{Records: map[string]int{}}
	err := l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		var err error
		if totals.Records, err = readRecords(ctx, tx, instance); err != nil {
			return err
		}
		if totals.Orders, err = readMoney(ctx, tx, sumOrders, instance); err != nil {
			return err
		}
		if totals.Refunds, err = readMoney(ctx, tx, sumRefunds, instance); err != nil {
			return err
		}
		if totals.Postings, err = readPostings(ctx, tx, instance); err != nil {
			return err
		}
		row := tx.QueryRowxContext(ctx, countSteps, instance)
		return classify(row.Scan(&totals.Shipped, &totals.Invoiced, &totals.Paid))
	})
	return totals, err
}

func readRecords(ctx context.Context, tx *sqlx.Tx, instance string) (map[string]int, error) {
	var rows []struct {
		Entity  string `db:"entity"`
		Records int    `db:"records"`
	}
	if err := tx.SelectContext(ctx, &rows, countRecords, instance); err != nil {
		return nil, classify(err)
	}
	records := make(map[string]int, len(rows))
	for _, row := range rows {
		records[row.Entity] = row.Records
	}
	return records, nil
}

func readMoney(ctx context.Context, tx *sqlx.Tx, query, instance string) ([]erp.MoneyTotal, error) {
	var rows []struct {
		Currency string          `db:"currency"`
		Count    int             `db:"count"`
		Total    decimal.Decimal `db:"total"`
		Tax      decimal.Decimal `db:"tax"`
	}
	if err := tx.SelectContext(ctx, &rows, query, instance); err != nil {
		return nil, classify(err)
	}
	var totals []erp.MoneyTotal
	for _, row := range rows {
		totals = append(totals, erp.MoneyTotal(row))
	}
	return totals, nil
}

func readPostings(ctx context.Context, tx *sqlx.Tx, instance string) ([]erp.PostingTotal, error) {
	var rows []struct {
		Currency string          `db:"currency"`
		Debit    decimal.Decimal `db:"debit"`
		Credit   decimal.Decimal `db:"credit"`
	}
	if err := tx.SelectContext(ctx, &rows, sumPostings, instance); err != nil {
		return nil, classify(err)
	}
	var totals []erp.PostingTotal
	for _, row := range rows {
		totals = append(totals, erp.PostingTotal(row))
	}
	return totals, nil
}
