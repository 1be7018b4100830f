package check

import (
	"fmt"
	"slices"

	"tandem/erp"
	"tandem/erp/landing"
)

// NamesAll reports whether every line of goods of an order names its product. Of one that does not, a backend reads what
// its lines have in the ERP, for Sold.
func NamesAll(o *erp.Order) bool { return !slices.ContainsFunc(o.Lines, unnamed) }

// unnamed reports goods whose product the shop no longer knows.
func unnamed(l erp.OrderLine) bool { return l.Kind == erp.ProductLine && l.Product.IsZero() }

// Sold returns the order with a product on each line whose product the shop no longer knows: the one that the line has in
// the ERP, which held says by line id, or else the order's placeholder. So a product deleted in the shop changes no order
// that has landed. The given order is not changed.
func Sold(o *erp.Order, held map[string]erp.Key) *erp.Order {
	if NamesAll(o) {
		return o
	}
	sold := *o
	sold.Lines = slices.Clone(o.Lines)
	for i := range sold.Lines {
		line := &sold.Lines[i]
		if !unnamed(*line) {
			continue
		}
		if line.Product = held[line.ID]; line.Product.IsZero() {
			line.Product = o.Placeholder
		}
	}
	return &sold
}

// soldKnown parks an order with goods of which neither the shop nor the ERP knows what they are.
func soldKnown(o *erp.Order) *landing.Refusal {
	i := slices.IndexFunc(o.Lines, unnamed)
	if i < 0 {
		return nil
	}
	return landing.Parked(erp.GoneProduct, fmt.Sprintf("the shop no longer has the product of line %s: choose a placeholder product "+
		"(order.placeholder_product) and process the order again", o.Lines[i].ID))
}
