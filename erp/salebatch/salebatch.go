// Package salebatch joins the steps of sales that are asked for at the same time into batches, of as many orders as an ERP says
// is best. Each order runs through its own durable workflow, which asks for one step of one order; an ERP that is called over
// a network answers a hundred orders in one call much sooner than a hundred calls.
//
// It is the only place where orders are brought together: an ERP is handed a batch and answers one result for each. What
// fails for a whole batch without saying of which order, by a panic, is asked about again in halves.
package salebatch

import (
	"context"

	"tandem/erp"
)

// Batcher takes orders through steps of an ERP, one order a call. It is safe for concurrent use; all calls for one ERP have to go
// through one Batcher to be joined.
type Batcher struct {
	confirms  *gather[erp.ConfirmRequest]
	invoices  *gather[erp.InvoiceRequest]
	payments  *gather[erp.PaymentRequest]
	shipments *gather[erp.ShipRequest]
	cancels   *gather[erp.CancelRequest]
}

// New makes the batcher of an ERP.
func New(sales erp.Sales) *Batcher {
	size := sales.StepBatch()
	return &Batcher{
		confirms: newGather(size, sales.ConfirmOrders), invoices: newGather(size, sales.InvoiceOrders),
		payments: newGather(size, sales.PayOrders), shipments: newGather(size, sales.ShipOrders),
		cancels: newGather(size, sales.CancelOrders),
	}
}

// ConfirmOrder turns a quotation into an order. See erp.Sales for this and the other steps.
func (b *Batcher) ConfirmOrder(ctx context.Context, order erp.Key) (erp.Progress, error) {
	return b.confirms.ask(ctx, erp.Ask[erp.ConfirmRequest]{Order: order})
}

// InvoiceOrder posts the one invoice of an order.
func (b *Batcher) InvoiceOrder(ctx context.Context, order erp.Key, invoice erp.InvoiceRequest) (erp.Progress, error) {
	return b.invoices.ask(ctx, erp.Ask[erp.InvoiceRequest]{Order: order, With: invoice})
}

// PayOrder registers the payment of an order's invoice in full.
func (b *Batcher) PayOrder(ctx context.Context, order erp.Key, payment erp.PaymentRequest) (erp.Progress, error) {
	return b.payments.ask(ctx, erp.Ask[erp.PaymentRequest]{Order: order, With: payment})
}

// ShipOrder delivers what is left to deliver of an order.
func (b *Batcher) ShipOrder(ctx context.Context, order erp.Key, shipment erp.ShipRequest) (erp.Progress, error) {
	return b.shipments.ask(ctx, erp.Ask[erp.ShipRequest]{Order: order, With: shipment})
}

// CancelOrder gives an order up.
func (b *Batcher) CancelOrder(ctx context.Context, order erp.Key) (erp.Progress, error) {
	return b.cancels.ask(ctx, erp.Ask[erp.CancelRequest]{Order: order})
}
