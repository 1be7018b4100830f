package sales

import (
	"context"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// lineUnits are the units of measure of lines that orders have in Odoo, and of what they sell. A store knows one unit of a product only.
type lineUnits struct {
	products map[int64]int64
	convert  stock.Units
}

// lineUnits reads the units of the products on lines, as far as they are not known, and of those that such lines may come to sell.
func (b *Book) lineUnits(ctx context.Context, there orderLines, refs orderRefs) (lineUnits, error) {
	units := lineUnits{products: map[int64]int64{}}
	for _, v := range refs.variants {
		units.products[v.ID] = v.Unit.ID
	}
	var lines []lineRow
	for _, of := range there.lines {
		lines = append(lines, of...)
	}
	if err := b.addUnits(ctx, units, rpc.Map(lines, func(l lineRow) int64 { return l.Product.ID })); err != nil {
		return units, err
	}
	if units.foreign(lines) {
		if err := b.addUnits(ctx, units, slices.Collect(maps.Values(refs.services))); err != nil {
			return units, err
		}
	}
	var err error
	units.convert, err = b.stock.Units(ctx, rpc.Map(lines, units.of))
	return units, err
}

func (b *Book) addUnits(ctx context.Context, units lineUnits, products []int64) error {
	unknown := slices.DeleteFunc(rpc.Distinct(products), func(id int64) bool { return units.products[id] != 0 })
	more, err := b.stock.ProductUnits(ctx, unknown)
	maps.Copy(units.products, more)
	return err
}

func (u lineUnits) of(line lineRow) stock.Unit {
	return stock.Unit{Of: line.unit(), Product: u.products[line.Product.ID]}
}

// pieces is how much a line sells in the unit of its product.
func (u lineUnits) pieces(line lineRow) decimal.Decimal {
	return u.convert.InProducts(line.Quantity.Decimal, u.of(line))
}

// foreign reports whether some of the lines are ordered in another unit than that of their product, so that writing quantities has to say
// the unit, too.
func (u lineUnits) foreign(lines []lineRow) bool {
	return slices.ContainsFunc(lines, func(l lineRow) bool { return u.of(l).Differs() })
}
