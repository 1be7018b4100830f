package entity

import (
	"context"
	"net/url"
	"slices"

	"tandem/erp"
	"tandem/woo"
)

// countedFields is all that recountRestocked reads of a product.
var countedFields = []string{"id", "type", "manage_stock", "stock_quantity", "date_modified_gmt", "variations"}

// recountRestocked counts the products of which refunds put something back on the shelf. An ERP goes on delivering the whole order,
// and does not learn from it that the store offers those goods again: the store's figure of the product says so.
func recountRestocked(ctx context.Context, ec Context, attempts []*orderAttempt) error {
	if !ec.Instance.Config.Stock.Import {
		return nil
	}
	news, err := restockNews(ctx, ec, attempts)
	if err != nil {
		return err
	}
	sold := map[erp.Key]*orderAttempt{} // one of the orders that gave it back
	var products []woo.ID
	for _, a := range news {
		for _, item := range restocked(a) {
			sold[soldProduct(ec, item)] = a
			products = append(products, item.ProductID)
		}
	}
	if len(products) == 0 {
		return nil
	}
	slices.Sort(products)
	counts, err := readCounts(ctx, ec, slices.Compact(products))
	if err != nil {
		return err
	}
	counts = slices.DeleteFunc(counts, func(c erp.StockCount) bool { return sold[c.Key] == nil })
	outcomes, err := upsert(ctx, ec, erp.Backend.SetStock, counts)
	for _, o := range outcomes {
		if o.Landed() {
			a := sold[o.Key]
			a.Note("stock of " + o.Key.ID + " " + string(o.Status) + " after a refund")
			if o.Status != erp.Unchanged {
				a.Outcome.Also = append(a.Outcome.Also, o.Key)
			}
		}
	}
	return err
}

// restocked gives the lines of an order of which refunds put something back.
func restocked(a *orderAttempt) []woo.LineItem {
	return slices.DeleteFunc(slices.Clone(a.Record.LineItems), func(item woo.LineItem) bool {
		return item.ProductID == 0 || !putBack(item).IsPositive()
	})
}

// readCounts reads the stock figures of products and of their variations as they are now.
func readCounts(ctx context.Context, ec Context, products []woo.ID) ([]erp.StockCount, error) {
	var counts []erp.StockCount
	for chunk := range slices.Chunk(products, woo.MaxPerPage) {
		page, err := ec.Store.Products.List(ctx, woo.ListOptions{
			Include: chunk, PerPage: woo.MaxPerPage, Fields: countedFields, Params: url.Values{"status": {"any"}},
		})
		if err != nil {
			return nil, err
		}
		for _, p := range page.Records {
			record := productRecord{Product: p}
			if len(p.Variations) > 0 {
				if err := record.loadVariations(ctx, ec); err != nil {
					return nil, err
				}
			}
			found, _ := stockCounts(ec, record)
			counts = append(counts, datedCounts(found, page.Reading)...)
		}
	}
	return counts, nil
}
