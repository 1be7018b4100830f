package odoo

import (
	"context"
	"slices"

	"tandem/erp/odoo/rpc"
)

// loadOr lands a record for each item. Where Odoo refuses it, the next one that there is of the item is tried: a code or barcode
// may belong to a record of another company, which the user does not see, though Odoo compares with those of all companies.
func loadOr[T any](ctx context.Context, b *Backend, model string, items []T, of func(item T, try int) *record) ([]loaded, error) {
	results := make([]loaded, len(items))
	places, records := make([]int, len(items)), make([]*record, len(items))
	for i, item := range items {
		places[i], records[i] = i, of(item, 0)
	}
	for try := 1; len(records) > 0; try++ {
		landed, err := b.load(ctx, model, records)
		if err != nil {
			return nil, err
		}
		var refused []int
		records = nil
		for i, at := range places {
			results[at] = landed[i]
			if landed[i].refused == nil {
				continue
			}
			if next := of(items[at], try); next != nil {
				refused, records = append(refused, at), append(records, next)
			}
		}
		places = refused
	}
	return results, nil
}

// loadVariants lands variants. Where Odoo refuses one that has a barcode, it lands without.
func (b *Backend) loadVariants(ctx context.Context, variants []*record) ([]loaded, error) {
	return loadOr(ctx, b, "product.product", variants, func(variant *record, try int) *record {
		switch try {
		case 0:
			return variant
		case 1:
			return variant.withoutBarcode()
		default:
			return nil
		}
	})
}

// withoutBarcode gives the same record with an empty barcode, nil when it has none.
func (r *record) withoutBarcode() *record {
	at := slices.IndexFunc(r.cells, func(c rpc.Cell) bool { return c.Field == "barcode" && c.Text != "" })
	if at < 0 {
		return nil
	}
	bare := *r
	bare.cells = slices.Clone(r.cells)
	bare.cells[at] = rpc.TextCell("barcode", "")
	return &bare
}
