package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
)

var _ erp.ShipmentReader = (*Ledger)(nil)

// shipmentsOf picks the deliveries that went out for orders which the store of an instance has.
func shipmentsOf(instance string) recordKind {
	return recordKind{table: "deliveries", where: `t.state = 'done' AND EXISTS (
		SELECT FROM ledger.external_ids o WHERE o.model = 'order' AND o.record_id = t.order_id AND o.instance = ` + pq.QuoteLiteral(instance) + `)`}
}

// ListShipments lists deliveries that went out.
func (l *Ledger) ListShipments(ctx context.Context, q erp.RecordQuery) (out erp.ShipmentPage, err error) {
	kind := shipmentsOf(q.Instance)
	if q.IDs != nil {
		kind.where = `t.state = 'done'`
	}
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		page, err := kind.page(ctx, tx, q)
		if err != nil {
			return classify(err)
		}
		if out.Done = page.done; q.IDs == nil {
			out.Next = page.next.String()
		}
		out.Shipments, err = recordReader{tx: tx, instance: q.Instance}.shipments(ctx, page.ids)
		return err
	})
	return out, err
}

// ShipmentsFromNow gives the place after all deliveries that went out.
func (l *Ledger) ShipmentsFromNow(ctx context.Context) (string, error) {
	at := recordPlace{changes: true}
	err := l.db.GetContext(ctx, &at.number, `SELECT pg_snapshot_xmin(pg_current_snapshot())::text`)
	return at.String(), classify(err)
}

// ShipmentsOf gives what was shipped of orders.
func (l *Ledger) ShipmentsOf(ctx context.Context, keys []erp.Key) (found []erp.Shipment, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		orders, err := orderIDs(ctx, tx, keys)
		if err != nil {
			return err
		}
		var ids []int64
		err = tx.SelectContext(ctx, &ids, `SELECT id FROM ledger.deliveries WHERE order_id = ANY ($1) AND state = 'done' ORDER BY id`, pq.Array(orders))
		if err != nil {
			return classify(err)
		}
		found, err = recordReader{tx: tx, instance: keys[0].Instance}.shipments(ctx, ids)
		return err
	})
	return found, err
}

// shipments reads deliveries that went out, in the order of the ids.
func (r recordReader) shipments(ctx context.Context, ids []int64) ([]erp.Shipment, error) {
	deliveries, err := r.deliveries(ctx, ids)
	found := make([]erp.Shipment, len(deliveries))
	for i, d := range deliveries {
		found[i] = d.Shipment
	}
	return found, err
}

const selectDeliveries = `
SELECT d.id, d.order_id, d.state, d.done_at, d.carrier, d.tracking_number, d.tracking_url
FROM unnest($1::bigint[]) WITH ORDINALITY w (id, place) JOIN ledger.deliveries d USING (id) ORDER BY w.place`

// What went out by an older version has no lines. It is known all the same where all of its order went out at once. What is ready is what
// is left of the order.
const selectDeliveryLines = `
WITH wanted AS (
    SELECT d.* FROM ledger.deliveries d WHERE d.id = ANY ($1)
), unnoted AS (
    SELECT d.* FROM wanted d
    WHERE d.state = 'done' AND NOT EXISTS (SELECT FROM ledger.delivery_lines n WHERE n.delivery_id = d.id) AND NOT EXISTS (
        SELECT FROM ledger.deliveries other WHERE other.order_id = d.order_id AND other.id <> d.id AND other.state <> 'cancelled')
)
SELECT n.delivery_id, l.position, l.store_line, n.quantity, l.returned
FROM wanted d JOIN ledger.delivery_lines n ON n.delivery_id = d.id
JOIN ledger.order_lines l ON l.order_id = d.order_id AND l.position = n.position
UNION ALL
SELECT d.id, l.position, l.store_line, l.shipped, l.returned
FROM unnoted d JOIN ledger.order_lines l ON l.order_id = d.order_id AND l.shipped > 0
UNION ALL
SELECT d.id, l.position, l.store_line, l.quantity - l.shipped, 0
FROM wanted d JOIN ledger.order_lines l ON l.order_id = d.order_id AND l.shipped < l.quantity
JOIN ledger.variants v ON v.id = l.variant_id JOIN ledger.products p ON p.id = v.product_id
WHERE d.state = 'ready' AND NOT p.virtual
ORDER BY 1, 2`

type deliveryRow struct {
	ID             int64      `db:"id"`
	OrderID        int64      `db:"order_id"`
	State          string     `db:"state"`
	DoneAt         *time.Time `db:"done_at"`
	Carrier        string     `db:"carrier"`
	TrackingNumber string     `db:"tracking_number"`
	TrackingURL    string     `db:"tracking_url"`
}

type deliveryLineRow struct {
	DeliveryID int64           `db:"delivery_id"`
	Position   int             `db:"position"`
	StoreLine  string          `db:"store_line"`
	Quantity   decimal.Decimal `db:"quantity"`
	Returned   decimal.Decimal `db:"returned"`
}

// deliveries reads deliveries in any state, in the order of the ids.
func (r recordReader) deliveries(ctx context.Context, ids []int64) ([]erp.Delivery, error) {
	var rows []deliveryRow
	if err := r.tx.SelectContext(ctx, &rows, selectDeliveries, pq.Array(ids)); err != nil {
		return nil, classify(err)
	}
	var lines []deliveryLineRow
	if err := r.tx.SelectContext(ctx, &lines, selectDeliveryLines, pq.Array(ids)); err != nil {
		return nil, classify(err)
	}
	keyOf, err := r.keysOf(ctx, orders.model, []string{landing.OrderEntity}, idsIn(rows, func(d deliveryRow) int64 { return d.OrderID }))
	found := make([]erp.Delivery, len(rows))
	for i, row := range rows {
		found[i] = row.delivery(keyOf(row.OrderID))
		for _, line := range lines {
			if line.DeliveryID == row.ID {
				found[i].Lines = append(found[i].Lines, erp.ShipmentLine{Line: line.StoreLine, Quantity: line.Quantity})
				found[i].Returned = found[i].Returned || line.Returned.IsPositive()
			}
		}
	}
	return found, err
}

func (d deliveryRow) delivery(order erp.Key) erp.Delivery {
	shown := erp.Delivery{State: d.State}
	shown.ID, shown.Number, shown.Order = strconv.FormatInt(d.ID, 10), fmt.Sprintf("OUT/%05d", d.ID), order
	shown.Tracking = erp.Tracking{Carrier: d.Carrier, Number: d.TrackingNumber, URL: d.TrackingURL}
	if d.DoneAt != nil {
		shown.At = d.DoneAt.UTC()
	}
	return shown
}

// tellShipments has the deliveries of orders told again: something else about them has changed than they hold themselves.
func tellShipments(ctx context.Context, tx executor, orders ...int64) error {
	if len(orders) == 0 {
		return nil
	}
	slices.Sort(orders)
	_, err := tx.ExecContext(ctx, `UPDATE ledger.deliveries SET changed = changed WHERE order_id = ANY ($1) AND state = 'done'`, pq.Array(orders))
	return classify(err)
}
