package db

import (
	"context"

	"github.com/lib/pq"
)

// landedOrder is an order in the ERP and what was noted of it.
type landedOrder struct {
	WooID string
	ERPID string
	State string
}

// landedOrders reads landed orders with what is noted of each.
const landedOrders = `
	SELECT l.woo_id AS wooid, l.erp_id AS erpid, coalesce(s.state, '') AS state
	FROM tandem.links l LEFT JOIN tandem.order_states s ON s.instance = l.instance AND s.woo_id = l.woo_id
	WHERE l.instance = $1 AND l.entity = 'order'`

// OpenOrders reports landed orders that are not noted as finished, sorted by the text of their id, from the one after a given id on,
// and at most limit; with what was noted of each, "" when nothing was.
func (d *DB) OpenOrders(ctx context.Context, instance, after string, limit int, found func(wooID, erpID, noted string)) error {
	var rows []landedOrder
	err := d.pool.SelectContext(ctx, &rows, landedOrders+` AND l.woo_id > $2 AND s.finished IS NOT TRUE ORDER BY l.woo_id LIMIT $3`,
		instance, after, limit)
	for _, row := range rows {
		found(row.WooID, row.ERPID, row.State)
	}
	return classify(err, "listing open orders")
}

// OrdersInERP reports the landed orders that are these records of the ERP, with what was noted of each.
func (d *DB) OrdersInERP(ctx context.Context, instance string, erpIDs []string, found func(wooID, erpID, noted string)) error {
	var rows []landedOrder
	err := d.pool.SelectContext(ctx, &rows, landedOrders+` AND l.erp_id = ANY ($2) ORDER BY l.woo_id`, instance, pq.Array(erpIDs))
	for _, row := range rows {
		found(row.WooID, row.ERPID, row.State)
	}
	return classify(err, "finding orders by their ids in the ERP")
}

// NoteOrderStates notes where orders stand, each list at the same index.
func (d *DB) NoteOrderStates(ctx context.Context, instance string, wooIDs, states []string, finished []bool) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.order_states AS s (instance, woo_id, state, finished)
		SELECT DISTINCT ON (o.woo_id) $1, o.woo_id, o.state, o.finished
		FROM unnest($2::text[], $3::text[], $4::boolean[]) WITH ORDINALITY AS o(woo_id, state, finished, place)
		ORDER BY o.woo_id, o.place DESC
		ON CONFLICT (instance, woo_id) DO UPDATE SET state = excluded.state, finished = excluded.finished, noted_at = now()
		WHERE (s.state, s.finished) IS DISTINCT FROM (excluded.state, excluded.finished)`,
		instance, pq.Array(wooIDs), pq.Array(states), pq.Array(finished))
	return classify(err, "noting where orders stand")
}
