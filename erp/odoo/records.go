package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/record"
)

var _ erp.RecordReader = (*Backend)(nil)

// Forget empties the digests of what was landed in the records that keys name.
func (b *Backend) Forget(ctx context.Context, keys []erp.Key) error {
	kept := homes(b.rpc.Release)
	names := map[string]string{}
	for _, key := range keys {
		name := record.ExternalName(key)
		if key.Entity == "product" {
			name = record.TemplateName(key)
		}
		names[name] = kept[key.Entity]
	}
	return b.records.Forget(ctx, names)
}

// ListTerms reads terms with their values. Odoo's own category All stands for none.
func (b *Backend) ListTerms(ctx context.Context, kind erp.TermKind, q erp.RecordQuery) (erp.RecordPage[erp.Term], error) {
	return b.catalog.ListTerms(ctx, kind, q)
}

// ListProducts reads templates with their variants and prices: those that the store has, and of the others those that are for sale.
func (b *Backend) ListProducts(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Product], error) {
	return b.catalog.ListProducts(ctx, q)
}

// ListPartners reads accounts of the store and what Odoo knows as customers, with their addresses.
func (b *Backend) ListPartners(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Partner], error) {
	return b.partners.List(ctx, q)
}

// ListCoupons reads promotion programs with a code that take something off an order. It is fault.Unsupported without the module that
// keeps them.
func (b *Backend) ListCoupons(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Coupon], error) {
	return b.catalog.ListCoupons(ctx, q)
}

// AdoptTerms binds keys to terms and, with them, to their values.
func (b *Backend) AdoptTerms(ctx context.Context, batch []erp.Adoption[erp.Term]) error {
	return b.catalog.AdoptTerms(ctx, batch)
}

// AdoptProducts binds keys to products and, with them, to their variants.
func (b *Backend) AdoptProducts(ctx context.Context, batch []erp.Adoption[erp.Product]) error {
	return b.catalog.AdoptProducts(ctx, batch)
}

// AdoptPartners binds keys to partners and, with them, to their addresses.
func (b *Backend) AdoptPartners(ctx context.Context, batch []erp.Adoption[erp.Partner]) error {
	return b.partners.Adopt(ctx, batch)
}

// AdoptCoupons binds keys to coupons.
func (b *Backend) AdoptCoupons(ctx context.Context, batch []erp.Adoption[erp.Coupon]) error {
	return b.catalog.AdoptCoupons(ctx, batch)
}
