package e2e

import (
	"net/http"
	"path"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestPauseResumeCancel steers an import that takes a while: a pause stops the reading, a cancelled import leaves what has
// landed, and another one brings the rest.
func TestPauseResumeCancel(t *testing.T) {
	t.Parallel()
	const customers = 4000
	store := openShop(t, wootest.Options{Seed: 5, Customers: customers, PageLatency: time.Second})
	last := newGate(func(r *http.Request) bool {
		offset, err := strconv.Atoi(r.URL.Query().Get("offset"))
		return path.Base(r.URL.Path) == "customers" && err == nil && offset >= customers-500
	})
	openGatedShop(t, store, last) // so that the import cannot end before it is cancelled, however slow the machine is
	x := serve(t)
	x.connect(store.URL)

	op := x.begin(everything, "customer")
	at := "/operations/" + op.ID
	x.moved(op.ID, 100)
	require.Equal(t, fault.Conflict, x.refusal(at+"/resume"))
	x.steer(at + "/pause")
	require.Equal(t, fault.Conflict, x.refusal(at+"/pause"))
	paused := x.operation(op.ID, "to be paused", func(op gen.Operation) bool { return op.State == "paused" })
	require.Less(t, paused.Progress[0].Read, customers)
	x.standsStill(store, op.ID)

	read := get[gen.Operation](x, at).Progress[0].Read
	x.steer(at + "/resume")
	x.moved(op.ID, read+100)
	x.steer(at + "/cancel")
	cancelled := x.ended(op.ID)
	last.open()
	x.closed(workflows.OperationID(op.ID))
	require.Equal(t, "cancelled", string(cancelled.State))
	require.Equal(t, fault.Conflict, x.refusal(at+"/cancel"))
	landed := progressOf(get[gen.Operation](x, at), "customer")
	require.Equal(t, "cancelled", string(landed.State))
	require.True(t, landed.Read > read && landed.Read < customers, "%d of %d read", landed.Read, customers)
	require.Equal(t, landed.Read, landed.Created)
	require.Equal(t, landed.Created, x.number(`SELECT count(*) FROM ledger.partners`))
	x.keep("operation_paused_cancelled", workflows.OperationID(op.ID))
	x.keep("entity_sync_paused_cancelled", workflows.EntitySyncID(op.ID, instanceID, "customer"))

	rest := progressOf(x.importAll(everything, "customer"), "customer")
	require.Equal(t, []int{landed.Created, customers - landed.Created}, []int{rest.Unchanged, rest.Created})
	require.Equal(t, customers, x.number(`SELECT count(*) FROM ledger.partners`))
}

// moved waits until an import of one entity has read so much.
func (x *tandem) moved(operation string, read int) {
	x.t.Helper()
	x.operation(operation, "its progress", func(op gen.Operation) bool {
		return len(op.Progress) > 0 && op.Progress[0].Read >= read
	})
}

// refusal posts to a path and gives the kind of the problem it is answered with. An API that did not hear from the run in time
// is asked again.
func (x *tandem) refusal(path string) fault.Kind {
	x.t.Helper()
	var err error
	eventually(x.t, path+" to be answered", func() bool {
		err = x.api.Post(x.t.Context(), path, nil, nil)
		return !fault.Is(err, fault.Unavailable)
	})
	require.Error(x.t, err, path)
	return fault.KindOf(err)
}

// standsStill waits until the pages in hand are through: no activity of the import is left, so nothing can be read. It checks
// that nothing is, until another import has been through.
func (x *tandem) standsStill(store *shop, operation string) {
	x.t.Helper()
	eventually(x.t, "the import to stand still", func() bool {
		return len(x.pendingActivities(workflows.EntitySyncID(operation, instanceID, "customer"))) == 0
	})
	requests := store.requests("GET /customers")
	before := get[gen.Operation](x, "/operations/"+operation)
	require.Equal(x.t, "paused", string(before.State))
	x.importAll(everything, "tax")
	require.Equal(x.t, requests, store.requests("GET /customers"), "the store was asked during the pause")
	require.Equal(x.t, before.Progress, get[gen.Operation](x, "/operations/"+operation).Progress)
}
