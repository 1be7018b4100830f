package ledger

import (
	"context"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/salecycle"
)

// reservation is how much of a line's goods is kept for the order: what the store has set aside for it and, once it is
// confirmed, at least what is to be delivered; of a line that was shipped in part, the rest. Nothing is kept of what is not
// tracked, gone or given up.
func reservation(stage erp.OrderStage, delivered, tracked bool, quantity, setAside, shipped decimal.Decimal) decimal.Decimal {
	switch {
	case !tracked, delivered, stage == erp.Cancelled:
		return decimal.Zero
	case shipped.IsPositive():
		return quantity.Sub(shipped)
	case stage == erp.Confirmed:
		return decimal.Max(setAside, quantity)
	default:
		return setAside
	}
}

// kept is what one line of an order keeps of the stock.
type kept struct {
	shelf
	Position int             `db:"position"`
	Reserved decimal.Decimal `db:"reserved"`
	SetAside decimal.Decimal `db:"set_aside"`
	Shipped  decimal.Decimal `db:"shipped"`
}

// shiftsOf compares what an order's lines kept before with what they keep now. Lines of the same product count
// together, since a replaced line is not a line given up and another one set aside.
func shiftsOf(o *erp.Order, before, after []kept) []shift {
	grown := make(map[shelf]kept, len(after))
	add := func(k kept, sign decimal.Decimal) {
		sum := grown[k.shelf]
		sum.Reserved = sum.Reserved.Add(k.Reserved.Mul(sign))
		sum.SetAside = sum.SetAside.Add(k.SetAside.Mul(sign))
		grown[k.shelf] = sum
	}
	for _, k := range after {
		add(k, decimal.NewFromInt(1))
	}
	for _, k := range before {
		add(k, decimal.NewFromInt(-1))
	}
	shifts := make([]shift, 0, len(grown))
	for p, sum := range grown {
		leftOut, since := salecycle.LeftOut(o, sum.Reserved, sum.SetAside)
		shifts = append(shifts, shift{shelf: p, Reserved: sum.Reserved, LeftOut: leftOut, Since: since})
	}
	return shifts
}

const selectReservations = `
SELECT l.order_id, l.position, l.variant_id, o.warehouse_id, o.stage, l.quantity, l.set_aside, l.reserved, l.shipped,
       v.track_stock AND NOT p.virtual AS tracked
FROM ledger.orders o
JOIN ledger.order_lines l ON l.order_id = o.id
JOIN ledger.variants v ON v.id = l.variant_id
JOIN ledger.products p ON p.id = v.product_id
WHERE o.id = $1`

// reservedLine is a line of an order that was not delivered, or not wholly.
type reservedLine struct {
	OrderID  int64 `db:"order_id"`
	Position int   `db:"position"`
	shelf
	Stage    erp.OrderStage  `db:"stage"`
	Quantity decimal.Decimal `db:"quantity"`
	SetAside decimal.Decimal `db:"set_aside"`
	Reserved decimal.Decimal `db:"reserved"`
	Shipped  decimal.Decimal `db:"shipped"`
	Tracked  bool            `db:"tracked"`
}

const updateReservations = `
UPDATE ledger.order_lines l
SET reserved = r.reserved
FROM unnest($2::int[], $3::numeric[]) AS r (position, reserved)
WHERE l.order_id = $1 AND l.position = r.position`

// release frees all that is kept for an order.
func release(ctx context.Context, tx executor, order int64) error {
	return changeKept(ctx, tx, order, func(reservedLine) decimal.Decimal { return decimal.Zero })
}

// reserve brings what an order's lines keep in line with the stage the order is in now.
func reserve(ctx context.Context, tx executor, order int64) error {
	return changeKept(ctx, tx, order, func(line reservedLine) decimal.Decimal {
		return reservation(line.Stage, false, line.Tracked, line.Quantity, line.SetAside, line.Shipped)
	})
}

// changeKept changes what is kept for the lines of an order.
func changeKept(ctx context.Context, tx executor, order int64, wanted func(reservedLine) decimal.Decimal) error {
	var lines []reservedLine
	if err := tx.SelectContext(ctx, &lines, selectReservations, order); err != nil {
		return classify(err)
	}
	var positions pq.Int32Array
	var amounts []string
	var shifts []shift
	for _, line := range lines {
		amount := wanted(line)
		if amount.Equal(line.Reserved) {
			continue
		}
		positions, amounts = append(positions, int32(line.Position)), append(amounts, amount.String())
		shifts = append(shifts, shift{shelf: line.shelf, Reserved: amount.Sub(line.Reserved)})
	}
	if len(shifts) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, updateReservations, order, positions, pq.Array(amounts)); err != nil {
		return classify(err)
	}
	return applyShifts(ctx, tx, shifts)
}
