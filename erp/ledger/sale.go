package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// lockOrder resolves the key and locks the order's row, so that of two parallel steps one acts and the other sees
// what it did. The state is read by a statement of its own afterwards: only that one sees what the lock waited for.
const lockOrder = `
SELECT o.id
FROM ledger.external_ids e
JOIN ledger.orders o ON o.id = e.record_id
WHERE e.model = 'order' AND e.instance = $1 AND e.entity = $2 AND e.ext_id = $3
FOR UPDATE OF o`

const selectSales = `
SELECT o.id, o.stage, o.total, o.currency, i.id AS invoice_id, i.number AS invoice_number,
       coalesce(i.amount, 0) AS invoice_total,
       coalesce(i.amount, 0) - coalesce(p.amount, 0) - c.back + c.paid_out AS due, d.deliveries, d.ready, d.done
FROM ledger.orders o
LEFT JOIN ledger.journal_entries i ON i.order_id = o.id AND i.kind = 'invoice'
LEFT JOIN ledger.journal_entries p ON p.invoice_id = i.id AND p.kind = 'payment'
CROSS JOIN LATERAL ` + credited + `
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state <> 'cancelled') AS deliveries,
           count(*) FILTER (WHERE state = 'ready') AS ready,
           count(*) FILTER (WHERE state = 'done') AS done
    FROM ledger.deliveries
    WHERE order_id = o.id
) d`

// One order is asked for by a query of its own: PostgreSQL keeps its plan, but plans one for a list each time.
const (
	selectState  = selectSales + ` WHERE o.id = $1`
	selectStates = selectSales + ` WHERE o.id = ANY ($1)`
)

// saleRow is an order's state as selectSales reads it.
type saleRow struct {
	ID            int64           `db:"id"`
	Stage         erp.OrderStage  `db:"stage"`
	Total         decimal.Decimal `db:"total"`
	Currency      string          `db:"currency"`
	InvoiceID     sql.NullInt64   `db:"invoice_id"`
	InvoiceNumber sql.NullString  `db:"invoice_number"`
	InvoiceTotal  decimal.Decimal `db:"invoice_total"`
	Due           decimal.Decimal `db:"due"`
	Deliveries    int             `db:"deliveries"`
	Ready         int             `db:"ready"`
	Done          int             `db:"done"`
}

func (r saleRow) state() erp.OrderState {
	state := erp.OrderState{
		ID:         strconv.FormatInt(r.ID, 10),
		Stage:      r.Stage,
		Total:      r.Total,
		Currency:   r.Currency,
		Invoiced:   r.InvoiceID.Valid,
		Due:        r.Due,
		Deliveries: r.Deliveries,
		Shipped:    r.Stage == erp.Confirmed && r.Ready == 0,
	}
	state.PartlyShipped = r.Ready > 0 && r.Done > 0
	if state.Invoiced {
		state.InvoiceID = strconv.FormatInt(r.InvoiceID.Int64, 10)
		state.InvoiceNumber = r.InvoiceNumber.String
		state.Paid = !r.Due.IsPositive()
	}
	return state
}

// take does a step of an order's cycle: under the order's lock it reads the state, asks the transition table, acts
// where that says so, and gives the state read back afterwards.
func (l *Ledger) take(ctx context.Context, order erp.Key, s erp.Step, action func(executor, saleRow) error) (progress erp.Progress, err error) {
	prepared, err := l.steps.get(ctx, l.db)
	if err != nil {
		return erp.Progress{}, err
	}
	err = l.inTx(ctx, func(plain *sqlx.Tx) error {
		tx := preparedTx{Tx: plain, byQuery: prepared}
		id, err := lockedID(ctx, tx, order)
		if err != nil {
			return err
		}
		row, err := readState(ctx, tx, id)
		if err != nil {
			return err
		}
		progress.Before = row.state()
		acts, err := salecycle.Allowed(s, progress.Before, row.Done > 0)
		if err != nil {
			return err
		}
		if acts {
			if err := action(tx, row); err != nil {
				return err
			}
			if row, err = readState(ctx, tx, id); err != nil {
				return err
			}
		}
		progress.OrderState = row.state()
		return nil
	})
	if err != nil {
		progress.OrderState = erp.OrderState{} // what was done is taken back
	}
	return progress, err
}

// lockOwnOrder locks an order that is named by the ledger's own id.
const lockOwnOrder = `SELECT id FROM ledger.orders WHERE id = $1 FOR UPDATE`

// lockedID gives the id of an order and locks it until the transaction ends.
func lockedID(ctx context.Context, q executor, order erp.Key) (int64, error) {
	if own := erp.OwnID(order); own != "" {
		return lockedOwnID(ctx, q, own)
	}
	var id int64
	err := q.GetContext(ctx, &id, lockOrder, order.Instance, order.Entity, order.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "order %s is not in the ledger: import it first", order)
	}
	return id, classify(err)
}

func lockedOwnID(ctx context.Context, q executor, own string) (int64, error) {
	id, err := ledgerID(own)
	if err != nil {
		return 0, err
	}
	err = q.GetContext(ctx, &id, lockOwnOrder, id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "the ledger has no order %q", own)
	}
	return id, classify(err)
}

func readState(ctx context.Context, q executor, id int64) (saleRow, error) {
	var row saleRow
	err := q.GetContext(ctx, &row, selectState, id)
	return row, classify(err)
}
