package catalog

import (
	"context"
	"strings"

	"tandem/entity/mapping"
	"tandem/woo"
)

// FindProducts asks the store for the products with a SKU, of their own or of a variation, and says what keeps them from being imported.
func FindProducts(ctx context.Context, ec mapping.Context, sku string) ([]mapping.StoreRecord, error) {
	page, err := ec.Store.Products.List(ctx, woo.ListOptions{SKU: []string{sku}})
	if err != nil {
		return nil, err
	}
	var found []mapping.StoreRecord
	for _, p := range page.Records {
		if !strings.EqualFold(strings.TrimSpace(p.SKU), sku) {
			continue // some stores ignore what they are asked for
		}
		original := mapping.OriginalOf(ec, p)
		switch {
		case p.Type == woo.ProductVariation && p.ParentID != 0:
			found = append(found, mapping.Takes(mapping.ProductName, p.ParentID.String()))
		case original != p.ID:
			missing := translationOf(p, original)
			found = append(found, mapping.StoreRecord{
				Entity: mapping.ProductName, ID: missing.ID, State: mapping.Filtered, Code: missing.Code, Reason: missing.Reason,
			})
		default:
			found = append(found, mapping.Takes(mapping.ProductName, p.ID.String()))
		}
	}
	return found, nil
}
