package stock

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp/odoo/rpc"
)

// Unit is a unit of measure that something is counted in, and that of its product, in which stores sell it: a line of an order may be of
// a dozen of a product that is counted in pieces.
type Unit struct{ Of, Product int64 }

// Differs reports whether quantities have to be converted. A unit that is not known is the product's.
func (u Unit) Differs() bool { return u.Of != 0 && u.Product != 0 && u.Of != u.Product }

// Units converts quantities between units of measure.
type Units struct {
	factors map[int64]decimal.Decimal
	grow    bool // see rpc.UnitsGrow
}

// Units reads the units in which something is counted otherwise than its product; mostly there are none, and nothing is asked.
func (v *Inventory) Units(ctx context.Context, units []Unit) (Units, error) {
	var ids []int64
	for _, u := range units {
		if u.Differs() {
			ids = append(ids, u.Of, u.Product)
		}
	}
	type row struct {
		rpc.Row
		Factor rpc.Amount `json:"factor"`
	}
	rows, err := rpc.SearchByID[row](ctx, v.rpc, "uom.uom", ids, "factor")
	converts := Units{factors: make(map[int64]decimal.Decimal, len(rows)), grow: rpc.UnitsGrow.For(v.rpc.Release)}
	for id, r := range rows {
		converts.factors[id] = r.Factor.Decimal
	}
	return converts, err
}

// InProducts gives a quantity in the unit of its product.
func (u Units) InProducts(quantity decimal.Decimal, unit Unit) decimal.Decimal {
	from, to := u.factors[unit.Of], u.factors[unit.Product]
	switch {
	case !unit.Differs() || from.IsZero() || to.IsZero():
		return quantity
	case u.grow:
		return quantity.Mul(from).DivRound(to, quantityDigits)
	default:
		return quantity.Mul(to).DivRound(from, quantityDigits)
	}
}

// ProductUnits reads the units of products.
func (v *Inventory) ProductUnits(ctx context.Context, products []int64) (map[int64]int64, error) {
	products = slices.DeleteFunc(slices.Clone(products), func(id int64) bool { return id == 0 })
	rows, err := rpc.SearchByID[unitRow](ctx, v.rpc, "product.product", products, "uom_id")
	units := make(map[int64]int64, len(rows))
	for id, row := range rows {
		units[id] = row.Unit.ID
	}
	return units, err
}
