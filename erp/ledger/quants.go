package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"
)

// shelf is where stock is kept of a variant.
type shelf struct {
	Variant   int64 `db:"variant_id"`
	Warehouse int64 `db:"warehouse_id"`
}

func compareShelves(a, b shelf) int {
	return cmp.Or(cmp.Compare(a.Variant, b.Variant), cmp.Compare(a.Warehouse, b.Warehouse))
}

// quant is the stock of one shelf.
type quant struct {
	shelf
	OnHand    decimal.Decimal `db:"on_hand"`
	Reserved  decimal.Decimal `db:"reserved"`
	CountedAt sql.NullTime    `db:"counted_at"` // UTC
}

func (q quant) free() decimal.Decimal { return q.OnHand.Sub(q.Reserved) }

// shift is a change of what one order keeps on one shelf.
type shift struct {
	shelf
	Reserved decimal.Decimal // by how much the reservation grows; negative when it falls
	// LeftOut is the part of it that counts made since Since show as well: by so much the goods on hand change along with
	// their reservation, and the free quantity stays what the store counted. See salecycle.LeftOut.
	LeftOut decimal.Decimal
	Since   time.Time // UTC
}

// quantChange is what all shifts of a batch come to on one shelf.
type quantChange struct {
	shelf
	Reserved decimal.Decimal
	Opening  decimal.Decimal
}

// sumShifts adds up the shifts per shelf, in the order in which shelves are locked. Shifts that cancel out are left out.
func sumShifts(shifts []shift, counted map[shelf]sql.NullTime) []quantChange {
	sums := make(map[shelf]quantChange, len(shifts))
	for _, s := range shifts {
		sum := sums[s.shelf]
		sum.shelf = s.shelf
		sum.Reserved = sum.Reserved.Add(s.Reserved)
		if at := counted[s.shelf]; at.Valid && !at.Time.Before(s.Since) {
			sum.Opening = sum.Opening.Add(s.LeftOut)
		}
		sums[s.shelf] = sum
	}
	changes := make([]quantChange, 0, len(sums))
	for _, sum := range sums {
		if !sum.Reserved.IsZero() || !sum.Opening.IsZero() {
			changes = append(changes, sum)
		}
	}
	slices.SortFunc(changes, func(a, b quantChange) int { return compareShelves(a.shelf, b.shelf) })
	return changes
}

// applyShifts brings the stock figures in line with changed reservations.
func applyShifts(ctx context.Context, tx executor, shifts []shift) error {
	shifts = slices.DeleteFunc(shifts, func(s shift) bool { return s.Reserved.IsZero() && s.LeftOut.IsZero() })
	if len(shifts) == 0 {
		return nil
	}
	shelves := make([]shelf, len(shifts))
	for i, s := range shifts {
		shelves[i] = s.shelf
	}
	quants, err := lockQuants(ctx, tx, shelves)
	if err != nil {
		return err
	}
	counted := make(map[shelf]sql.NullTime, len(quants))
	for p, q := range quants {
		counted[p] = q.CountedAt
	}
	return changeQuants(ctx, tx, sumShifts(shifts, counted))
}

const addQuants = `
INSERT INTO ledger.stock_quants (variant_id, warehouse_id)
SELECT variant_id, warehouse_id FROM unnest($1::bigint[], $2::bigint[]) AS p (variant_id, warehouse_id)
ORDER BY variant_id, warehouse_id
ON CONFLICT DO NOTHING`

const selectQuants = `
SELECT q.variant_id, q.warehouse_id, q.on_hand, q.reserved, q.counted_at
FROM ledger.stock_quants q
JOIN unnest($1::bigint[], $2::bigint[]) AS p (variant_id, warehouse_id) USING (variant_id, warehouse_id)
ORDER BY q.variant_id, q.warehouse_id`

const lockedQuants = selectQuants + ` FOR UPDATE OF q`

// lockQuants locks the stock of the shelves, adding what is missing. Every batch goes through its shelves in the same
// order, both here and while adding, so that parallel batches wait for each other and never in a circle.
func lockQuants(ctx context.Context, tx executor, shelves []shelf) (map[shelf]quant, error) {
	slices.SortFunc(shelves, compareShelves)
	shelves = slices.Compact(shelves)
	variants, warehouses := columns(shelves)
	if _, err := tx.ExecContext(ctx, addQuants, variants, warehouses); err != nil {
		return nil, classify(err)
	}
	return selectShelves(ctx, tx, lockedQuants, shelves)
}

// readQuants reads the stock of shelves without locking it. Shelves that nothing was ever put on are missing.
func readQuants(ctx context.Context, tx executor, shelves []shelf) (map[shelf]quant, error) {
	return selectShelves(ctx, tx, selectQuants, shelves)
}

func selectShelves(ctx context.Context, tx executor, query string, shelves []shelf) (map[shelf]quant, error) {
	variants, warehouses := columns(shelves)
	var rows []quant
	if err := tx.SelectContext(ctx, &rows, query, variants, warehouses); err != nil {
		return nil, classify(err)
	}
	quants := make(map[shelf]quant, len(rows))
	for _, row := range rows {
		quants[row.shelf] = row
	}
	return quants, nil
}

const updateQuants = `
WITH change AS (
    SELECT *
    FROM unnest($1::bigint[], $2::bigint[], $3::numeric[], $4::numeric[])
        AS c (variant_id, warehouse_id, reserved, opening)
), moved AS (
    INSERT INTO ledger.stock_moves (variant_id, warehouse_id, kind, quantity, state, reference, done_at)
    SELECT variant_id, warehouse_id, 'opening', opening, 'done', 'opening for store orders', now()
    FROM change
    WHERE opening <> 0
)
UPDATE ledger.stock_quants q
SET on_hand = q.on_hand + c.opening, reserved = q.reserved + c.reserved, outgoing = q.outgoing + c.reserved,
    changed = pg_current_xact_id()
FROM change c
WHERE q.variant_id = c.variant_id AND q.warehouse_id = c.warehouse_id`

func changeQuants(ctx context.Context, tx executor, changes []quantChange) error {
	if len(changes) == 0 {
		return nil
	}
	shelves := make([]shelf, len(changes))
	reserved := make([]string, len(changes))
	opening := make([]string, len(changes))
	for i, c := range changes {
		shelves[i], reserved[i], opening[i] = c.shelf, c.Reserved.String(), c.Opening.String()
	}
	variants, warehouses := columns(shelves)
	_, err := tx.ExecContext(ctx, updateQuants, variants, warehouses, pq.Array(reserved), pq.Array(opening))
	return classify(err)
}

func columns(shelves []shelf) (variants, warehouses pq.Int64Array) {
	for _, p := range shelves {
		variants, warehouses = append(variants, p.Variant), append(warehouses, p.Warehouse)
	}
	return variants, warehouses
}
