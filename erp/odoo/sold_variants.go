package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/catalog"
	"tandem/erp/odoo/rpc"
)

// countedField holds when the store counted a product, per warehouse, as JSON.
const countedField = "x_tandem_counted"

// soldVariant is a variant as orders and stock see it.
type soldVariant struct {
	rpc.Row
	Template rpc.Link   `json:"product_tmpl_id"`
	Type     rpc.Text   `json:"type"`
	Storable *bool      `json:"is_storable"`
	Counted  rpc.Text   `json:"x_tandem_counted"`
	Free     bool       `json:"x_tandem_uncounted"`
	OnHand   rpc.Amount `json:"qty_available"`
	Incoming rpc.Amount `json:"incoming_qty"`
	Outgoing rpc.Amount `json:"outgoing_qty"`
}

// tracked reports whether Odoo keeps stock of the product.
func (v soldVariant) tracked() bool {
	if v.Storable != nil {
		return *v.Storable
	}
	return v.Type == "product"
}

func (b *Backend) soldFields(more ...string) []string {
	fields := append([]string{"product_tmpl_id", "type", countedField, catalog.UncountedField}, more...)
	if flag := rpc.StorableFlags.For(b.rpc.Release); flag != "" {
		fields = append(fields, flag)
	}
	return fields
}

// readSold reads the variants behind keys.
func (b *Backend) readSold(ctx context.Context, variants map[erp.Key]int64) (map[erp.Key]soldVariant, error) {
	var ids []int64
	for _, id := range variants {
		ids = append(ids, id)
	}
	rows, err := rpc.SearchBy[soldVariant](ctx, b.rpc, "product.product", "id", rpc.Distinct(ids), nil, b.soldFields()...)
	byID := make(map[int64]soldVariant, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	sold := make(map[erp.Key]soldVariant, len(variants))
	for key, id := range variants {
		if v, ok := byID[id]; ok {
			sold[key] = v
		}
	}
	return sold, err
}

// counts reads when products were counted, by their ids.
func (b *Backend) counts(ctx context.Context, products []int64) (map[int64]soldVariant, error) {
	return rpc.SearchByID[soldVariant](ctx, b.rpc, "product.product", products, countedField)
}
