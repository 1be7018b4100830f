package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// SetStock makes the free quantities what the store counted: what is reserved lies on the shelf too. A product that is
// unknown is parked; one whose stock is not tracked fails with "not_tracked".
func (l *Ledger) SetStock(ctx context.Context, batch []erp.StockCount) ([]erp.Outcome, error) {
	byWarehouse := map[string][]int{}
	for i, count := range batch {
		byWarehouse[count.Warehouse] = append(byWarehouse[count.Warehouse], i)
	}
	outcomes := make([]erp.Outcome, len(batch))
	for warehouse, places := range byWarehouse {
		part := make([]erp.StockCount, len(places))
		for i, place := range places {
			part[i] = batch[place]
		}
		landed, err := l.setStock(ctx, warehouse, part)
		if err != nil {
			return nil, err
		}
		for i, place := range places {
			outcomes[place] = landed[i]
		}
	}
	return outcomes, nil
}

func (l *Ledger) setStock(ctx context.Context, warehouse string, batch []erp.StockCount) ([]erp.Outcome, error) {
	id, err := warehouseID(ctx, l.db, warehouse)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return nil, err
	}
	return landing[erp.StockCount]{
		key: func(c *erp.StockCount) erp.Key { return c.Key },
		check: func(*erp.StockCount) *refusal {
			if err != nil {
				return failed("unknown_warehouse", "%s", err)
			}
			return nil
		},
		land: func(ctx context.Context, tx *sqlx.Tx, records []*erp.StockCount) ([]erp.Outcome, error) {
			return landCounts(ctx, tx, id, records)
		},
	}.run(ctx, l, batch)
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
		if r := checkCounted(record.Key, sold); r != nil {
			outcomes[i] = r.outcome(record.Key)
			continue
		}
		counts = append(counts, &stockCount{StockCount: record, outcome: &outcomes[i],
			shelf: shelf{Variant: sold[record.Key].ID, Warehouse: warehouse}})
	}
	return outcomes, adjust(ctx, tx, counts)
}

func checkCounted(key erp.Key, sold map[erp.Key]soldVariant) *refusal {
	variant, ok := sold[key]
	switch {
	case !ok:
		return &refusal{Status: erp.Parked, Code: "unknown_product", Waits: []erp.Key{key},
			Reason: fmt.Sprintf("product %s is not in the ledger yet: import or map it", key)}
	case !variant.Tracked:
		return failed("not_tracked", "the stock of product %s is not tracked: switch that on and import the product again", key)
	}
	return nil
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

// unsettled gives the counts that the stock does not agree with, and sets the outcome of all.
func unsettled(counts []*stockCount, quants map[shelf]quant) []*stockCount {
	var rest []*stockCount
	for _, c := range counts {
		if *c.outcome = c.outcomeOver(quants[c.shelf]); c.outcome.Status != erp.Unchanged {
			rest = append(rest, c)
		}
	}
	return rest
}

// outcomeOver says what the count does to the stock. A shelf that was never counted is counted now even if it happens
// to hold the right quantity, because orders that land later ask when it was.
func (c *stockCount) outcomeOver(q quant) erp.Outcome {
	outcome := erp.Outcome{Key: c.Key, ID: strconv.FormatInt(c.Variant, 10), Status: erp.Created, After: hashOf(c.Free.String())}
	if q.CountedAt.Valid {
		outcome.Status, outcome.Before = erp.Updated, hashOf(q.free().String())
	}
	if outcome.Before == outcome.After {
		outcome.Status = erp.Unchanged
	}
	return outcome
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
SET on_hand = q.on_hand + c.moved, counted_at = coalesce(c.counted_at, now())
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
