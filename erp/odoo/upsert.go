package odoo

import (
	"context"

	"tandem/erp"
)

// UpsertPartners lands customers and guests as contacts with their addresses below them. Records of a batch count in
// their order: a later one finds by e-mail what an earlier one made. When a key is bound to a partner that was there
// already, or an address changes, the partner counts as updated.
func (b *Backend) UpsertPartners(ctx context.Context, batch []erp.Partner) ([]erp.Outcome, error) {
	return b.partners.Upsert(ctx, batch)
}
