package stock

import (
	"context"
	"slices"

	"tandem/erp/odoo/rpc"
)

// Picking is a stock.picking.
type Picking struct {
	rpc.Row
	State rpc.Text `json:"state"`
	Kind  rpc.Text `json:"picking_type_code"`
}

// ownKinds are the kinds of pickings that only the warehouse's own people take part in.
var ownKinds = []string{"outgoing", "internal"}

// Pickings reads pickings, by id.
func (v *Inventory) Pickings(ctx context.Context, ids []int64) (map[int64]Picking, error) {
	return rpc.SearchByID[Picking](ctx, v.rpc, "stock.picking", ids, "state", "picking_type_code")
}

// Open reports whether the picking is neither done nor cancelled.
func (p Picking) Open() bool { return p.State != "done" && p.State != "cancel" }

// Ready reports whether the picking can be delivered now: one that waits for another operation cannot, nor one of which
// somebody else delivers the goods.
func (p Picking) Ready() bool {
	return p.Open() && p.State != "waiting" && slices.Contains(ownKinds, string(p.Kind))
}

// Gone reports whether the goods of the picking have left the house.
func (p Picking) Gone() bool { return p.State == "done" && p.Kind == "outgoing" }
