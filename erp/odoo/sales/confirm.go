package sales

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Confirm turns quotations into orders, for each of which Odoo makes a delivery. An order whose total is not what the
// store charged is fault.Parked with the code "totals_differ": a person changed it in Odoo, because it landed with the store's.
func (b *Book) Confirm(ctx context.Context, orders []erp.Ask[erp.ConfirmRequest]) []erp.StepResult {
	return saleStep[erp.ConfirmRequest]{erp.StepValidate, b.confirmAll, b.redateAll}.take(ctx, b, orders)
}

func (b *Book) confirmAll(ctx context.Context, orders []*pendingOrder[erp.ConfirmRequest]) error {
	goods, err := b.goodsOfOrders(ctx, rpc.Map(orders, idOf[erp.ConfirmRequest]))
	if err != nil {
		return err
	}
	release, err := b.stock.LockShelves(ctx, goods) // confirming reserves goods
	if err != nil {
		return err
	}
	defer release()
	for _, d := range orders {
		d.failure = d.checkTotal(d.Round(d.Total))
	}
	if err := asOne(unfailed(orders), func(ids []int64) error { return b.onOrders(ctx, "action_confirm", ids) }); err != nil {
		return err
	}
	for _, d := range unfailed(orders) {
		d.Date = rpc.Moment{Time: time.Now()} // Odoo has set it
	}
	return b.redateAll(ctx, unfailed(orders))
}

// goodsOfOrders lists the products on the lines of orders.
func (b *Book) goodsOfOrders(ctx context.Context, orders []int64) ([]int64, error) {
	lines, err := rpc.SearchBy[lineRow](ctx, b.rpc, "sale.order.line", "order_id", orders, nil, "product_id")
	return rpc.Map(lines, func(l lineRow) int64 { return l.Product.ID }), err
}

// redateAll puts the dates of orders back, which Odoo makes the present when it confirms them.
func (b *Book) redateAll(ctx context.Context, orders []*pendingOrder[erp.ConfirmRequest]) error {
	var records []*record.Record
	for _, d := range orders {
		if !d.Placed.IsZero() && !d.Placed.Equal(d.Date.Time) {
			records = append(records, &record.Record{Name: record.ExternalName(d.Order), Cells: []rpc.Cell{rpc.TimeCell("date_order", d.Placed.Time)}})
		}
	}
	results, err := b.records.Load(ctx, "sale.order", records)
	for _, r := range results {
		if r.Refused != nil {
			return fault.New(fault.Internal, "Odoo does not take back the date of an order: %s", r.Refused.Reason)
		}
	}
	return err
}

// checkTotal compares an amount with what the store charged for the order.
func (s Snapshot) checkTotal(total decimal.Decimal) error {
	if s.Expected == "" {
		return nil // it was not landed by Tandem but adopted
	}
	charged, err := rpc.ParseAmount(string(s.Expected))
	switch {
	case err != nil:
		return fault.Wrap(fault.Internal, err, "what the store charged for the order cannot be read")
	case charged.Round(s.decimals).Equal(total):
		return nil
	}
	held := fault.New(fault.Parked, "Odoo has a total of %s %s, but the store charged %s %s, a difference of %s: correct the lines in Odoo and retry",
		total, s.Currency.Name, charged, s.Currency.Name, charged.Sub(total))
	held.Code = "totals_differ"
	return held
}
