package db

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Which links (l) reports know nothing of, by entity: those of records that landed before there were reports. A refund that was taken back is
// not to be known.
const (
	unknownProduct = `NOT EXISTS (SELECT FROM tandem.sold_products p WHERE p.instance = l.instance AND p.woo_id = l.woo_id)`
	unknownSale    = `NOT EXISTS (SELECT FROM tandem.sales s WHERE s.instance = l.instance AND s.woo_id = l.woo_id)
		AND NOT EXISTS (
		  SELECT FROM tandem.decisions d
		  WHERE d.instance = l.instance AND d.entity = l.entity AND d.woo_id = l.woo_id AND d.choice = 'reverse')`
)

func unknown(entity string) string {
	if entity == "product" {
		return unknownProduct
	}
	return unknownSale
}

// WithoutFacts reports the landed records of an entity that reports know nothing of, sorted by the text of their id, from the one after a
// given id on, and at most limit; with the copies that landed, nil where a newer one was read since or none is kept.
func (d *DB) WithoutFacts(ctx context.Context, instance, entity, after string, limit int, found func(wooID string, copied json.RawMessage)) error {
	var rows []copiedOrder
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT l.woo_id AS wooid, r.raw FROM tandem.links l
		LEFT JOIN tandem.raw_records r ON r.instance = l.instance AND r.entity = l.entity AND r.woo_id = l.woo_id
		  AND encode(r.digest, 'hex') = coalesce(nullif(l.raw_digest, ''), l.store_digest)
		WHERE l.instance = $1 AND l.entity = $2 AND l.woo_id > $3 AND `+unknown(entity)+` ORDER BY l.woo_id LIMIT $4`,
		instance, entity, after, limit)
	for _, row := range rows {
		found(row.WooID, row.Raw)
	}
	return classify(err, "listing records that reports know nothing of")
}

// CopiesOfRefunds gives the kept copies of an order and of all its refunds, by their ids; nil where none is kept.
func (d *DB) CopiesOfRefunds(ctx context.Context, instance, order string) (copied json.RawMessage, refunds map[string]json.RawMessage, err error) {
	var rows []struct {
		Entity string
		WooID  string
		Raw    []byte
	}
	err = d.pool.SelectContext(ctx, &rows, `
		SELECT entity, woo_id AS wooid, raw FROM tandem.raw_records WHERE instance = $1 AND entity = 'order' AND woo_id = $2
		UNION ALL
		SELECT entity, woo_id, raw FROM tandem.raw_records
		WHERE instance = $1 AND entity = 'refund' AND woo_id >= $2 || '/' AND woo_id < $2 || '0'`, instance, order) // "0" follows "/"
	refunds = map[string]json.RawMessage{}
	for _, row := range rows {
		if row.Entity == orderEntity {
			copied = row.Raw
		} else {
			refunds[row.WooID] = row.Raw
		}
	}
	return copied, refunds, classify(err, "reading the copies of refunds")
}

// AddFacts keeps facts of landed records by their ids, of those that reports still know nothing of. An import that lands one at the same
// moment comes first.
func (d *DB) AddFacts(ctx context.Context, instance, entity string, facts map[string]json.RawMessage) error {
	return d.tx(ctx, "adding to what reports count", func(tx *sqlx.Tx) error {
		var ids []string
		err := tx.SelectContext(ctx, &ids, `
			SELECT woo_id FROM tandem.links WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3) ORDER BY woo_id FOR UPDATE`,
			instance, entity, pq.Array(keysOf(facts)))
		if err != nil {
			return err
		}
		var missing []string
		err = tx.SelectContext(ctx, &missing, `
			SELECT l.woo_id FROM tandem.links l
			WHERE l.instance = $1 AND l.entity = $2 AND l.woo_id = ANY ($3) AND `+unknown(entity), instance, entity, pq.Array(ids))
		if err != nil {
			return err
		}
		slices.Sort(missing)
		return writeFacts(ctx, tx, instance, collect(missing, func(id string) json.RawMessage { return facts[id] }))
	})
}

// NoteUncounted notes how many sales of an instance reports cannot count.
func (d *DB) NoteUncounted(ctx context.Context, instance string, sales int) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.uncounted_sales (instance, sales) SELECT id, $2 FROM tandem.instances WHERE id = $1
		ON CONFLICT (instance) DO UPDATE SET sales = excluded.sales, looked_at = now()`, instance, sales)
	return classify(err, "noting what reports do not count")
}

// UncountedSales gives how many sales of each instance reports did not count when that was looked at last; those with none are left out.
func (d *DB) UncountedSales(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		Instance string
		Sales    int
	}
	err := d.pool.SelectContext(ctx, &rows, `SELECT instance, sales FROM tandem.uncounted_sales WHERE sales > 0`)
	uncounted := map[string]int{}
	for _, row := range rows {
		uncounted[row.Instance] = row.Sales
	}
	return uncounted, classify(err, "reading what reports do not count")
}
