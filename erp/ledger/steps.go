package ledger

import (
	"context"

	"tandem/erp"
)

// StepBatch is one: each order is a transaction of its own, and those of many run beside each other.
func (l *Ledger) StepBatch() int { return 1 }

// ConfirmOrders turns quotations into orders, one after the other.
func (l *Ledger) ConfirmOrders(ctx context.Context, orders []erp.Ask[erp.ConfirmRequest]) []erp.StepResult {
	return erp.EachAlone(orders, func(a erp.Ask[erp.ConfirmRequest]) (erp.Progress, error) { return l.confirmOrder(ctx, a.Order) })
}

// InvoiceOrders posts the invoices of confirmed orders, one after the other.
func (l *Ledger) InvoiceOrders(ctx context.Context, orders []erp.Ask[erp.InvoiceRequest]) []erp.StepResult {
	return erp.EachAlone(orders, func(a erp.Ask[erp.InvoiceRequest]) (erp.Progress, error) { return l.invoiceOrder(ctx, a.Order, a.With) })
}

// PayOrders registers the payments of orders, one after the other.
func (l *Ledger) PayOrders(ctx context.Context, orders []erp.Ask[erp.PaymentRequest]) []erp.StepResult {
	return erp.EachAlone(orders, func(a erp.Ask[erp.PaymentRequest]) (erp.Progress, error) { return l.payOrder(ctx, a.Order, a.With) })
}

// ShipOrders delivers what is left to deliver of orders, one after the other.
func (l *Ledger) ShipOrders(ctx context.Context, orders []erp.Ask[erp.ShipRequest]) []erp.StepResult {
	return erp.EachAlone(orders, func(a erp.Ask[erp.ShipRequest]) (erp.Progress, error) { return l.shipOrder(ctx, a.Order, a.With) })
}

// CancelOrders gives orders up, one after the other.
func (l *Ledger) CancelOrders(ctx context.Context, orders []erp.Ask[erp.CancelRequest]) []erp.StepResult {
	return erp.EachAlone(orders, func(a erp.Ask[erp.CancelRequest]) (erp.Progress, error) { return l.cancelOrder(ctx, a.Order) })
}
