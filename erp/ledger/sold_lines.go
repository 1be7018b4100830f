package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

// selectSoldLines reads under which key the shop sold the goods of orders. Lines that landed before the key was kept say so
// by any key that the variant has in that shop.
const selectSoldLines = `
SELECT l.order_id, l.store_line, coalesce(nullif(l.product_key, ''), k.instance || '/' || k.entity || '/' || k.ext_id) AS product
FROM ledger.order_lines l
JOIN ledger.orders o ON o.id = l.order_id
LEFT JOIN LATERAL (
    SELECT instance, entity, ext_id FROM ledger.external_ids e
    WHERE e.record_id = l.variant_id AND e.model = 'variant' AND e.instance = o.instance
    ORDER BY entity, ext_id LIMIT 1
) k ON l.product_key = ''
WHERE l.order_id = ANY ($1) AND l.variant_id IS NOT NULL AND (l.product_key <> '' OR k.instance IS NOT NULL)`

// keepProducts gives the lines whose product the shop no longer knows the one that they have in the ledger, or else their
// order's placeholder.
func keepProducts(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Order]) error {
	var orders []int64
	for _, d := range drafts {
		if !d.Created && !check.NamesAll(d.Record) {
			orders = append(orders, d.ID)
		}
	}
	held, err := readSoldLines(ctx, tx, orders)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		d.Record = check.Sold(d.Record, held[d.ID])
	}
	return nil
}

// readSoldLines returns the products of orders by the shop's line id.
func readSoldLines(ctx context.Context, tx *sqlx.Tx, orders []int64) (map[int64]map[string]erp.Key, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	var rows []struct {
		OrderID   int64  `db:"order_id"`
		StoreLine string `db:"store_line"`
		Product   string
	}
	if err := tx.SelectContext(ctx, &rows, selectSoldLines, pq.Array(orders)); err != nil {
		return nil, classify(err)
	}
	held := make(map[int64]map[string]erp.Key, len(orders))
	for _, row := range rows {
		key, err := erp.ParseKey(row.Product)
		if err != nil {
			return nil, classify(err)
		}
		if held[row.OrderID] == nil {
			held[row.OrderID] = map[string]erp.Key{}
		}
		held[row.OrderID][row.StoreLine] = key
	}
	return held, nil
}
