package odoo

import (
	"context"
	"slices"

	"tandem/erp/odoo/rpc"
)

// pickingRow is a stock.picking.
type pickingRow struct {
	rpc.Row
	State rpc.Text `json:"state"`
	Kind  rpc.Text `json:"picking_type_code"`
}

// ownKinds are the kinds of pickings that only the warehouse's own people take part in.
var ownKinds = []string{"outgoing", "internal"}

// pickings reads pickings, by id.
func (b *Backend) pickings(ctx context.Context, ids []int64) (map[int64]pickingRow, error) {
	return rpc.SearchByID[pickingRow](ctx, b.rpc, "stock.picking", ids, "state", "picking_type_code")
}

// open reports whether the picking is neither done nor cancelled.
func (p pickingRow) open() bool { return p.State != "done" && p.State != "cancel" }

// ready reports whether the picking can be delivered now: one that waits for another operation cannot, nor one of which
// somebody else delivers the goods.
func (p pickingRow) ready() bool {
	return p.open() && p.State != "waiting" && slices.Contains(ownKinds, string(p.Kind))
}

// gone reports whether the goods of the picking have left the house.
func (p pickingRow) gone() bool { return p.State == "done" && p.Kind == "outgoing" }
