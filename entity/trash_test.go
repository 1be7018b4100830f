package entity_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
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
		e, err := entity.Get(name)
		require.NoError(t, err)
		asked := entity.Filter{Kind: entity.IDs, IDs: []string{"7001", "7002", "7003"}}
		for page, err := range e.Pull(t.Context(), r.ec, asked, entity.Cursor{}) {
			require.NoError(t, err)
			require.Len(t, page.Records, 1, name)
			require.Equal(t, "7002", page.Records[0].ID, name)
			require.Equal(t, []string{"7001", "7003"}, page.Missing, name)
			require.Equal(t, []string{"7001"}, page.Trashed, name)
		}
	}
}
