package ledger

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// warehouseID finds a warehouse by its code; fault.Invalid when there is none.
func warehouseID(ctx context.Context, q sqlx.QueryerContext, code string) (int64, error) {
	var id int64
	err := sqlx.GetContext(ctx, q, &id, `SELECT id FROM ledger.warehouses WHERE code = $1`, code)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.Field("warehouse", "there is no warehouse %q: choose one of the ERP's", code)
	}
	return id, classify(err)
}

const selectQuantities = `
SELECT k.place, v.track_stock, coalesce(q.on_hand, 0) AS on_hand, coalesce(q.reserved, 0) AS reserved,
    coalesce(q.incoming, 0) AS incoming, coalesce(q.outgoing, 0) AS outgoing, q.counted_at
FROM ` + boundKeys + `
JOIN ledger.variants v ON v.id = e.record_id
LEFT JOIN ledger.stock_quants q ON q.variant_id = e.record_id AND q.warehouse_id = $5`

// Quantities reads the stock of products in one warehouse. An unknown warehouse is fault.Invalid.
func (l *Ledger) Quantities(ctx context.Context, warehouse string, products []erp.Key) ([]erp.Quantities, error) {
	id, err := warehouseID(ctx, l.db, warehouse)
	if err != nil {
		return nil, err
	}
	instances, entities, ids := columnsOfKeys(products)
	var rows []struct {
		Place    int             `db:"place"` // from 1
		Tracked  bool            `db:"track_stock"`
		OnHand   decimal.Decimal `db:"on_hand"`
		Reserved decimal.Decimal `db:"reserved"`
		Incoming decimal.Decimal `db:"incoming"`
		Outgoing decimal.Decimal `db:"outgoing"`
		Counted  sql.NullTime    `db:"counted_at"`
	}
	err = l.db.SelectContext(ctx, &rows, selectQuantities,
		pq.Array(instances), pq.Array(entities), pq.Array(ids), "variant", id)
	if err != nil {
		return nil, classify(err)
	}
	quantities := make([]erp.Quantities, len(products))
	for i, key := range products {
		quantities[i].Product = key
	}
	for _, row := range rows {
		quantities[row.Place-1] = erp.Quantities{Product: products[row.Place-1],
			OnHand: row.OnHand, Reserved: row.Reserved, Incoming: row.Incoming, Outgoing: row.Outgoing,
			Tracked: row.Tracked, CountedAt: row.Counted.Time.UTC()}
	}
	return quantities, nil
}
