package e2e

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// TestOrderStatusReachesTheStore ships orders in the ERP and finds them completed in the store. What was shipped before a person
// asked for that is left alone, nothing is told twice, and the store's change is no news when it comes back.
func TestOrderStatusReachesTheStore(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(20, 5, 30))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)
	x.salesMoved()
	before := store.OrderStatuses()

	schedule := gen.NewSchedule{Instance: instanceID, Kind: "order_status_push", EverySeconds: 3600}
	err := x.api.Post(t.Context(), "/schedules", schedule, nil)
	require.ErrorContains(t, err, "order.auto_status_update", "nothing is written into a store before a person allows it")
	x.allowStatusUpdates()
	pushes := post[gen.Schedule](x, "/schedules", schedule)

	op := x.runSchedule(pushes, 1)
	require.Equal(t, "done", string(op.State), op.Error)
	require.Equal(t, 0, progressOf(op, "order_status").Read)
	require.Equal(t, before, store.OrderStatuses(), "what became of orders before is not told")

	sold := store.sell(store.oneManaged(), 1)
	x.importAll(everything, "order")
	x.order(sold, "done")
	op = x.runSchedule(pushes, 2)
	require.Equal(t, "done", string(op.State), op.Error)
	p := progressOf(op, "order_status")
	require.Equal(t, []int{1, 1}, []int{p.Read, p.Updated}, "%+v", p)
	require.Equal(t, "completed", store.orderStatus(sold))

	op = x.runSchedule(pushes, 3)
	require.Equal(t, 0, progressOf(op, "order_status").Read, "nothing is told twice")

	x.importAll(everything, "order")
	again := x.order(sold, "done")
	require.True(t, again.Figures.Shipped)
	op = x.runSchedule(pushes, 4)
	require.Equal(t, 0, progressOf(op, "order_status").Read, "the store's own change comes back as no news")

	jobs := get[gen.JobPage](x, "/jobs?entity=order_status").Items
	require.Len(t, jobs, 1)
	require.Equal(t, []string{"export", sold, "done"}, []string{string(jobs[0].Direction), jobs[0].WooID, string(jobs[0].State)})
}

// allowStatusUpdates turns on that statuses are written into the store.
func (x *tandem) allowStatusUpdates() {
	x.t.Helper()
	config := get[gen.Instance](x, "/instances/"+instanceID).Config
	config.Order.AutoStatusUpdate = true
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+instanceID, map[string]any{"config": config}, nil))
}

// orderStatus gives the status of an order as the store shows it.
func (s *shop) orderStatus(id string) string {
	s.t.Helper()
	for _, o := range s.orders() {
		if strconv.Itoa(o.ID) == id {
			return o.Status
		}
	}
	require.Fail(s.t, "the store has no order "+id)
	return ""
}
