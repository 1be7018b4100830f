package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/salecycle"
)

// selectSoldLines reads under which key the shop sold the goods of orders. Lines that landed before the key was kept say so
// by any key that the variant has in that shop.
const selectSoldLines = `
SELECT l.order_id, l.store_line, coalesce(nullif(l.product_key, ''), k.instance || '/' || k.entity || '/' || k.ext_id) AS product,
       l.placeholder
FROM ledger.order_lines l
JOIN ledger.orders o ON o.id = l.order_id
LEFT JOIN LATERAL (
    SELECT instance, entity, ext_id FROM ledger.external_ids e
    WHERE e.record_id = l.variant_id AND e.model = 'variant' AND e.instance = o.instance
    ORDER BY entity, ext_id LIMIT 1
) k ON l.product_key = ''
WHERE l.order_id = ANY ($1) AND l.variant_id IS NOT NULL AND (l.product_key <> '' OR k.instance IS NOT NULL)`

// soldGoods reads what lines of orders have in the ledger.
type soldGoods struct {
	tx        *sqlx.Tx
	snapshots map[int64]orderSnapshot
}

// Locked reports whether an order is invoiced or shipped.
func (g soldGoods) Locked(order int64) bool {
	s := g.snapshots[order]
	return salecycle.Held{Invoiced: s.Invoiced, Delivered: s.Delivered}.Locked()
}

// SoldAs returns what the goods of orders were sold as, by the shop's line id.
func (g soldGoods) SoldAs(ctx context.Context, orders []int64) (map[int64]map[string]check.SoldAs, error) {
	var rows []struct {
		OrderID     int64  `db:"order_id"`
		StoreLine   string `db:"store_line"`
		Product     string
		Placeholder bool
	}
	if err := g.tx.SelectContext(ctx, &rows, selectSoldLines, pq.Array(orders)); err != nil {
		return nil, classify(err)
	}
	held := make(map[int64]map[string]check.SoldAs, len(orders))
	for _, row := range rows {
		key, err := erp.ParseKey(row.Product)
		if err != nil {
			return nil, classify(err)
		}
		if held[row.OrderID] == nil {
			held[row.OrderID] = map[string]check.SoldAs{}
		}
		held[row.OrderID][row.StoreLine] = check.SoldAs{Product: key, Placeholder: row.Placeholder}
	}
	return held, nil
}

// Siblings reports of each pair whether the variant that was sold belongs to the product that the shop names now.
func (g soldGoods) Siblings(ctx context.Context, pairs []check.Renamed) (map[check.Renamed]bool, error) {
	var sold, named check.KeySet
	for _, pair := range pairs {
		sold.Add(pair.Sold)
		named.Add(pair.Named)
	}
	variants, err := resolveSold(ctx, g.tx, sold.List())
	if err != nil {
		return nil, err
	}
	products, err := resolve(ctx, g.tx, "product", named.List())
	siblings := make(map[check.Renamed]bool, len(pairs))
	for _, pair := range pairs {
		product, landed := products[pair.Named]
		siblings[pair] = landed && variants[pair.Sold].ProductID == product.ID
	}
	return siblings, err
}
