package ledger

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/fault"
)

// SetStock makes the free quantities what the store counted: what is reserved lies on the shelf too. A product that is
// unknown is parked; one whose stock is not tracked fails with "not_tracked".
func (l *Ledger) SetStock(ctx context.Context, batch []erp.StockCount) ([]erp.Outcome, error) {
	return landing.Grouped(batch, func(c *erp.StockCount) string { return c.Warehouse },
		func(warehouse string, part []erp.StockCount) ([]erp.Outcome, error) {
			return l.setStock(ctx, warehouse, part)
		})
}

func (l *Ledger) setStock(ctx context.Context, warehouse string, batch []erp.StockCount) ([]erp.Outcome, error) {
	id, err := warehouseID(ctx, l.db, warehouse)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return nil, err
	}
	return writer[erp.StockCount]{
		key: func(c *erp.StockCount) *erp.Key { return &c.Key },
		check: func(*erp.StockCount) *landing.Refusal {
			if err != nil {
				return landing.Failed("unknown_warehouse", "%s", err)
			}
			return nil
		},
		land: func(ctx context.Context, tx *sqlx.Tx, records []*erp.StockCount) ([]erp.Outcome, error) {
			return landCounts(ctx, tx, id, records)
		},
	}.upsert(ctx, l, batch)
}

func landCounts(ctx context.Context, tx *sqlx.Tx, warehouse int64, records []*erp.StockCount) ([]erp.Outcome, error) {
	keys := make([]erp.Key, len(records))
	for i, record := range records {
		keys[i] = record.Key
	}
	sold, err := resolveSold(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	outcomes := make([]erp.Outcome, len(records))
	var counts []*stockCount
	for i, record := range records {
		variant, known := sold[record.Key]
		if r := check.Counted(record.Key, known, variant.Tracked); r != nil {
			outcomes[i] = r.Outcome(record.Key)
			continue
		}
		counts = append(counts, &stockCount{StockCount: record, outcome: &outcomes[i],
			shelf: shelf{Variant: variant.ID, Warehouse: warehouse}})
	}
	return outcomes, adjust(ctx, tx, counts)
}

// stockCount is a count of a known product, on its way onto the shelf.
type stockCount struct {
	*erp.StockCount
	shelf
	outcome *erp.Outcome
}

// countRow is what a count changes.
type countRow struct {
	VariantID   int64           `json:"variant_id"`
	WarehouseID int64           `json:"warehouse_id"`
	Moved       decimal.Decimal `json:"moved"`
	CountedAt   *time.Time      `json:"counted_at"` // NULL is now
}

// adjust first looks at the shelves without locking them: what is right already is not touched at all.
func adjust(ctx context.Context, tx *sqlx.Tx, counts []*stockCount) error {
	quants, err := readQuants(ctx, tx, shelvesOf(counts))
	if err != nil {
		return err
	}
	if counts = unsettled(counts, quants); len(counts) == 0 {
		return nil
	}
	if quants, err = lockQuants(ctx, tx, shelvesOf(counts)); err != nil {
		return err
	}
	last := make(map[shelf]countRow, len(counts)) // two of the store's products may be mapped onto one
	for _, c := range unsettled(counts, quants) {
		last[c.shelf] = countRow{VariantID: c.Variant, WarehouseID: c.shelf.Warehouse,
			Moved: c.Free.Sub(quants[c.shelf].free()), CountedAt: moment(c.CountedAt)}
	}
	return writeCounts(ctx, tx, slices.Collect(maps.Values(last)))
}

// unsettled gives the counts that the stock does not agree with, or that were made again after a change, and sets the outcome of all.
func unsettled(counts []*stockCount, quants map[shelf]quant) []*stockCount {
	var rest []*stockCount
	for _, c := range counts {
		q := quants[c.shelf]
		if *c.outcome = c.over(q); c.outcome.Status != erp.Unchanged || landing.Recounted(c.StockCount, q.CountedAt.Time) {
			rest = append(rest, c)
		}
	}
	return rest
}

// over says what the count does to the stock.
func (c *stockCount) over(q quant) erp.Outcome {
	return landing.Counted(c.StockCount, c.Variant, q.free(), q.CountedAt.Valid)
}

func shelvesOf(counts []*stockCount) []shelf {
	shelves := make([]shelf, len(counts))
	for i, c := range counts {
		shelves[i] = c.shelf
	}
	return shelves
}

const updateCounts = `
WITH count AS (
    SELECT *
    FROM json_to_recordset($1) AS c (variant_id bigint, warehouse_id bigint, moved numeric, counted_at timestamptz)
), moved AS (
    INSERT INTO ledger.stock_moves (variant_id, warehouse_id, kind, quantity, state, reference, done_at)
    SELECT variant_id, warehouse_id, 'count', moved, 'done', 'count in the store', now()
    FROM count
    WHERE moved <> 0
)
UPDATE ledger.stock_quants q
SET on_hand = q.on_hand + c.moved, counted_at = coalesce(c.counted_at, now()),
    changed = CASE WHEN c.moved <> 0 OR q.counted_at IS NULL THEN pg_current_xact_id() ELSE q.changed END
FROM count c
WHERE q.variant_id = c.variant_id AND q.warehouse_id = c.warehouse_id`

func writeCounts(ctx context.Context, tx *sqlx.Tx, rows []countRow) error {
	if len(rows) == 0 {
		return nil
	}
	array, err := encode(rows)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, updateCounts, array)
	return classify(err)
}
