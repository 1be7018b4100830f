package stock

import (
	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/woo"
)

// The line meta by which WooCommerce remembers what its stock figure no longer contains, and what of that refunds put back.
const (
	reducedStock   = "_reduced_stock"
	restockedItems = "_restock_refunded_items"
)

// TakenOff is the quantity the store took off its stock figure for a line; 0 when it says none. What refunds put back counts
// too: the order still delivers it, so it is the goods that came back that are on hand again.
func TakenOff(item woo.LineItem) decimal.Decimal {
	reduced, ok := metaQuantity(item, reducedStock)
	if !ok {
		return decimal.Zero
	}
	return decimal.Max(reduced.Add(PutBack(item)), decimal.Zero)
}

// PutBack is the quantity that refunds of a line put back on the shelf.
func PutBack(item woo.LineItem) decimal.Decimal {
	restocked, _ := metaQuantity(item, restockedItems)
	return decimal.Max(restocked, decimal.Zero)
}

// KeptOff is the quantity of a line that the store still has off its stock figure.
func KeptOff(item woo.LineItem) decimal.Decimal {
	quantity, _ := metaQuantity(item, reducedStock)
	return quantity
}

// metaQuantity reads a quantity of line meta. A number that no ERP keeps is none.
func metaQuantity(item woo.LineItem, key string) (decimal.Decimal, bool) {
	meta, ok := woo.FindMeta(item.MetaData, key)
	if !ok {
		return decimal.Zero, false
	}
	text, _ := meta.Text()
	quantity, ok := mapping.MetaNumber(text)
	return quantity, ok && quantity.Abs().LessThan(mapping.Largest)
}
