package db

import (
	"context"
	"encoding/json"

	"github.com/lib/pq"
)

// linkedPair is a link by its ids.
type linkedPair struct {
	WooID string
	ERPID string
}

// LinkedAfter reports the links of an entity whose records the store has, sorted by the text of the store's id, from the one after a
// given id on, and at most limit.
func (d *DB) LinkedAfter(ctx context.Context, instance, entity, after string, limit int, found func(wooID, erpID string)) error {
	var rows []linkedPair
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id AS wooid, erp_id AS erpid FROM tandem.links
		WHERE instance = $1 AND entity = $2 AND woo_id > $3 AND store_state = '' ORDER BY woo_id LIMIT $4`, instance, entity, after, limit)
	for _, row := range rows {
		found(row.WooID, row.ERPID)
	}
	return classify(err, "listing links in order")
}

// Linked reports the links of an entity that have one of these ids in the store or in the ERP.
func (d *DB) Linked(ctx context.Context, instance, entity string, wooIDs, erpIDs []string, found func(wooID, erpID string)) error {
	var rows []linkedPair
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id AS wooid, erp_id AS erpid FROM tandem.links WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)
		UNION
		SELECT woo_id, erp_id FROM tandem.links WHERE instance = $1 AND entity = $2 AND erp_id = ANY ($4)`,
		instance, entity, pq.Array(wooIDs), pq.Array(erpIDs))
	for _, row := range rows {
		found(row.WooID, row.ERPID)
	}
	return classify(err, "finding links by their ids")
}

// copiedOrder is an order with a copy of it as the store sent it; NULL for none.
type copiedOrder struct {
	WooID string
	Raw   []byte
}

// OrdersToLand reports the orders that were read and are not in the ERP as they were read last, with their copies; nil where none is
// kept any more. Those that the store has no more are left out.
func (d *DB) OrdersToLand(ctx context.Context, instance string, found func(wooID string, copied json.RawMessage)) error {
	var rows []copiedOrder
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT DISTINCT ON (j.woo_id) j.woo_id AS wooid, r.raw
		FROM tandem.queue_jobs j
		LEFT JOIN tandem.raw_records r ON r.instance = j.instance AND r.entity = j.entity AND r.woo_id = j.woo_id
		WHERE j.instance = $1 AND j.state <> 'done' AND j.entity = 'order' AND j.direction = 'import'
		  AND j.code NOT IN ('not_in_store', 'in_store_trash', 'cart')
		ORDER BY j.woo_id`, instance)
	for _, row := range rows {
		found(row.WooID, row.Raw)
	}
	return classify(err, "listing orders that have not landed")
}

// LandedOrders reports those of some orders that the ERP has, with the copies that landed; nil where a newer one was read since.
func (d *DB) LandedOrders(ctx context.Context, instance string, ids []string, found func(wooID string, landed json.RawMessage)) error {
	var rows []copiedOrder
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT l.woo_id AS wooid, r.raw
		FROM tandem.links l
		LEFT JOIN tandem.raw_records r ON r.instance = l.instance AND r.entity = l.entity AND r.woo_id = l.woo_id
		  AND encode(r.digest, 'hex') = coalesce(nullif(l.raw_digest, ''), l.store_digest)
		WHERE l.instance = $1 AND l.entity = 'order' AND l.woo_id = ANY ($2)`, instance, pq.Array(ids))
	for _, row := range rows {
		found(row.WooID, row.Raw)
	}
	return classify(err, "finding orders that have landed")
}

// StockKeptBack reports what was kept back of figures, for orders that had not landed, by the store's ids.
func (d *DB) StockKeptBack(ctx context.Context, instance string, found func(wooID, keptBack string)) error {
	var rows []struct{ WooID, KeptBack string }
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id AS wooid, kept_back::text AS keptback FROM tandem.stock_pushes
		WHERE instance = $1 AND kept_back <> 0 ORDER BY woo_id`, instance)
	for _, row := range rows {
		found(row.WooID, row.KeptBack)
	}
	return classify(err, "reading what was kept back of stock figures")
}

// NoteStockPushes notes which figures the store was told and what was kept back of each, each list at the same index.
func (d *DB) NoteStockPushes(ctx context.Context, instance string, wooIDs, quantities, keptBack []string) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.stock_pushes AS s (instance, woo_id, quantity, kept_back)
		SELECT DISTINCT ON (p.woo_id) $1, p.woo_id, p.quantity, p.kept_back
		FROM unnest($2::text[], $3::numeric[], $4::numeric[]) WITH ORDINALITY AS p(woo_id, quantity, kept_back, place)
		ORDER BY p.woo_id, p.place DESC
		ON CONFLICT (instance, woo_id) DO UPDATE SET quantity = excluded.quantity, kept_back = excluded.kept_back, pushed_at = now()`,
		instance, pq.Array(wooIDs), pq.Array(quantities), pq.Array(keptBack))
	return classify(err, "noting which stock figures were pushed")
}
