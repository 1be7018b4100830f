package stock

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
)

func TestAPartHoldsForEachStep(t *testing.T) {
	move := func(kind, product int64, demand, reservedNow string) Move {
		return Move{Type: rpc.Link{ID: kind}, Product: rpc.Link{ID: product}, Quantity: rpc.Amount{Decimal: dec(demand)}, reserved: reserved{New: &rpc.Amount{Decimal: dec(reservedNow)}}}
	}
	p := NewPart(map[int64]decimal.Decimal{1: dec("5"), 2: dec("1")})
	for i, c := range []struct {
		move Move
		want string
	}{
		{move(1, 1, "3", "3"), "3"},
		{move(1, 1, "4", "4"), "2"},              // of the five
		{move(1, 1, "4", "4"), "0"},              // that was all
		{move(2, 1, "4", "4"), "4"},              // the same goods in the next step
		{move(1, 2, "1", "0"), "0"},              // nothing is reserved
		{move(1, 2, "1", "0.2999999999"), "0.3"}, // a float
	} {
		require.Equal(t, c.want, p.take(c.move).String(), i)
	}
	var all *Part
	require.Equal(t, "2", all.take(move(1, 1, "3", "2")).String())
}

func TestMovesThatTakeFromSeveralShelvesAreDoneLineByLine(t *testing.T) {
	moves := []Move{{Row: rpc.Row{ID: 1}, Lines: []int64{11, 12}, taken: dec("3")}, {Row: rpc.Row{ID: 2}, Lines: []int64{21}, taken: dec("3")}, {Row: rpc.Row{ID: 3}, taken: dec("0")}}
	for _, c := range []struct {
		version string
		want    []string
	}{
		{"14.0", []string{"stock.move [2] map[quantity_done:3]", "stock.move [3] map[quantity_done:0]",
			"stock.move.line [11] map[qty_done:2]", "stock.move.line [12] map[qty_done:1]"}},
		{"16.0", []string{"stock.move [2] map[quantity_done:3]", "stock.move [3] map[quantity_done:0]",
			"stock.move.line [11] map[qty_done:2]", "stock.move.line [12] map[qty_done:1]"}},
		{"17.0", []string{"stock.move [1 2] map[picked:true quantity:3]", "stock.move [3] map[picked:false quantity:0]"}},
	} {
		t.Run(c.version, func(t *testing.T) {
			odoo := &rpctest.Calls{}
			odoo.Answer = func(c rpc.Call) (any, error) {
				if c.Method != "search_read" {
					return true, nil
				}
				field := c.Args["fields"].([]string)[1]
				return []any{map[string]any{"id": 11, "move_id": []any{1, "x"}, field: 2}, map[string]any{"id": 12, "move_id": []any{1, "x"}, field: 2}}, nil
			}
			release, err := rpc.ParseRelease(c.version)
			require.NoError(t, err)
			require.NoError(t, inventoryOf(odoo, release).SetDone(t.Context(), moves))
			var written []string
			for _, made := range odoo.Made {
				if made.Method == "write" {
					written = append(written, fmt.Sprint(made.Model, " ", made.IDs, " ", made.Args["vals"]))
				}
			}
			slices.Sort(written)
			require.Equal(t, c.want, written)
		})
	}
}
