package entity_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/woo/wootest/oddstore"
)

// TestIDsInTheTrash: what was only put into the trash can be restored, and is told from what the store does not have.
func TestIDsInTheTrash(t *testing.T) {
	records := []json.RawMessage{
		json.RawMessage(`{"id": 7001, "status": "trash", "name": "Old", "code": "old", "type": "simple"}`),
		json.RawMessage(`{"id": 7002, "status": "publish", "name": "New", "code": "new", "type": "simple"}`),
	}
	r := startCase(t, oddstore.State{Products: records, Coupons: records, Orders: append(records[:1:1], plainOrders(7002, 1)...)})
	for _, name := range []string{"product", "coupon", "order"} {
		e, err := entity.Get(flow.Import, name)
		require.NoError(t, err)
		asked := flow.Filter{Kind: flow.IDs, IDs: []string{"7001", "7002", "7003"}}
		var recorded flowtest.Recorder
		require.NoError(t, e.Run(t.Context(), r.ec, flow.Scan{Filter: asked}, &recorded))
		require.Len(t, recorded.Pages, 1, name)
		require.Len(t, recorded.Pages[0].Records, 1, name)
		require.Equal(t, "7002", recorded.Pages[0].Records[0].ID, name)
		missing := recorded.Results[1:]
		require.Len(t, missing, 2, name)
		for i, want := range [][2]string{{"7001", "in_store_trash"}, {"7003", "not_in_store"}} {
			require.Equal(t, want[0], missing[i].Record.ID, name)
			require.Equal(t, want[1], missing[i].Outcome.Code, name)
		}
	}
}
