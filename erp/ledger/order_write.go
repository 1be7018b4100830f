package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
)

// orderWrites collects the rows of a batch, so that it takes one statement per table however many orders there are.
type orderWrites struct {
	fresh    []orderRow
	headers  []orderRow
	progress []progressRow
	replaced []int64 // orders whose lines and taxes are removed first
	lines    []orderLineRow
	taxes    []orderTaxRow
	updated  []orderLineRow // lines that stay, with what the store set aside and what is kept for it
	closed   []int64        // orders whose open delivery is cancelled
	opened   []int64        // orders that get a new one
	shifts   []shift
}

func writePlans(ctx context.Context, tx *sqlx.Tx, plans []orderPlan, refs orderRefs) error {
	var w orderWrites
	for _, p := range plans {
		w.add(p, refs)
	}
	return w.write(ctx, tx)
}

func (w *orderWrites) add(p orderPlan, refs orderRefs) {
	switch {
	case p.Created:
		w.fresh = append(w.fresh, p.row(refs))
	case p.Header:
		w.headers = append(w.headers, p.row(refs))
	default:
		w.progress = append(w.progress, p.progressRow())
	}
	if p.KeepLines {
		return
	}
	lines := p.lineRows(refs)
	if p.Replace {
		w.lines = append(w.lines, lines...)
		w.taxes = append(w.taxes, p.taxRows(refs)...)
		if !p.Created {
			w.replaced = append(w.replaced, p.ID)
		}
	} else {
		w.updated = append(w.updated, lines...)
	}
	if p.Redeliver {
		w.closed = append(w.closed, p.ID)
		if p.Stage == erp.Confirmed {
			w.opened = append(w.opened, p.ID)
		}
	}
	w.shifts = append(w.shifts, shiftsOf(p.Record, p.before, keptOf(lines, p.warehouse))...)
}

// keptOf gives what lines keep of the stock.
func keptOf(lines []orderLineRow, warehouse int64) []kept {
	var keeps []kept
	for _, line := range lines {
		if line.VariantID != nil {
			keeps = append(keeps, kept{shelf: shelf{Variant: *line.VariantID, Warehouse: warehouse},
				Reserved: line.Reserved, SetAside: line.SetAside})
		}
	}
	return keeps
}

func (w *orderWrites) write(ctx context.Context, tx *sqlx.Tx) error {
	steps := []func() error{
		func() error { return insertRows(ctx, tx, "orders", w.fresh) },
		func() error { return updateRows(ctx, tx, "orders", w.headers) },
		func() error { return updateRows(ctx, tx, "orders", w.progress) },
		func() error { return closeDeliveries(ctx, tx, w.closed) },
		func() error { return deleteLines(ctx, tx, w.replaced) },
		func() error { return insertRows(ctx, tx, "order_lines", w.lines) },
		func() error { return insertRows(ctx, tx, "order_taxes", w.taxes) },
		func() error { return updateLines(ctx, tx, w.updated) },
		func() error { return openDeliveries(ctx, tx, w.opened) },
		func() error { return applyShifts(ctx, tx, w.shifts) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

const removeLines = `
WITH removed AS (DELETE FROM ledger.order_taxes WHERE order_id = ANY ($1))
DELETE FROM ledger.order_lines WHERE order_id = ANY ($1)`

func deleteLines(ctx context.Context, tx *sqlx.Tx, orders []int64) error {
	if len(orders) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, removeLines, pq.Int64Array(orders))
	return classify(err)
}

const changeLines = `
UPDATE ledger.order_lines l
SET description = CASE WHEN o.exported THEN l.description ELSE r.description END, set_aside = r.set_aside, reserved = r.reserved
FROM json_populate_recordset(NULL::ledger.order_lines, $1) r
JOIN ledger.orders o ON o.id = r.order_id
WHERE l.order_id = r.order_id AND l.position = r.position
  AND (l.description, l.set_aside, l.reserved) IS DISTINCT FROM (r.description, r.set_aside, r.reserved)`

func updateLines(ctx context.Context, tx *sqlx.Tx, lines []orderLineRow) error {
	if len(lines) == 0 {
		return nil
	}
	array, err := encode(lines)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, changeLines, array)
	return classify(err)
}
