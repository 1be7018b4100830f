package ledger

import (
	"context"
	"slices"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"
)

// available is how much of the move can be done: what is on hand and not reserved for others.
func (m dueMove) available() decimal.Decimal {
	if !m.Tracked {
		return m.Quantity
	}
	others := m.Reserved.Sub(m.Own)
	return decimal.Max(decimal.Zero, decimal.Min(m.Quantity, m.OnHand.Sub(others)))
}

// Goods without a stock move are those whose stock is not tracked: they leave with whatever is shipped first.
const hasUntracked = `
SELECT EXISTS (
    SELECT FROM ledger.order_lines l
    JOIN ledger.variants v ON v.id = l.variant_id
    JOIN ledger.products p ON p.id = v.product_id
    WHERE l.order_id = $1 AND l.shipped < l.quantity AND NOT p.virtual AND l.variant_id <> ALL ($2)
)`

// The delivery ends with what is taken, and a new one gets the rest.
const splitDelivery = `
WITH part AS (
    SELECT * FROM unnest($2::bigint[], $3::numeric[], $4::numeric[]) AS p (variant_id, taken, rest)
), delivery AS (
    UPDATE ledger.deliveries SET state = 'done', done_at = now()
    WHERE order_id = $1 AND state = 'ready'
    RETURNING id, order_id, warehouse_id
), backorder AS (
    INSERT INTO ledger.deliveries (order_id, warehouse_id, state)
    SELECT order_id, warehouse_id, 'ready' FROM delivery
    RETURNING id
), postponed AS (
    INSERT INTO ledger.stock_moves (variant_id, warehouse_id, kind, quantity, delivery_id, state, reference)
    SELECT m.variant_id, m.warehouse_id, m.kind, -p.rest, b.id, 'waiting', m.reference
    FROM ledger.stock_moves m
    JOIN delivery d ON d.id = m.delivery_id
    JOIN part p ON p.variant_id = m.variant_id
    CROSS JOIN backorder b
    WHERE m.state = 'waiting' AND p.rest > 0
), moved AS (
    UPDATE ledger.stock_moves m
    SET quantity = CASE WHEN p.taken > 0 THEN -p.taken ELSE m.quantity END,
        state = CASE WHEN p.taken > 0 AND v.track_stock THEN 'done' ELSE 'cancelled' END,
        done_at = CASE WHEN p.taken > 0 AND v.track_stock THEN now() END
    FROM delivery d, part p, ledger.variants v
    WHERE m.delivery_id = d.id AND m.state = 'waiting' AND p.variant_id = m.variant_id AND v.id = m.variant_id
    RETURNING m.variant_id, m.warehouse_id, m.quantity, m.state
)
UPDATE ledger.stock_quants q
SET on_hand = q.on_hand + m.quantity, changed = pg_current_xact_id()
FROM moved m
WHERE m.state = 'done' AND q.variant_id = m.variant_id AND q.warehouse_id = m.warehouse_id`

// Of lines of the same product the first ones get what is taken.
const shipLines = `
WITH part AS (
    SELECT * FROM unnest($2::bigint[], $3::numeric[]) AS p (variant_id, taken)
), due AS (
    SELECT l.position, l.quantity - l.shipped AS quantity, part.taken,
           sum(l.quantity - l.shipped) OVER (PARTITION BY l.variant_id ORDER BY l.position) AS upto
    FROM ledger.order_lines l
    JOIN ledger.variants v ON v.id = l.variant_id
    JOIN ledger.products p ON p.id = v.product_id
    LEFT JOIN part ON part.variant_id = l.variant_id
    WHERE l.order_id = $1 AND l.shipped < l.quantity AND NOT p.virtual
), leaving AS (
    SELECT position, greatest(0, least(quantity, coalesce(taken - upto, 0) + quantity)) AS quantity FROM due
)` + noteShipped

// noteShipped notes how much of which line, of those in leaving, went out with the delivery that an order's transaction made done last.
const noteShipped = `, shipped AS (
    UPDATE ledger.order_lines l SET shipped = l.shipped + leaving.quantity
    FROM leaving
    WHERE l.order_id = $1 AND l.position = leaving.position AND leaving.quantity > 0
    RETURNING l.position, leaving.quantity
)
INSERT INTO ledger.delivery_lines (delivery_id, position, quantity)
SELECT (SELECT max(id) FROM ledger.deliveries WHERE order_id = $1 AND state = 'done'), position, quantity FROM shipped`

// shipPart delivers what is available of an order of which something is not. When nothing is, it changes nothing and
// reports false.
func shipPart(ctx context.Context, tx executor, order int64, moves []dueMove) (bool, error) {
	var variants pq.Int64Array
	var taken, rest []string
	for _, m := range moves {
		part := m.available()
		variants = append(variants, m.Variant)
		taken, rest = append(taken, part.String()), append(rest, m.Quantity.Sub(part).String())
	}
	some := slices.ContainsFunc(moves, func(m dueMove) bool { return m.available().IsPositive() })
	if !some {
		if err := tx.GetContext(ctx, &some, hasUntracked, order, variants); err != nil || !some {
			return false, classify(err)
		}
	}
	if _, err := tx.ExecContext(ctx, splitDelivery, order, variants, pq.Array(taken), pq.Array(rest)); err != nil {
		return false, classify(err)
	}
	if _, err := tx.ExecContext(ctx, shipLines, order, variants, pq.Array(taken)); err != nil {
		return false, classify(err)
	}
	return true, reserve(ctx, tx, order)
}
