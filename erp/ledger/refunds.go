package ledger

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

var _ erp.RefundBook = (*Ledger)(nil)

var refunds = catalogue[erp.Refund]{
	model: "refund", table: "refunds",
	key:   func(r *erp.Refund) *erp.Key { return &r.Key },
	check: check.Refund,
	write: writeRefunds,
}

// UpsertRefunds books refunds as credit notes; see erp.RefundBook.
func (l *Ledger) UpsertRefunds(ctx context.Context, batch []erp.Refund) ([]erp.Outcome, error) {
	return refunds.upsert(ctx, l, batch)
}

func writeRefunds(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Refund]) error {
	if err := keepBooked(ctx, tx, drafts); err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(drafts), func(d *landing.Draft[erp.Refund]) bool { return !d.Created })
	refs, err := resolveRefundRefs(ctx, tx, fresh)
	if err != nil {
		return err
	}
	for _, d := range fresh {
		d.Refused = refs.check(d.Record)
	}
	accepted, err := assign(ctx, tx, "refunds", fresh)
	if err != nil {
		return err
	}
	for _, d := range accepted {
		b := booking{ctx: ctx, tx: tx, refund: d.Record, id: d.ID, order: refs.orders[d.Record.Order].ID, taxes: refs.taxes}
		if d.Refused, err = b.book(); err != nil {
			return err
		}
		if d.Refused != nil {
			d.ID = 0
		}
	}
	return nil
}

// keepBooked leaves refunds as they are that are booked already. What is posted is never changed, and the store cannot change a
// refund: it is how its money is shared out that may come out otherwise, once the store has deleted an earlier one.
func keepBooked(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Refund]) error {
	booked := map[int64]*landing.Draft[erp.Refund]{}
	for _, d := range drafts {
		if !d.Created {
			booked[d.ID] = d
		}
	}
	if len(booked) == 0 {
		return nil
	}
	var ids pq.Int64Array
	for id := range booked {
		ids = append(ids, id)
	}
	var rows []struct {
		ID    int64           `db:"id"`
		Total decimal.Decimal `db:"total"`
	}
	if err := tx.SelectContext(ctx, &rows, `SELECT id, total FROM ledger.refunds WHERE id = ANY ($1)`, ids); err != nil {
		return classify(err)
	}
	for _, row := range rows {
		d := booked[row.ID]
		if d.After = d.Before; !row.Total.Equal(d.Record.Total) {
			d.Refused = check.RefundLocked(d.Record, row.Total)
		}
	}
	return nil
}

// refundRefs is what the refunds of a batch refer to, their orders locked.
type refundRefs struct {
	orders map[erp.Key]held
	taxes  map[erp.Key]held
}

func resolveRefundRefs(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Refund]) (refs refundRefs, err error) {
	var orders, taxes check.KeySet
	for _, d := range drafts {
		orders.Add(d.Record.Order)
		taxes.Add(check.TaxesOfRefund(d.Record)...)
	}
	if refs.orders, err = resolve(ctx, tx, "order", orders.List()); err != nil {
		return refs, err
	}
	if refs.taxes, err = resolve(ctx, tx, "tax", taxes.List()); err != nil {
		return refs, err
	}
	var ids pq.Int64Array
	for _, order := range refs.orders {
		ids = append(ids, order.ID)
	}
	_, err = tx.ExecContext(ctx, lockOrders, ids)
	return refs, classify(err)
}

func (refs refundRefs) check(r *erp.Refund) *landing.Refusal {
	return check.RefundRefs(r, check.In(refs.orders), check.In(refs.taxes))
}
