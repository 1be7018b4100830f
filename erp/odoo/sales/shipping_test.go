package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

func TestWhatCanBeDeliveredNow(t *testing.T) {
	s := Snapshot{pickings: []stock.Picking{
		{Row: rpc.Row{ID: 1}, State: "waiting", Kind: "outgoing"}, {Row: rpc.Row{ID: 2}, State: "assigned", Kind: "internal"}, {Row: rpc.Row{ID: 3}, State: "done", Kind: "internal"}, {Row: rpc.Row{ID: 4}, State: "confirmed", Kind: "outgoing"},
		{Row: rpc.Row{ID: 5}, State: "assigned", Kind: "incoming"}, {Row: rpc.Row{ID: 6}, State: "assigned", Kind: "dropship"}, {Row: rpc.Row{ID: 7}, State: "cancel", Kind: "outgoing"}, {Row: rpc.Row{ID: 8}, State: "assigned", Kind: "mrp_operation"}}}
	require.Equal(t, []int64{2, 4}, rpc.Map(s.ready(), stock.Picking.RowID))
}

func TestPartlyShipped(t *testing.T) {
	for name, c := range map[string]struct {
		state           rpc.Text
		pickings        []stock.Picking
		shipped, partly bool
	}{
		"nothing yet":           {"sale", []stock.Picking{{Row: rpc.Row{ID: 1}, State: "assigned", Kind: "outgoing"}}, false, false},
		"some":                  {"sale", []stock.Picking{{Row: rpc.Row{ID: 1}, State: "done", Kind: "outgoing"}, {Row: rpc.Row{ID: 2}, State: "confirmed", Kind: "outgoing"}}, false, true},
		"picked only":           {"sale", []stock.Picking{{Row: rpc.Row{ID: 1}, State: "done", Kind: "internal"}, {Row: rpc.Row{ID: 2}, State: "assigned", Kind: "outgoing"}}, false, false},
		"all":                   {"sale", []stock.Picking{{Row: rpc.Row{ID: 1}, State: "done", Kind: "outgoing"}, {Row: rpc.Row{ID: 2}, State: "cancel", Kind: "outgoing"}}, true, false},
		"what is cancelled now": {"cancel", []stock.Picking{{Row: rpc.Row{ID: 1}, State: "done", Kind: "outgoing"}, {Row: rpc.Row{ID: 2}, State: "assigned", Kind: "outgoing"}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			state := Snapshot{orderRow: orderRow{State: c.state}, pickings: c.pickings}.State()
			require.Equal(t, []bool{c.shipped, c.partly}, []bool{state.Shipped, state.PartlyShipped})
		})
	}
}

func TestAnOpenPickingSaysWhatItIs(t *testing.T) {
	s := Snapshot{pickings: []stock.Picking{{Row: rpc.Row{ID: 1}, State: "done", Kind: "internal"}, {Row: rpc.Row{ID: 2}, State: "waiting", Kind: "dropship"}}}
	require.ErrorContains(t, unfinished(erp.StepShip, s), `the kind "dropship" is in the state "waiting"`)
	require.ErrorContains(t, unfinished(erp.StepShip, Snapshot{}), "gave no reason")
	require.ErrorContains(t, unfinished(erp.StepPay, s), "gave no reason")
}
