package odoo

import (
	"context"

	"tandem/erp"
)

var _ erp.RefundReader = (*Backend)(nil)

// ReadRefunds reads credit notes by Odoo's ids. Those that are not posted, or of no single order, are left out.
func (b *Backend) ReadRefunds(ctx context.Context, instance string, ids []string) ([]erp.HeldRefund, error) {
	return b.sales.ReadRefunds(ctx, instance, ids)
}

// UnsentRefunds lists the posted credit notes that people made for orders of an instance, and that no store has.
func (b *Backend) UnsentRefunds(ctx context.Context, instance, after string, limit int) ([]erp.HeldRefund, error) {
	return b.sales.UnsentRefunds(ctx, instance, after, limit)
}

// UnsentOf reads the same of some orders only.
func (b *Backend) UnsentOf(ctx context.Context, orders []erp.Key) ([]erp.HeldRefund, error) {
	return b.sales.UnsentOf(ctx, orders)
}

// AdoptRefunds binds credit notes to what a store made of them.
func (b *Backend) AdoptRefunds(ctx context.Context, batch []erp.Adoption[erp.Refund]) error {
	return b.sales.AdoptRefunds(ctx, batch)
}
