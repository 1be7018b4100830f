package stock

import (
	"cmp"
	"context"

	"github.com/shopspring/decimal"

	"tandem/erp/odoo/rpc"
)

// AsideField holds how much the store has set aside for an order's line.
const AsideField = "x_tandem_aside"

// asideLine is a sale.order.line for which the store has set something aside.
type asideLine struct {
	rpc.Row
	Order     rpc.Link   `json:"order_id"`
	Product   rpc.Link   `json:"product_id"`
	Quantity  rpc.Amount `json:"product_uom_qty"`
	OldUnit   rpc.Link   `json:"product_uom"`
	NewUnit   rpc.Link   `json:"product_uom_id"`
	Delivered rpc.Amount `json:"qty_delivered"`
	Aside     rpc.Amount `json:"x_tandem_aside"`
	State     rpc.Text   `json:"state"` // the order's
}

// unit is what the line is ordered in. What is set aside is always in the unit of the product.
func (l asideLine) unit(product Shelf) Unit {
	return Unit{cmp.Or(l.OldUnit.ID, l.NewUnit.ID), product.Unit.ID}
}

// beyond is what the store has set aside for a line and Odoo has no move for: all of it while the order is a quotation,
// what exceeds the ordered quantity once it is confirmed, and nothing once it is delivered.
func (l asideLine) beyond(ordered decimal.Decimal) decimal.Decimal {
	switch l.State {
	case "draft", "sent":
		return l.Aside.Decimal
	case "cancel":
		return decimal.Zero
	}
	if !l.Delivered.IsZero() {
		return decimal.Zero
	}
	return decimal.Max(decimal.Zero, l.Aside.Sub(ordered))
}

// Claim is one product in one order.
type Claim struct{ Order, Product int64 }

// AsideFor is what the store has set aside for orders beyond what they are to be delivered, as far as their products are on the shelves.
func (v *Inventory) AsideFor(ctx context.Context, orders []int64, shelves map[int64]Shelf) (map[Claim]decimal.Decimal, error) {
	return v.aside(ctx, "order_id", orders, shelves)
}

// aside sums up by order and product what the store has set aside beyond what is to be delivered, for lines that a field picks.
func (v *Inventory) aside(ctx context.Context, field string, ids []int64, shelves map[int64]Shelf, more ...any) (map[Claim]decimal.Decimal, error) {
	lines, err := rpc.SearchBy[asideLine](ctx, v.rpc, "sale.order.line", field, ids, append([]any{rpc.Where(AsideField, ">", 0)}, more...),
		"order_id", "product_id", "product_uom_qty", "qty_delivered", AsideField, "state", rpc.LineUnits.For(v.rpc.Release))
	if err != nil {
		return nil, err
	}
	units, err := v.Units(ctx, rpc.Map(lines, func(l asideLine) Unit { return l.unit(shelves[l.Product.ID]) }))
	aside := map[Claim]decimal.Decimal{}
	for _, line := range lines {
		of := Claim{line.Order.ID, line.Product.ID}
		aside[of] = aside[of].Add(line.beyond(units.InProducts(line.Quantity.Decimal, line.unit(shelves[line.Product.ID]))))
	}
	return aside, err
}
