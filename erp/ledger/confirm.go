package ledger

import (
	"context"

	"tandem/erp"
)

const setStage = `UPDATE ledger.orders SET stage = $2 WHERE id = $1`

// confirmOrder turns a quotation into an order: its goods are reserved and a delivery is made ready.
func (l *Ledger) confirmOrder(ctx context.Context, order erp.Key) (erp.Progress, error) {
	return l.take(ctx, order, erp.StepValidate, func(tx executor, row saleRow) error {
		if _, err := tx.ExecContext(ctx, setStage, row.ID, erp.Confirmed); err != nil {
			return classify(err)
		}
		if err := openDeliveries(ctx, tx, []int64{row.ID}); err != nil {
			return err
		}
		return reserve(ctx, tx, row.ID)
	})
}

// cancelOrder gives an order up: what it reserved is free again and its delivery is cancelled. What is invoiced or
// shipped is not cancelled but taken back.
func (l *Ledger) cancelOrder(ctx context.Context, order erp.Key) (erp.Progress, error) {
	return l.take(ctx, order, erp.StepCancel, func(tx executor, row saleRow) error {
		if _, err := tx.ExecContext(ctx, setStage, row.ID, erp.Cancelled); err != nil {
			return classify(err)
		}
		if err := closeDeliveries(ctx, tx, []int64{row.ID}); err != nil {
			return err
		}
		return reserve(ctx, tx, row.ID)
	})
}
