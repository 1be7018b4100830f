package e2e

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/woo/wootest"
)

// TestStockReachesTheStore counts goods in the ERP and finds them on offer in the store, less what the store has sold and the ERP does not
// know yet.
func TestStockReachesTheStore(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(20, 5, 0))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)
	product := store.oneManaged()
	id := strconv.Itoa(product)

	schedule := gen.NewSchedule{Instance: instanceID, Kind: "stock_push", EverySeconds: 3600}
	require.ErrorContains(t, x.api.Post(t.Context(), "/schedules", schedule, nil), "stock.auto_update", "nothing is written into a store before a person allows it")
	x.allowStock(1)
	pushes := post[gen.Schedule](x, "/schedules", schedule)
	runs := 0
	var op gen.Operation
	offers := func(want int, why string) {
		eventually(t, why, func() bool { // the ledger tells a change late while older ones are still being written
			runs++
			op = x.runSchedule(pushes, runs)
			require.Equal(t, "done", string(op.State), op.Error)
			return store.stock()[id] == want
		})
	}
	x.goodsOnHand(id, 12)
	offers(11, "one to be kept as a buffer")

	x.goodsOnHand(id, 20)
	sold := store.sell(product, 3)
	offers(16, "20 to be offered, of which 3 are sold and 1 is kept")

	x.importAll(everything, "order")
	x.order(sold, "done")
	offers(16, "the ERP to have sold them too")
	p := progressOf(op, "stock")
	require.Equal(t, []int{0, 0}, []int{p.Updated, p.Failed}, "%+v", p)

	x.export(flow.Filter{Kind: flow.All}, "stock")
	p = progressOf(x.export(flow.Filter{Kind: flow.All}, "stock"), "stock")
	require.Positive(t, p.Read)
	require.Equal(t, p.Read, p.Unchanged, "what the store holds is not sent again")
	x.importAll(everything, "product")
	offers(16, "what the store was told not to come back as a count")

	jobs := get[gen.JobPage](x, "/jobs?entity=stock").Items
	require.NotEmpty(t, jobs)
	require.Equal(t, []string{"export", "done"}, []string{string(jobs[0].Direction), string(jobs[0].State)})
}

// allowStock turns on that stock is written into the store, with a buffer.
func (x *tandem) allowStock(buffer int) {
	x.t.Helper()
	config := get[gen.Instance](x, "/instances/"+instanceID).Config
	config.Stock.AutoUpdate, config.Stock.Buffer = true, buffer
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+instanceID, map[string]any{"config": config}, nil))
}

// goodsOnHand makes so many of a product free in the ledger, as a count by a person does.
func (x *tandem) goodsOnHand(id string, quantity int) {
	x.t.Helper()
	_, err := x.database.ExecContext(x.t.Context(), `
		UPDATE ledger.stock_quants q SET on_hand = reserved + $2, changed = pg_current_xact_id()
		FROM ledger.external_ids e
		WHERE e.instance = $3 AND e.entity = 'product' AND e.model = 'variant' AND e.ext_id = $1 AND q.variant_id = e.record_id`, id, quantity, instanceID)
	require.NoError(x.t, err)
}
