package ledger

import (
	"context"
	"encoding/json"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

// orderSnapshot is what the ledger holds of an order that is landed again, as far as it decides what may still change.
type orderSnapshot struct {
	ID             int64           `db:"id"`
	Stage          erp.OrderStage  `db:"stage"`
	StoreCancelled bool            `db:"store_cancelled"` // the store cancelled it, rather than a person in the ledger
	Amounts        string          `db:"amounts"`         // digest of lines, taxes and totals
	Warehouse      int64           `db:"warehouse_id"`
	Total          decimal.Decimal `db:"total"`
	Currency       string          `db:"currency"`
	Exported       bool            `db:"exported"`
	Invoiced       bool            `db:"invoiced"`
	Delivered      bool            `db:"delivered"` // goods have left the house
	Waiting        bool            `db:"waiting"`   // goods are to leave it
	GivenUp        bool            `db:"given_up"`  // goods were to leave it, and are not to any more
	Kept           []kept          `db:"-"`         // what its lines keep of the stock
	Own            *orderRow       `db:"-"`         // of an order that was made here and exported: all that people gave it
}

const lockOrders = `SELECT id FROM ledger.orders WHERE id = ANY ($1) ORDER BY id FOR UPDATE`

const selectSnapshots = `
SELECT o.id, o.stage, o.store_cancelled, o.amounts, o.warehouse_id, o.total, o.currency, o.exported,
       EXISTS (SELECT FROM ledger.journal_entries WHERE order_id = o.id AND kind = 'invoice') AS invoiced,
       EXISTS (SELECT FROM ledger.deliveries WHERE order_id = o.id AND state = 'done') AS delivered,
       EXISTS (SELECT FROM ledger.deliveries WHERE order_id = o.id AND state = 'ready') AS waiting,
       o.stage = 'confirmed' AND EXISTS (SELECT FROM ledger.deliveries WHERE order_id = o.id AND state = 'cancelled') AS given_up
FROM ledger.orders o
WHERE o.id = ANY ($1)`

const selectKept = `
SELECT l.order_id, l.position, l.variant_id, o.warehouse_id, l.reserved, l.set_aside, l.shipped
FROM ledger.orders o
JOIN ledger.order_lines l ON l.order_id = o.id
WHERE o.id = ANY ($1) AND l.variant_id IS NOT NULL`

// lockSnapshots keeps steps away from orders while they are landed again, and reads where they stand.
func lockSnapshots(ctx context.Context, tx executor, drafts []*landing.Draft[erp.Order]) (map[int64]orderSnapshot, error) {
	var ids pq.Int64Array
	for _, d := range drafts {
		if !d.Created {
			ids = append(ids, d.ID)
		}
	}
	snapshots := make(map[int64]orderSnapshot, len(ids))
	if len(ids) == 0 {
		return snapshots, nil
	}
	if _, err := tx.ExecContext(ctx, lockOrders, ids); err != nil {
		return nil, classify(err)
	}
	var rows []orderSnapshot
	if err := tx.SelectContext(ctx, &rows, selectSnapshots, ids); err != nil {
		return nil, classify(err)
	}
	keeps, err := readKept(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	own, err := readOwn(ctx, tx, rows)
	for _, row := range rows {
		row.Kept, row.Own = keeps[row.ID], own[row.ID]
		snapshots[row.ID] = row
	}
	return snapshots, err
}

// readOwn reads what people gave the orders that were made here and exported to a store.
func readOwn(ctx context.Context, tx executor, snapshots []orderSnapshot) (map[int64]*orderRow, error) {
	var ids pq.Int64Array
	for _, s := range snapshots {
		if s.Exported {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var array []byte
	err := tx.GetContext(ctx, &array, `SELECT coalesce(json_agg(o), '[]') FROM ledger.orders o WHERE id = ANY ($1)`, ids)
	if err != nil {
		return nil, classify(err)
	}
	var rows []orderRow
	if err := json.Unmarshal(array, &rows); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "orders of the ledger cannot be read")
	}
	own := make(map[int64]*orderRow, len(rows))
	for i := range rows {
		own[rows[i].ID] = &rows[i]
	}
	return own, nil
}

func readKept(ctx context.Context, tx executor, orders pq.Int64Array) (map[int64][]kept, error) {
	var rows []struct {
		OrderID int64 `db:"order_id"`
		kept
	}
	if err := tx.SelectContext(ctx, &rows, selectKept, orders); err != nil {
		return nil, classify(err)
	}
	keeps := make(map[int64][]kept, len(orders))
	for _, row := range rows {
		keeps[row.OrderID] = append(keeps[row.OrderID], row.kept)
	}
	return keeps, nil
}
