package stock

import (
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
	Delivered rpc.Amount `json:"qty_delivered"`
	Aside     rpc.Amount `json:"x_tandem_aside"`
	State     rpc.Text   `json:"state"` // the order's
}

var asideColumns = []string{"order_id", "product_id", "product_uom_qty", "qty_delivered", AsideField, "state"}

// beyond is what the store has set aside for a line and Odoo has no move for: all of it while the order is a quotation,
// what exceeds the ordered quantity once it is confirmed, and nothing once it is delivered.
func (l asideLine) beyond() decimal.Decimal {
	switch l.State {
	case "draft", "sent":
		return l.Aside.Decimal
	case "cancel":
		return decimal.Zero
	}
	if !l.Delivered.IsZero() {
		return decimal.Zero
	}
	return decimal.Max(decimal.Zero, l.Aside.Sub(l.Quantity.Decimal))
}

// Claim is one product in one order.
type Claim struct{ Order, Product int64 }

// AsideFor is what the store has set aside for orders beyond what they are to be delivered.
func (v *Inventory) AsideFor(ctx context.Context, orders []int64) (map[Claim]decimal.Decimal, error) {
	lines, err := rpc.SearchBy[asideLine](ctx, v.rpc, "sale.order.line", "order_id", orders, []any{rpc.Where(AsideField, ">", 0)}, asideColumns...)
	aside := map[Claim]decimal.Decimal{}
	for _, line := range lines {
		of := Claim{line.Order.ID, line.Product.ID}
		aside[of] = aside[of].Add(line.beyond())
	}
	return aside, err
}
