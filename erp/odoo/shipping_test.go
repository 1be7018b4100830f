package odoo

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp/salecycle"
)

func TestWhatCanBeDeliveredNow(t *testing.T) {
	s := orderSnapshot{pickings: []pickingRow{
		{row{1}, "waiting", "outgoing"}, {row{2}, "assigned", "internal"}, {row{3}, "done", "internal"}, {row{4}, "confirmed", "outgoing"},
		{row{5}, "assigned", "incoming"}, {row{6}, "assigned", "dropship"}, {row{7}, "cancel", "outgoing"}, {row{8}, "assigned", "mrp_operation"}}}
	require.Equal(t, []int64{2, 4}, mapped(s.ready(), pickingRow.id))
}

func TestPartlyShipped(t *testing.T) {
	for name, c := range map[string]struct {
		state           text
		pickings        []pickingRow
		shipped, partly bool
	}{
		"nothing yet":           {"sale", []pickingRow{{row{1}, "assigned", "outgoing"}}, false, false},
		"some":                  {"sale", []pickingRow{{row{1}, "done", "outgoing"}, {row{2}, "confirmed", "outgoing"}}, false, true},
		"picked only":           {"sale", []pickingRow{{row{1}, "done", "internal"}, {row{2}, "assigned", "outgoing"}}, false, false},
		"all":                   {"sale", []pickingRow{{row{1}, "done", "outgoing"}, {row{2}, "cancel", "outgoing"}}, true, false},
		"what is cancelled now": {"cancel", []pickingRow{{row{1}, "done", "outgoing"}, {row{2}, "assigned", "outgoing"}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			state := orderSnapshot{orderRow: orderRow{State: c.state}, pickings: c.pickings}.state()
			require.Equal(t, []bool{c.shipped, c.partly}, []bool{state.Shipped, state.PartlyShipped})
		})
	}
}

func TestAPartHoldsForEachStep(t *testing.T) {
	move := func(kind, product int64, demand, reservedNow string) moveRow {
		return moveRow{Type: link{ID: kind}, Product: link{ID: product}, Quantity: amount{dec(demand)}, reserved: reserved{New: &amount{dec(reservedNow)}}}
	}
	p := &part{of: map[int64]decimal.Decimal{1: dec("5"), 2: dec("1")}, taken: map[step]decimal.Decimal{}}
	for i, c := range []struct {
		move moveRow
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
	var all *part
	require.Equal(t, "2", all.take(move(1, 1, "3", "2")).String())
}

func TestMovesThatTakeFromSeveralShelvesAreDoneLineByLine(t *testing.T) {
	moves := []moveRow{{row: row{1}, Lines: []int64{11, 12}, taken: dec("3")}, {row: row{2}, Lines: []int64{21}, taken: dec("3")}, {row: row{3}, taken: dec("0")}}
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
			odoo := &calls{}
			odoo.answer = func(c call) (any, error) {
				if c.method != "search_read" {
					return true, nil
				}
				field := c.args["fields"].([]string)[1]
				return []any{map[string]any{"id": 11, "move_id": []any{1, "x"}, field: 2}, map[string]any{"id": 12, "move_id": []any{1, "x"}, field: 2}}, nil
			}
			b := &Backend{api: odoo, release: at(t, c.version)}
			require.NoError(t, b.setDone(t.Context(), moves))
			var written []string
			for _, made := range odoo.made {
				if made.method == "write" {
					written = append(written, fmt.Sprint(made.model, " ", made.ids, " ", made.args["vals"]))
				}
			}
			slices.Sort(written)
			require.Equal(t, c.want, written)
		})
	}
}

func TestAnOpenPickingSaysWhatItIs(t *testing.T) {
	s := orderSnapshot{pickings: []pickingRow{{row{1}, "done", "internal"}, {row{2}, "waiting", "dropship"}}}
	require.ErrorContains(t, unfinished(salecycle.Ship, s), `the kind "dropship" is in the state "waiting"`)
	require.ErrorContains(t, unfinished(salecycle.Ship, orderSnapshot{}), "does not say why")
	require.ErrorContains(t, unfinished(salecycle.Pay, s), "does not say why")
}
