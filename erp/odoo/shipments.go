package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/record"
)

var _ erp.ShipmentReader = (*Backend)(nil)

// ListShipments lists deliveries that went out: outgoing pickings of sales orders that are done.
func (b *Backend) ListShipments(ctx context.Context, q erp.RecordQuery) (erp.ShipmentPage, error) {
	return b.sales.ListShipments(ctx, q)
}

// ShipmentsFromNow gives the place after all deliveries but those that went out just before.
func (b *Backend) ShipmentsFromNow(context.Context) (string, error) { return record.FromNow(), nil }

// ShipmentsOf gives what was shipped of orders.
func (b *Backend) ShipmentsOf(ctx context.Context, orders []erp.Key) ([]erp.Shipment, error) {
	return b.sales.ShipmentsOf(ctx, orders)
}
