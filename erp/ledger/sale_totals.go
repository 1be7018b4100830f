package ledger

import (
	"context"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
)

// The receivable of the order's invoices, or of the refund's credit note; of an order without an invoice its total.
const selectSaleTotals = `
SELECT k.place - 1 AS place, coalesce(i.posted, n.posted, o.total) AS total
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY k (instance, entity, ext_id, place)
JOIN ledger.external_ids e ON e.instance = k.instance AND e.entity = k.entity AND e.ext_id = k.ext_id AND e.model IN ('order', 'refund')
LEFT JOIN ledger.orders o ON e.model = 'order' AND o.id = e.record_id
LEFT JOIN ledger.refunds r ON e.model = 'refund' AND r.id = e.record_id
LEFT JOIN LATERAL (
  SELECT sum(p.debit - p.credit) AS posted FROM ledger.journal_entries j
  JOIN ledger.postings p ON p.entry_id = j.id JOIN ledger.accounts a ON a.id = p.account_id AND a.kind = 'receivable'
  WHERE j.order_id = o.id AND j.kind = 'invoice'
) i ON true
LEFT JOIN LATERAL (
  SELECT sum(p.credit - p.debit) AS posted FROM ledger.postings p
  JOIN ledger.accounts a ON a.id = p.account_id AND a.kind = 'receivable' WHERE p.entry_id = r.entry_id
) n ON true`

// SaleTotals gives what orders and refunds come to, by their postings where there are any.
func (l *Ledger) SaleTotals(ctx context.Context, keys []erp.Key) ([]decimal.NullDecimal, error) {
	totals := make([]decimal.NullDecimal, len(keys))
	instances, entities, ids := columnsOfKeys(keys)
	var rows []struct {
		Place int
		Total decimal.NullDecimal
	}
	err := l.db.SelectContext(ctx, &rows, selectSaleTotals, pq.Array(instances), pq.Array(entities), pq.Array(ids))
	for _, row := range rows {
		totals[row.Place] = row.Total
	}
	return totals, classify(err)
}
