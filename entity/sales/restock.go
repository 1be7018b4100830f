package sales

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/entity/stock"
	"tandem/erp"
	"tandem/woo"
)

// recountRestocked counts the products of which an order says that the store and the ERP have different figures now. Of what a refund
// puts back on the shelf, the ERP goes on delivering the whole order. An order that ends without its goods being put back, as one
// does that is set to refunded, frees in the ERP what the store goes on keeping. The store's figure of the product says how it is.
func recountRestocked(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	if !ec.Instance.Config.Stock.Counted() {
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
	counts, err := stock.Read(ctx, ec, slices.Compact(products))
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
		differs := stock.PutBack(item).IsPositive() || ended && stock.KeptOff(item).IsPositive()
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
