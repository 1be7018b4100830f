package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// transferred waits for the operations of a push or pull.
func (x *tandem) transferred(path string, request gen.Transfer) gen.Transfers {
	x.t.Helper()
	done := post[gen.Transfers](x, path, request)
	for _, op := range done.Operations {
		require.Equal(x.t, "done", string(x.ended(op.ID).State))
	}
	return done
}

func (x *tandem) unsynchronised() []gen.Link {
	x.t.Helper()
	return get[gen.LinkPage](x, "/links?instance="+instanceID+"&state=unsynchronised").Items
}

// S33, S30, S31: an edit in the ERP shows at its link while nothing is exported; a plan says what a push would write; a push sends it and a
// pull undoes it, and either makes both sides equal, without an echo.
func TestLinkStates(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(12, 5, 0))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)
	require.Empty(t, x.unsynchronised())

	rename := `UPDATE ledger.products SET name = $1 WHERE id = (SELECT min(id) FROM ledger.products)`
	edit := func(name string) gen.Link {
		_, err := x.database.ExecContext(t.Context(), rename, name)
		require.NoError(t, err)
		var links []gen.Link
		eventually(t, "the edit to show", func() bool { links = x.unsynchronised(); return len(links) == 1 })
		require.Equal(t, "erp", links[0].ChangedIn)
		require.False(t, links[0].ERPChangedAt.IsZero())
		return links[0]
	}
	link := edit("Renamed in the ledger")
	require.NotEmpty(t, get[gen.LinkCheckList](x, "/instances/"+instanceID+"/link-checks").Items)

	plan := post[gen.PushPlan](x, "/push/plan", gen.PushPlanRequest{Instance: instanceID, Entity: "product", State: "unsynchronised"})
	require.Len(t, plan.Items, 1)
	require.Equal(t, []any{link.ERPID, "update", "Name", "Renamed in the ledger"},
		[]any{plan.Items[0].ERPID, plan.Items[0].Action, plan.Items[0].Differences[0].Field, plan.Items[0].Differences[0].ERP})
	require.Zero(t, store.requests("POST /products/batch"), "a plan writes nothing")

	x.allowExports()
	request := gen.Transfer{Instances: []string{instanceID}, Entity: "product", State: "unsynchronised"}
	require.Equal(t, 1, x.transferred("/push", request).Count)
	require.Equal(t, 1, store.requests("POST /products/batch"))
	require.Empty(t, x.unsynchronised())
	require.Zero(t, x.importAll(changed, "product").Progress[0].Updated, "no echo")

	edit("Renamed again")
	require.Equal(t, 1, x.transferred("/pull", request).Count)
	require.Empty(t, x.unsynchronised())
	require.Equal(t, 1, x.number(`SELECT count(*) FROM ledger.products WHERE name = 'Renamed in the ledger'`), "the ERP has what the store has")
	require.Equal(t, 1, store.requests("POST /products/batch"), "nothing was written into the store")
}
