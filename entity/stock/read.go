package stock

import (
	"context"
	"net/url"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// countedFields is all that Read reads of a product.
var countedFields = []string{"id", "type", "manage_stock", "stock_quantity", "date_modified_gmt", "variations"}

// Read reads the stock figures of products and of their variations as they are now, for up to a hundred products with one request.
func Read(ctx context.Context, ec mapping.Context, products []woo.ID) ([]erp.StockCount, error) {
	var counts []erp.StockCount
	for chunk := range slices.Chunk(products, woo.MaxPerPage) {
		page, err := ec.Store.Products.List(ctx, woo.ListOptions{
			Include: chunk, PerPage: woo.MaxPerPage, Fields: countedFields, Params: url.Values{"status": {"any"}},
		})
		if err != nil {
			return nil, err
		}
		for _, p := range page.Records {
			loaded, err := mapping.LoadProduct(ctx, ec, p)
			if err != nil {
				return nil, err
			}
			found, _ := Counts(ec, loaded)
			counts = append(counts, Dated(found, page.Reading)...)
		}
	}
	return counts, nil
}
