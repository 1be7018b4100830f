package entity

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// stockCounts gives the figures of what the store counts of a product, when stock is imported, with the moment of the
// count where it is known from the variations' own reply. Notes say what could not be counted.
func stockCounts(ec mapping.Context, p productRecord) (counts []erp.StockCount, notes []string) {
	if !ec.Instance.Config.Stock.Import {
		return nil, nil
	}
	count := func(id woo.ID, free decimal.Decimal, changed woo.Time) {
		if free.Abs().GreaterThanOrEqual(mapping.Largest) {
			notes = append(notes, "stock of "+id.String()+" not counted: stock_quantity has more than 12 digits before the decimal point")
			return
		}
		counts = append(counts, erp.StockCount{
			Key: mapping.KeyOf(ec, mapping.ProductName, id), Warehouse: ec.Instance.Config.General.Warehouse, Free: free,
			CountedAt: p.counted.SeenUntil(changed.Time), ChangedAt: changed.Time,
		})
	}
	switch productKind(p) {
	case erp.Simple:
		if bool(p.ManageStock) && p.StockQuantity.Valid {
			count(p.ID, p.StockQuantity.Decimal, p.DateModified)
		}
	case erp.Variable:
		shared := false
		for _, v := range p.variations {
			shared = shared || v.ManageStock == woo.StockOfParent
			if v.ManageStock == woo.StockOwn && v.StockQuantity.Valid {
				count(v.ID, v.StockQuantity.Decimal, v.DateModified)
			}
		}
		if shared {
			notes = append(notes, "stock not counted: variations share the stock of their product")
		}
	}
	return counts, notes
}

// landStock counts the stock of the products that landed, and tells which keys exist now. A count that is refused is
// the product's result: the product is there, but its figure is not.
func landStock(ctx context.Context, ec mapping.Context, page flow.Page, attempts []*flow.Attempt[productRecord, productPlan]) error {
	var counts []erp.StockCount
	var owners []*flow.Attempt[productRecord, productPlan]
	for _, a := range attempts {
		a.Outcome.Also = variantKeys(a.Value.product)
		a.Outcome.Steps = append(a.Outcome.Steps, a.Value.notes...)
		for _, c := range datedCounts(a.Value.counts, woo.Reading(page.Reading)) {
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

// datedCounts gives counts that were made along with a page its time: up to when a figure shows what was sold, by the store's clock
// where it tells its time.
func datedCounts(counts []erp.StockCount, page woo.Reading) []erp.StockCount {
	dated := slices.Clone(counts)
	for i := range dated {
		if dated[i].CountedAt.IsZero() {
			dated[i].CountedAt = page.SeenUntil(dated[i].ChangedAt)
		}
		if dated[i].CountedAt.IsZero() {
			dated[i].CountedAt = time.Now().UTC()
		}
	}
	return dated
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
