package mapping

import (
	"context"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/woo"
)

// Product is a product with all its variations, which the store keeps apart from it: the catalogue lands both, and stock is
// counted of both.
type Product struct {
	woo.Product
	VariationRecords []woo.Variation
	// Counted is when the variations were read; zero when there were none to read.
	Counted woo.Reading
}

// LoadProduct reads the variations that a product's own record lacks: one request for every hundred. Their stock figures are as of
// now, later than the page with the product: an order placed in between is in them already.
func LoadProduct(ctx context.Context, ec Context, p woo.Product) (Product, error) {
	loaded := Product{Product: p}
	if len(p.Variations) == 0 {
		return loaded, nil
	}
	for w, err := range ec.Store.Variations.Of(p.ID).Scan(ctx, woo.ListOptions{}, woo.Cursor{}) {
		if err != nil {
			return loaded, err
		}
		if len(w.Rejected) > 0 {
			return loaded, w.Rejected[0].Err
		}
		loaded.VariationRecords = append(loaded.VariationRecords, w.Records...)
		loaded.Counted = loaded.Counted.And(w.Reading)
	}
	return loaded, nil
}

// variableOf begins the types that plugins have for products with variations, such as variable-subscription.
const variableOf = woo.ProductVariable + "-"

// Kind sorts the types of plugins (subscriptions, bundles, bookings …) under what they behave like: whatever has variations is
// variable, the rest is sold as it is.
func (p Product) Kind() erp.ProductKind {
	switch {
	case p.Type == woo.ProductGrouped:
		return erp.Grouped
	case p.Type == woo.ProductExternal:
		return erp.External
	case p.Type == woo.ProductVariable || strings.HasPrefix(p.Type, variableOf) || len(p.Variations) > 0:
		return erp.Variable
	default:
		return erp.Simple
	}
}

// CountsStock reports whether the store counts a product or any of its variations. Such a product is goods to an ERP even
// where it is virtual, as tickets and licences are: services have no stock.
func (p Product) CountsStock() bool {
	return bool(p.ManageStock) || slices.ContainsFunc(p.VariationRecords, func(v woo.Variation) bool { return v.ManageStock == woo.StockOwn })
}
