package ledger

import (
	"context"
	"strings"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// Services need no delivery, and goods whose stock is not tracked are delivered without stock moves.
const insertDeliveries = `
WITH goods AS (
    SELECT o.id AS order_id, o.warehouse_id, o.number, l.variant_id, l.quantity, v.track_stock
    FROM ledger.orders o
    JOIN ledger.order_lines l ON l.order_id = o.id
    JOIN ledger.variants v ON v.id = l.variant_id
    JOIN ledger.products p ON p.id = v.product_id
    WHERE o.id = ANY ($1) AND l.quantity > 0 AND NOT p.virtual
), delivery AS (
    INSERT INTO ledger.deliveries (order_id, warehouse_id, state)
    SELECT DISTINCT order_id, warehouse_id, 'ready' FROM goods
    RETURNING id, order_id
)
INSERT INTO ledger.stock_moves (variant_id, warehouse_id, kind, quantity, delivery_id, state, reference)
SELECT g.variant_id, g.warehouse_id, 'delivery', -sum(g.quantity), d.id, 'waiting', g.number
FROM goods g
JOIN delivery d USING (order_id)
WHERE g.track_stock
GROUP BY g.variant_id, g.warehouse_id, d.id, g.number`

// openDeliveries makes a delivery ready for each of the orders that has something to deliver.
func openDeliveries(ctx context.Context, tx executor, orders []int64) error {
	if len(orders) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, insertDeliveries, pq.Int64Array(orders))
	return classify(err)
}

const cancelDeliveries = `
WITH closed AS (
    UPDATE ledger.deliveries SET state = 'cancelled'
    WHERE order_id = ANY ($1) AND state = 'ready'
    RETURNING id
)
UPDATE ledger.stock_moves m SET state = 'cancelled'
FROM closed
WHERE m.delivery_id = closed.id AND m.state = 'waiting'`

// closeDeliveries cancels what of the orders is not delivered yet.
func closeDeliveries(ctx context.Context, tx executor, orders []int64) error {
	if len(orders) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, cancelDeliveries, pq.Int64Array(orders))
	return classify(err)
}

// shipOrder delivers what is left to deliver. It is fault.Parked with code "no_stock" while some of it is not on hand
// or is reserved for others.
func (l *Ledger) shipOrder(ctx context.Context, order erp.Key, shipment erp.ShipRequest) (erp.Progress, error) {
	var waiting error // the rest of an order that is shipped in part, which has to be committed
	progress, err := l.take(ctx, order, erp.StepShip, func(tx executor, row saleRow) error {
		if row.Ready == 0 {
			return nil
		}
		var moves []dueMove
		if err := tx.SelectContext(ctx, &moves, selectDueMoves, row.ID); err != nil {
			return classify(err)
		}
		short := shortOf(moves)
		if len(short) == 0 {
			_, err := tx.ExecContext(ctx, deliver, row.ID)
			return classify(err)
		}
		shipped := false
		if shipment.Partial {
			var err error
			if shipped, err = shipPart(ctx, tx, row.ID, moves); err != nil {
				return err
			}
		}
		held := noStock(ctx, tx, order.Instance, short, shipped)
		if shipped && fault.Is(held, fault.Parked) {
			waiting = held
			return nil
		}
		return held
	})
	if err == nil {
		err = waiting
	}
	return progress, err
}

// dueMove is a stock move to do, with the stock of its shelf.
type dueMove struct {
	quant
	Quantity decimal.Decimal `db:"quantity"` // to be taken
	Own      decimal.Decimal `db:"own"`      // the part of the reserved quantity that is this order's
	Tracked  bool            `db:"tracked"`  // false when the store stopped counting this product meanwhile
}

const selectDueMoves = `
SELECT q.variant_id, q.warehouse_id, q.on_hand, q.reserved, -m.quantity AS quantity, v.track_stock AS tracked,
       (SELECT coalesce(sum(l.reserved), 0) FROM ledger.order_lines l
        WHERE l.order_id = d.order_id AND l.variant_id = m.variant_id) AS own
FROM ledger.deliveries d
JOIN ledger.stock_moves m ON m.delivery_id = d.id AND m.state = 'waiting'
JOIN ledger.stock_quants q ON q.variant_id = m.variant_id AND q.warehouse_id = m.warehouse_id
JOIN ledger.variants v ON v.id = m.variant_id
WHERE d.order_id = $1 AND d.state = 'ready'
ORDER BY q.variant_id, q.warehouse_id
FOR UPDATE OF q`

// shortOf lists the variants of which too little is on hand after what is reserved for others.
func shortOf(moves []dueMove) []int64 {
	var short []int64
	for _, m := range moves {
		if m.available().LessThan(m.Quantity) {
			short = append(short, m.Variant)
		}
	}
	return short
}

const deliver = `
WITH delivery AS (
    UPDATE ledger.deliveries SET state = 'done', done_at = now()
    WHERE order_id = $1 AND state = 'ready'
    RETURNING id, warehouse_id
), moved AS (
    UPDATE ledger.stock_moves m
    SET state = CASE WHEN v.track_stock THEN 'done' ELSE 'cancelled' END, done_at = CASE WHEN v.track_stock THEN now() END
    FROM delivery d, ledger.variants v
    WHERE m.delivery_id = d.id AND m.state = 'waiting' AND v.id = m.variant_id
    RETURNING m.variant_id, CASE WHEN m.state = 'done' THEN m.quantity ELSE 0 END AS quantity, 0 AS reserved
), released AS (
    UPDATE ledger.order_lines l
    SET reserved = 0, shipped = CASE WHEN p.virtual THEN 0 ELSE greatest(l.quantity, 0) END
    FROM ledger.order_lines old
    JOIN ledger.variants v ON v.id = old.variant_id
    JOIN ledger.products p ON p.id = v.product_id
    WHERE l.order_id = $1 AND old.order_id = l.order_id AND old.position = l.position
    RETURNING l.variant_id, 0 AS quantity, old.reserved, l.position, l.shipped - old.shipped AS left
), noted AS (
    INSERT INTO ledger.delivery_lines (delivery_id, position, quantity)
    SELECT d.id, r.position, r.left FROM released r, delivery d WHERE r.left > 0
), change AS (
    SELECT c.variant_id, d.warehouse_id, sum(c.quantity) AS quantity, sum(c.reserved) AS reserved
    FROM (SELECT * FROM moved UNION ALL SELECT variant_id, quantity, reserved FROM released) c, delivery d
    GROUP BY c.variant_id, d.warehouse_id
)
UPDATE ledger.stock_quants q
SET on_hand = q.on_hand + c.quantity, reserved = q.reserved - c.reserved, outgoing = q.outgoing - c.reserved,
    changed = pg_current_xact_id()
FROM change c
WHERE q.variant_id = c.variant_id AND q.warehouse_id = c.warehouse_id`

const selectStoreIDs = `
SELECT DISTINCT ext_id
FROM ledger.external_ids
WHERE model = 'variant' AND instance = $1 AND record_id = ANY ($2)
ORDER BY ext_id`

// selectOwnSoldIDs names variants by the ledger's own ids.
const selectOwnSoldIDs = `
SELECT v.product_id || CASE p.kind WHEN 'variable' THEN '/' || v.id ELSE '' END
FROM ledger.variants v
JOIN ledger.products p ON p.id = v.product_id
WHERE $1::text <> '' AND v.id = ANY ($2)
ORDER BY v.product_id, v.id`

// selectCountedKeys gives the keys under which the counts of variants land: a variation's comes with its product.
const selectCountedKeys = `
SELECT DISTINCT e.instance || '/' || e.entity || '/' || e.ext_id
FROM ledger.variants v
JOIN ledger.external_ids e ON (e.model, e.record_id) IN (('variant', v.id), ('product', v.product_id))
WHERE v.id = ANY ($2) AND e.instance = $1
ORDER BY 1`

// noStock parks an order that waits for variants, whether all else was shipped or nothing. It names the products by the
// store's ids, which is how the operator finds them, and by the ledger's own where the order was named by that.
func noStock(ctx context.Context, tx executor, instance string, variants []int64, shipped bool) error {
	query := selectStoreIDs
	if instance == erp.OwnInstance {
		query = selectOwnSoldIDs
	}
	var ids []string
	if err := tx.SelectContext(ctx, &ids, query, instance, pq.Int64Array(variants)); err != nil {
		return classify(err)
	}
	rest := ""
	if shipped {
		rest = ", all else was shipped"
	}
	parked := fault.New(fault.Parked, "not enough stock to ship product %s%s: correct the count or wait for goods",
		strings.Join(ids, ", "), rest)
	parked.Code = "no_stock"
	if err := tx.SelectContext(ctx, &parked.Waits, selectCountedKeys, instance, pq.Int64Array(variants)); err != nil {
		return classify(err)
	}
	return parked
}
