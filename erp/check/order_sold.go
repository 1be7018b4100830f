package check

import (
	"context"
	"fmt"
	"slices"

	"tandem/erp"
	"tandem/erp/landing"
)

// Goods reads what the lines of orders have in an ERP.
type Goods interface {
	// SoldAs returns what the goods of orders were sold as, by the shop's line id.
	SoldAs(ctx context.Context, orders []int64) (map[int64]map[string]SoldAs, error)
	// Siblings reports of each pair whether the variant that was sold belongs to the product that the shop names now.
	Siblings(ctx context.Context, pairs []Renamed) (map[Renamed]bool, error)
	// Locked reports whether an order is invoiced or shipped, so that its lines stay what they are.
	Locked(order int64) bool
}

// SoldAs is what a line of goods was sold as.
type SoldAs struct {
	Product     erp.Key // a variant
	Placeholder bool    // it stands for what the shop did not have
}

// Renamed is a line of goods that the shop names by another key than the one under which they were sold.
type Renamed struct {
	Sold  erp.Key // a variant
	Named erp.Key // perhaps the product of that variant
}

// KeepProducts gives lines that have landed the product they have in the ERP where the shop can no longer say what it was, and
// other lines without a product their order's placeholder. So nothing that becomes of a product in the shop changes an order
// that has landed. Only a placeholder gives way to the product when the shop has it again, and only until the order is locked.
func KeepProducts(ctx context.Context, drafts []*landing.Draft[erp.Order], goods Goods) error {
	var orders []int64
	for _, d := range drafts {
		if d.ID != 0 {
			orders = append(orders, d.ID)
		}
	}
	held, siblings := map[int64]map[string]SoldAs{}, map[Renamed]bool{}
	if len(orders) > 0 {
		var err error
		if held, err = goods.SoldAs(ctx, orders); err != nil {
			return err
		}
		if siblings, err = siblingsOf(ctx, drafts, held, goods); err != nil {
			return err
		}
	}
	for _, d := range drafts {
		d.Record = Sold(d.Record, Kept{held[d.ID], siblings, d.ID != 0 && goods.Locked(d.ID)})
	}
	return nil
}

// siblingsOf asks about the lines that the shop names otherwise than before: few, and mostly none.
func siblingsOf(ctx context.Context, drafts []*landing.Draft[erp.Order], held map[int64]map[string]SoldAs, goods Goods) (
	map[Renamed]bool, error) {
	pairs := map[Renamed]bool{}
	for _, d := range drafts {
		for _, line := range d.Record.Lines {
			pair := Renamed{held[d.ID][line.ID].Product, line.Product}
			if line.Kind == erp.ProductLine && !pair.Sold.IsZero() && !pair.Named.IsZero() && pair.Sold != pair.Named {
				pairs[pair] = true
			}
		}
	}
	if len(pairs) == 0 {
		return nil, nil
	}
	list := make([]Renamed, 0, len(pairs))
	for pair := range pairs {
		list = append(list, pair)
	}
	return goods.Siblings(ctx, list)
}

// Kept is what an order that has landed keeps.
type Kept struct {
	Held     map[string]SoldAs // its lines, by the shop's line id
	Siblings map[Renamed]bool  // see Goods
	Locked   bool              // see Goods
}

// Sold returns the order with the product that each line has in the ERP where the shop cannot say what the line sold: it names no
// product once that is deleted, and the product itself once the variation is, even when the product has become a simple one
// meanwhile. A line without a product that has not landed gets the order's placeholder, and keeps it when the order is locked.
// The given order is not changed.
func Sold(o *erp.Order, kept Kept) *erp.Order {
	sold := o
	for i, line := range o.Lines {
		as := kept.soldAs(line, o.Placeholder)
		if as == (SoldAs{line.Product, line.Placeholder}) {
			continue
		}
		if sold == o {
			clone := *o
			clone.Lines = slices.Clone(o.Lines)
			sold = &clone
		}
		sold.Lines[i].Product, sold.Lines[i].Placeholder = as.Product, as.Placeholder
	}
	return sold
}

// soldAs says what a line is sold as.
func (k Kept) soldAs(line erp.OrderLine, placeholder erp.Key) SoldAs {
	held := k.Held[line.ID]
	switch {
	case line.Kind != erp.ProductLine:
		return SoldAs{Product: line.Product}
	case unnamed(line) && held.Product.IsZero():
		return SoldAs{placeholder, !placeholder.IsZero()}
	case unnamed(line), k.Siblings[Renamed{held.Product, line.Product}], k.Locked && held.standsIn(placeholder):
		return held
	}
	return SoldAs{Product: line.Product}
}

// standsIn reports whether a line has a placeholder. Of one that landed before that was kept apart, only the one that the instance has
// now is known.
func (s SoldAs) standsIn(placeholder erp.Key) bool {
	return s.Placeholder || !s.Product.IsZero() && s.Product == placeholder
}

// unnamed reports goods whose product the shop no longer knows.
func unnamed(l erp.OrderLine) bool { return l.Kind == erp.ProductLine && l.Product.IsZero() }

// soldKnown parks an order with goods of which neither the shop nor the ERP knows what they are.
func soldKnown(o *erp.Order) *landing.Refusal {
	i := slices.IndexFunc(o.Lines, unnamed)
	if i < 0 {
		return nil
	}
	return landing.Parked(erp.GoneProduct, fmt.Sprintf("the shop no longer has the product of line %s: choose a placeholder product "+
		"(order.placeholder_product) and process the order again", o.Lines[i].ID))
}
