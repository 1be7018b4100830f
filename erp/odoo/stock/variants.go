package stock

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/catalog"
	"tandem/erp/odoo/rpc"
)

// countedField holds when the store counted a product, per warehouse, as JSON.
const countedField = "x_tandem_counted"

// Variant is a variant as orders and stock see it.
type Variant struct {
	rpc.Row
	Template rpc.Link   `json:"product_tmpl_id"`
	Type     rpc.Text   `json:"type"`
	Storable *bool      `json:"is_storable"`
	Counted  rpc.Text   `json:"x_tandem_counted"`
	Free     bool       `json:"x_tandem_uncounted"`
	Unit     rpc.Link   `json:"uom_id"` // in which it is counted, and sold by stores
	OnHand   rpc.Amount `json:"qty_available"`
	Incoming rpc.Amount `json:"incoming_qty"`
	Outgoing rpc.Amount `json:"outgoing_qty"`
}

// Tracked reports whether Odoo keeps stock of the product.
func (v Variant) Tracked() bool {
	if v.Storable != nil {
		return *v.Storable
	}
	return v.Type == "product"
}

// soldFields are the columns of a Variant without its figures, and more.
func (v *Inventory) soldFields(more ...string) []string {
	fields := append([]string{"product_tmpl_id", "type", "uom_id", countedField, catalog.UncountedField}, more...)
	if flag := rpc.StorableFlags.For(v.rpc.Release); flag != "" {
		fields = append(fields, flag)
	}
	return fields
}

// Variants reads the variants behind keys.
func (v *Inventory) Variants(ctx context.Context, variants map[erp.Key]int64) (map[erp.Key]Variant, error) {
	var ids []int64
	for _, id := range variants {
		ids = append(ids, id)
	}
	rows, err := rpc.SearchBy[Variant](ctx, v.rpc, "product.product", "id", rpc.Distinct(ids), nil, v.soldFields()...)
	byID := make(map[int64]Variant, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	sold := make(map[erp.Key]Variant, len(variants))
	for key, id := range variants {
		if variant, ok := byID[id]; ok {
			sold[key] = variant
		}
	}
	return sold, err
}

// Counts reads when products were counted, by their ids.
func (v *Inventory) Counts(ctx context.Context, products []int64) (map[int64]Variant, error) {
	return rpc.SearchByID[Variant](ctx, v.rpc, "product.product", products, countedField)
}
