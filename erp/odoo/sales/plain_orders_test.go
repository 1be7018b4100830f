package sales

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
	"tandem/erp/odoo/stock"
)

func TestWhichOrdersArePlain(t *testing.T) {
	order := func(id int64, pickings ...stock.Picking) *pendingOrder[erp.ShipRequest] {
		return &pendingOrder[erp.ShipRequest]{Snapshot: Snapshot{orderRow: orderRow{Row: rpc.Row{ID: id}}, pickings: pickings}}
	}
	move := func(picking int64, tracking string) map[string]any {
		return map[string]any{"id": picking, "picking_id": []any{picking, "WH/OUT"}, "product_id": []any{7, "Mug"}, "product_uom_qty": 2, "has_tracking": tracking}
	}
	odoo := &rpctest.Calls{Answer: func(rpc.Call) (any, error) {
		return []any{move(10, "none"), move(10, "none"), move(11, "lot"), move(12, "serial"), move(18, "none")}, nil
	}}
	shipments, err := newBook(&rpc.Client{Caller: odoo}).shippables(t.Context(), []*pendingOrder[erp.ShipRequest]{
		order(1, stock.Picking{Row: rpc.Row{ID: 9}, State: "done", Kind: "outgoing"}, stock.Picking{Row: rpc.Row{ID: 10}, State: "assigned", Kind: "outgoing"}),
		order(2, stock.Picking{Row: rpc.Row{ID: 11}, State: "assigned", Kind: "outgoing"}),
		order(3, stock.Picking{Row: rpc.Row{ID: 12}, State: "assigned", Kind: "outgoing"}),
		order(4, stock.Picking{Row: rpc.Row{ID: 13}, State: "assigned", Kind: "internal"}, stock.Picking{Row: rpc.Row{ID: 14}, State: "waiting", Kind: "outgoing"}),
		order(5, stock.Picking{Row: rpc.Row{ID: 15}, State: "assigned", Kind: "internal"}),
		order(6, stock.Picking{Row: rpc.Row{ID: 16}, State: "waiting", Kind: "outgoing"}),
		order(7, stock.Picking{Row: rpc.Row{ID: 17}, State: "assigned", Kind: "outgoing"}), // its moves are done
		order(8, stock.Picking{Row: rpc.Row{ID: 18}, State: "confirmed", Kind: "outgoing"}),
		order(9, stock.Picking{Row: rpc.Row{ID: 19}, State: "assigned", Kind: "outgoing"}, stock.Picking{Row: rpc.Row{ID: 20}, State: "assigned", Kind: "outgoing"}),
		order(10, stock.Picking{Row: rpc.Row{ID: 21}, State: "assigned", Kind: "dropship"}),
		order(11),
	})
	require.NoError(t, err)
	require.Equal(t, []int64{1, 8}, rpc.Map(shipments, shippable.RowID))
	require.Equal(t, []string{"10 4", "18 2"}, rpc.Map(shipments, func(x shippable) string { return fmt.Sprint(x.picking, " ", x.needed[7]) }))
	require.Equal(t, []any{"picking_id", "in", []int64{10, 11, 12, 17, 18}}, odoo.Made[0].Args["domain"].([]any)[1])
}
