package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
	"tandem/erp/salecycle"
)

func TestWhatCanBeDeliveredNow(t *testing.T) {
	s := orderSnapshot{pickings: []pickingRow{
		{rpc.Row{ID: 1}, "waiting", "outgoing"}, {rpc.Row{ID: 2}, "assigned", "internal"}, {rpc.Row{ID: 3}, "done", "internal"}, {rpc.Row{ID: 4}, "confirmed", "outgoing"},
		{rpc.Row{ID: 5}, "assigned", "incoming"}, {rpc.Row{ID: 6}, "assigned", "dropship"}, {rpc.Row{ID: 7}, "cancel", "outgoing"}, {rpc.Row{ID: 8}, "assigned", "mrp_operation"}}}
	require.Equal(t, []int64{2, 4}, rpc.Map(s.ready(), pickingRow.RowID))
}

func TestPartlyShipped(t *testing.T) {
	for name, c := range map[string]struct {
		state           rpc.Text
		pickings        []pickingRow
		shipped, partly bool
	}{
		"nothing yet":           {"sale", []pickingRow{{rpc.Row{ID: 1}, "assigned", "outgoing"}}, false, false},
		"some":                  {"sale", []pickingRow{{rpc.Row{ID: 1}, "done", "outgoing"}, {rpc.Row{ID: 2}, "confirmed", "outgoing"}}, false, true},
		"picked only":           {"sale", []pickingRow{{rpc.Row{ID: 1}, "done", "internal"}, {rpc.Row{ID: 2}, "assigned", "outgoing"}}, false, false},
		"all":                   {"sale", []pickingRow{{rpc.Row{ID: 1}, "done", "outgoing"}, {rpc.Row{ID: 2}, "cancel", "outgoing"}}, true, false},
		"what is cancelled now": {"cancel", []pickingRow{{rpc.Row{ID: 1}, "done", "outgoing"}, {rpc.Row{ID: 2}, "assigned", "outgoing"}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			state := orderSnapshot{orderRow: orderRow{State: c.state}, pickings: c.pickings}.state()
			require.Equal(t, []bool{c.shipped, c.partly}, []bool{state.Shipped, state.PartlyShipped})
		})
	}
}

func TestAnOpenPickingSaysWhatItIs(t *testing.T) {
	s := orderSnapshot{pickings: []pickingRow{{rpc.Row{ID: 1}, "done", "internal"}, {rpc.Row{ID: 2}, "waiting", "dropship"}}}
	require.ErrorContains(t, unfinished(salecycle.Ship, s), `the kind "dropship" is in the state "waiting"`)
	require.ErrorContains(t, unfinished(salecycle.Ship, orderSnapshot{}), "does not say why")
	require.ErrorContains(t, unfinished(salecycle.Pay, s), "does not say why")
}
