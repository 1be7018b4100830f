package entity

import (
	"context"
	"net/url"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// countedFields is all that recountRestocked reads of a product.
var countedFields = []string{"id", "type", "manage_stock", "stock_quantity", "date_modified_gmt", "variations"}

// recountRestocked counts the products of which an order says that the store and the ERP have different figures now. Of what a refund
// puts back on the shelf, the ERP goes on delivering the whole order. An order that ends without its goods being put back, as one
// does that is set to refunded, frees in the ERP what the store goes on keeping. The store's figure of the product says how it is.
func recountRestocked(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
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
		for _, item := range recounted(a) {
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
	outcomes, err := mapping.Upsert(ctx, ec, erp.Backend.SetStock, counts)
	for _, o := range outcomes {
		if o.Landed() {
			a := sold[o.Key]
			a.Note("stock of " + o.Key.ID + " " + string(o.Status) + " after " + reasonToCount(a))
			if o.Status != erp.Unchanged {
				a.Outcome.Also = append(a.Outcome.Also, o.Key)
			}
		}
	}
	return err
}

// recounted gives the lines of an order whose products have to be counted: those of which refunds put something back, and of an order
// that has ended, those of which it keeps something off the shelf.
func recounted(a *orderAttempt) []woo.LineItem {
	ended := hasEnded(a)
	return slices.DeleteFunc(slices.Clone(a.Record.LineItems), func(item woo.LineItem) bool {
		differs := putBack(item).IsPositive() || ended && keptOff(item).IsPositive()
		return item.ProductID == 0 || !differs
	})
}

func hasEnded(a *orderAttempt) bool { return slices.Contains(endedStatuses, a.Record.Status) }

// reasonToCount says in the log why an order had products counted.
func reasonToCount(a *orderAttempt) string {
	if hasEnded(a) {
		return "the order ended"
	}
	return "a refund"
}

// readCounts reads the stock figures of products and of their variations as they are now.
func readCounts(ctx context.Context, ec mapping.Context, products []woo.ID) ([]erp.StockCount, error) {
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
