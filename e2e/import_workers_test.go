package e2e

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"

	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestImportOnTwoWorkers lets two imports of one store overlap on two workers. One worker is stopped among the products, which
// it has read but not landed, the other is killed among the orders, and people go on editing the store. A third worker
// finishes both imports; the one that slept wakes then, with products that are old by now.
func TestImportOnTwoWorkers(t *testing.T) {
	t.Parallel()
	store, products, orders := openWorkedShop(t)
	x := install(t, shared.postgres)
	workers := []*child{x.startWorker(), x.startWorker()}
	x.reach(start(t, x.env, "api"))
	x.connect(store.URL)

	whole := x.begin(everything)
	<-products.reached
	early := x.begin(everything, "order")
	<-orders.reached
	slept := x.workerOf(workers, workflows.EntitySyncID(whole.ID, instanceID, "product"))
	killed := x.workerOf(workers, workflows.EntitySyncID(early.ID, instanceID, "order"))
	require.NotSame(t, slept, killed, "a worker reads one chunk at a time")
	slept.signal(syscall.SIGSTOP)
	killed.kill()
	store.edit(0, 2)
	products.open()
	orders.open()

	third := x.startWorker()
	x.moved(early.ID, 150)
	store.edit(1, 2)
	require.Equal(t, "done", string(x.ended(early.ID).State))
	require.Equal(t, "done", string(x.ended(whole.ID).State))
	x.importAll(changed)
	x.retrySales()
	slept.signal(syscall.SIGCONT)
	third.stop()
	x.requireNothingMissed() // by the worker that slept, once it is through with its old products

	requireOrders(t, x, store.orders())
	requireStock(t, x, store.stock())
	x.settled(t, calmly(t, store))
}

// openWorkedShop opens a store that holds back the variations of later products and later pages of orders until its gates open.
func openWorkedShop(t *testing.T) (store *shop, products, orders *gate) {
	t.Helper()
	o := wootest.Sized(240, 60, 320)
	o.Seed = 9
	store = openShop(t, o)
	all := store.products()
	later := all[len(all)/2].ID
	products = newGate(func(r *http.Request) bool {
		parent, err := strconv.Atoi(path.Base(path.Dir(r.URL.Path)))
		return path.Base(r.URL.Path) == "variations" && err == nil && parent > later
	})
	orders = newGate(func(r *http.Request) bool {
		offset, err := strconv.Atoi(r.URL.Query().Get("offset"))
		return path.Base(r.URL.Path) == "orders" && err == nil && offset > 0
	})
	openGatedShop(t, store, products, orders)
	return store, products, orders
}

// startWorker starts a worker that reads one chunk at a time.
func (x *tandem) startWorker() *child {
	x.t.Helper()
	worker := start(x.t, x.env, "worker", "--chunks", "1")
	worker.logLine("worker started")
	return worker
}

// workerOf finds the worker that a workflow's activity runs on.
func (x *tandem) workerOf(workers []*child, workflowID string) *child {
	x.t.Helper()
	place := -1
	eventually(x.t, "an activity of "+workflowID, func() bool {
		for _, pending := range x.pendingActivities(workflowID) {
			if pending.State == enums.PENDING_ACTIVITY_STATE_STARTED {
				place = slices.IndexFunc(workers, func(c *child) bool {
					return strings.HasPrefix(pending.LastWorkerIdentity, fmt.Sprintf("%d@", c.cmd.Process.Pid))
				})
			}
		}
		return place >= 0
	})
	return workers[place]
}
