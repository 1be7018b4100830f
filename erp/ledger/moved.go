package ledger

import (
	"context"
	"strconv"
	"strings"

	"tandem/erp"
	"tandem/fault"
)

// Figures carry the number of the transaction that changed them. Those of a transaction are told once no older one is
// under way any more, so that a cursor never passes a number that is still to be committed. A number from the future is
// that of another cluster, out of a restored dump: such figures come first, and such a cursor starts again.
const selectMoved = `
WITH page AS (
    SELECT s, CASE WHEN $3::xid8 < pg_snapshot_xmax(s) THEN $3::xid8 ELSE '0' END AS start
    FROM pg_current_snapshot() s
), moved AS (
    SELECT q.variant_id, CASE WHEN q.changed < pg_snapshot_xmax(s) THEN q.changed ELSE '0' END AS changed, start
    FROM ledger.stock_quants q
    CROSS JOIN page
    WHERE q.warehouse_id = $2 AND q.changed >= start AND NOT (q.changed >= pg_snapshot_xmin(s) AND q.changed < pg_snapshot_xmax(s))
)
SELECT m.changed::text, m.variant_id, e.entity, e.ext_id
FROM moved m
JOIN ledger.external_ids e ON e.record_id = m.variant_id AND e.model = 'variant' AND e.instance = $1
WHERE m.changed >= start AND (start <> $3::xid8 OR (m.changed, m.variant_id, e.entity, e.ext_id) > (start, $4, $5, $6))
ORDER BY m.changed, m.variant_id, e.entity, e.ext_id
LIMIT $7`

// movedCursor is the last product told. Before all of them is the zero one.
type movedCursor struct {
	Changed string `db:"changed"` // a transaction's number, of 64 bits
	Variant int64  `db:"variant_id"`
	Entity  string `db:"entity"`
	ExtID   string `db:"ext_id"`
}

func (c movedCursor) String() string {
	return strings.Join([]string{c.Changed, strconv.FormatInt(c.Variant, 10), c.Entity, c.ExtID}, "-")
}

func parseMovedCursor(text string) (movedCursor, error) {
	if text == "" {
		return movedCursor{Changed: "0"}, nil
	}
	parts := strings.SplitN(text, "-", 4)
	if len(parts) == 4 {
		variant, err1 := strconv.ParseInt(parts[1], 10, 64)
		_, err2 := strconv.ParseUint(parts[0], 10, 64)
		if err1 == nil && err2 == nil {
			return movedCursor{Changed: parts[0], Variant: variant, Entity: parts[2], ExtID: parts[3]}, nil
		}
	}
	return movedCursor{}, fault.Field("after", "is not a cursor of moved products: begin with an empty one")
}

// MovedProducts tells which products have other figures, in the order of the transactions that changed them.
func (l *Ledger) MovedProducts(ctx context.Context, instance, warehouse, after string, limit int) ([]erp.Key, string, error) {
	c, err := parseMovedCursor(after)
	if err != nil {
		return nil, "", err
	}
	id, err := warehouseID(ctx, l.db, warehouse)
	if err != nil {
		return nil, "", err
	}
	var rows []movedCursor
	err = l.db.SelectContext(ctx, &rows, selectMoved, instance, id, c.Changed, c.Variant, c.Entity, c.ExtID, limit)
	if err != nil || len(rows) == 0 {
		return nil, after, classify(err)
	}
	products := make([]erp.Key, len(rows))
	for i, row := range rows {
		products[i] = erp.Key{Instance: instance, Entity: row.Entity, ID: row.ExtID}
	}
	return products, rows[len(rows)-1].String(), nil
}
