package catalog

import (
	"context"

	"tandem/entity/mapping"
	"tandem/entity/stock"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// landStock counts the stock of the products that landed, and tells which keys exist now. A count that is refused is
// the product's result: the product is there, but its figure is not.
func landStock(ctx context.Context, ec mapping.Context, page flow.Page, attempts []*flow.Attempt[productRecord, productPlan]) error {
	var counts []erp.StockCount
	var owners []*flow.Attempt[productRecord, productPlan]
	for _, a := range attempts {
		a.Outcome.Also = variantKeys(a.Value.product)
		a.Outcome.Steps = append(a.Outcome.Steps, a.Value.notes...)
		for _, c := range stock.Dated(a.Value.counts, woo.Reading(page.Reading)) {
			counts, owners = append(counts, c), append(owners, a)
		}
	}
	outcomes, err := mapping.Upsert(ctx, ec, erp.Backend.SetStock, counts)
	if err != nil {
		return err
	}
	for i, a := range owners {
		applyStock(&a.Outcome, outcomes[i])
	}
	return nil
}

func variantKeys(p erp.Product) []erp.Key {
	var keys []erp.Key
	for _, v := range p.Variants {
		if v.Key != p.Key {
			keys = append(keys, v.Key)
		}
	}
	return keys
}

// applyStock makes the outcome of a count part of its product's.
func applyStock(product *erp.Outcome, count erp.Outcome) {
	product.Steps = append(product.Steps, "stock of "+count.Key.ID+" "+string(count.Status))
	switch {
	case !count.Landed():
		if product.Landed() {
			product.Also = append(product.Also, product.Key) // orders may be sold of it
		}
		product.Status, product.Code, product.Waits = count.Status, count.Code, count.Waits
		product.Reason = "the product is landed, but not its stock: " + count.Reason
	case product.Status == erp.Unchanged && count.Status != erp.Unchanged:
		product.Status = erp.Updated
	}
}
