package odoo

import (
	"context"

	"tandem/erp"
)

var _ erp.OrderReader = (*Backend)(nil)

// ReadOrders reads sales orders by Odoo's ids. Headings, notes and down payments are none of their lines.
func (b *Backend) ReadOrders(ctx context.Context, instance string, ids []string) ([]erp.HeldOrder, error) {
	return b.sales.ReadOrders(ctx, instance, ids)
}

// AdoptOrders binds sales orders and their lines to what a store made of them. They keep their numbers, dates, customers and settings, also
// when the store changes them later.
func (b *Backend) AdoptOrders(ctx context.Context, batch []erp.Adoption[erp.Order]) error {
	return b.sales.AdoptOrders(ctx, batch)
}
