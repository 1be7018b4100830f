// Package stock keeps stock figures in step. It makes the ERP's counts of the store's figures, of products as they are imported and of
// those that orders have counted once more; and it pushes what the ERP has free to the store.
package stock

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// Counts gives the figures of what the store counts of a product, when stock is imported, with the moment of the
// count where it is known from the variations' own reply. Notes say what could not be counted.
func Counts(ec mapping.Context, p mapping.Product) (counts []erp.StockCount, notes []string) {
	if !ec.Instance.Config.Stock.Counted() {
		return nil, nil
	}
	count := func(id woo.ID, free decimal.Decimal, changed woo.Time) {
		if free.Abs().GreaterThanOrEqual(mapping.Largest) {
			notes = append(notes, "stock of "+id.String()+" not counted: stock_quantity has more than 12 digits before the decimal point")
			return
		}
		counts = append(counts, erp.StockCount{
			Key: mapping.KeyOf(ec, mapping.ProductName, id), Warehouse: ec.Instance.Config.General.Warehouse, Free: free,
			CountedAt: p.Counted.SeenUntil(changed.Time), ChangedAt: changed.Time,
		})
	}
	switch p.Kind() {
	case erp.Simple:
		if bool(p.ManageStock) && p.StockQuantity.Valid {
			count(p.ID, p.StockQuantity.Decimal, p.DateModified)
		}
	case erp.Variable:
		shared := false
		for _, v := range p.VariationRecords {
			shared = shared || v.ManageStock == woo.StockOfParent
			if v.ManageStock == woo.StockOwn && v.StockQuantity.Valid {
				count(v.ID, v.StockQuantity.Decimal, v.DateModified)
			}
		}
		if shared {
			notes = append(notes, "stock not counted: variations share the stock of their product")
		} else if bool(p.ManageStock) && p.StockQuantity.Valid && slices.ContainsFunc(p.VariationRecords, func(v woo.Variation) bool { return v.ManageStock == woo.StockOwn }) {
			notes = append(notes, "stock of the product itself not counted: its variations have stock of their own, which it never follows; switch its stock management off")
		}
	}
	return counts, notes
}

// Dated gives counts that were made along with a page its time: up to when a figure shows what was sold, by the store's clock
// where it tells its time.
func Dated(counts []erp.StockCount, page woo.Reading) []erp.StockCount {
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
