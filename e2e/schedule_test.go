package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestScheduleImportsChanges runs a schedule by hand: it reads what changed and no more, stops when the store refuses the
// keys, and is gone once it is deleted.
func TestScheduleImportsChanges(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(30, 20, 150))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)
	x.salesMoved()
	schedule := post[gen.Schedule](x, "/schedules", gen.NewSchedule{Instance: instanceID, Kind: "order_import", EverySeconds: 3600})
	require.True(t, schedule.Active)

	changed := store.pending()
	store.write(http.MethodPut, fmt.Sprintf("orders/%d", changed), map[string]string{"status": "processing"}, nil)
	asked := store.requests("GET /orders")
	op := x.runSchedule(schedule, 1)
	require.Equal(t, "done", string(op.State), op.Error)
	require.Equal(t, "schedule", string(op.Trigger))
	p := progressOf(op, "order")
	require.Equal(t, []int{1, 1}, []int{p.Updated, p.Unchanged}, "the changed order, and the last one that the import met: %+v", p)
	require.Equal(t, 1, store.requests("GET /orders")-asked, "requests for one changed order among 150")
	x.order(fmt.Sprint(changed), "done")
	x.keepScheduled()

	wrong := gen.Credentials{ConsumerKey: wootest.DefaultKey, ConsumerSecret: "cs_of_another_store"}
	require.NoError(t, x.api.Put(t.Context(), "/instances/"+instanceID+"/credentials", wrong, nil))
	runs := 1
	eventually(t, "the worker to use the new keys", func() bool { // it uses what it has read of an instance for a while
		runs++
		op = x.runSchedule(schedule, runs)
		return op.State != "done"
	})
	require.Equal(t, []string{"failed", "unauthorized"}, []string{string(op.State), op.ErrorKind})
	x.keep("operation_unauthorized", workflows.OperationID(op.ID))
	eventually(t, "the schedule to be paused", func() bool {
		schedule = get[gen.Schedule](x, "/schedules/"+schedule.ID)
		return !schedule.Active
	})
	require.Contains(t, schedule.Note, "paused by Tandem")
	described, err := x.temporal.ScheduleClient().GetHandle(t.Context(), workflows.ScheduleID(instanceID, "order_import")).Describe(t.Context())
	require.NoError(t, err)
	require.True(t, described.Schedule.State.Paused)
	require.Equal(t, schedule.Note, described.Schedule.State.Note)

	x.delete("/schedules/" + schedule.ID)
	require.Empty(t, get[gen.ScheduleList](x, "/schedules").Items)
	_, err = x.temporal.ScheduleClient().GetHandle(t.Context(), workflows.ScheduleID(instanceID, "order_import")).Describe(t.Context())
	require.Error(t, err)
}

// runSchedule runs a schedule now and gives the operation of its nth run. While the run before is under way, another is skipped.
func (x *tandem) runSchedule(schedule gen.Schedule, nth int) gen.Operation {
	x.t.Helper()
	eventually(x.t, "the schedule's run before to be over", func() bool {
		handle := x.temporal.ScheduleClient().GetHandle(x.t.Context(), workflows.ScheduleID(instanceID, string(schedule.Kind)))
		described, err := handle.Describe(x.t.Context())
		return err == nil && len(described.Info.RunningWorkflows) == 0
	})
	post[gen.Schedule](x, "/schedules/"+schedule.ID+"/run", nil)
	var runs []gen.Operation
	eventually(x.t, "the schedule's operation", func() bool {
		runs = get[gen.OperationPage](x, "/operations?trigger=schedule").Items
		return len(runs) == nth
	})
	return x.ended(runs[0].ID)
}

// keepScheduled keeps the history of the workflow that the schedule started.
func (x *tandem) keepScheduled() {
	x.t.Helper()
	for _, e := range x.executions() {
		if strings.HasPrefix(e.WorkflowId, workflows.ScheduledOperationID(instanceID, "order_import")) {
			x.keep("scheduled_operation", e.WorkflowId)
			return
		}
	}
	require.Fail(x.t, "the schedule started no workflow")
}

// pending gives an order that is not paid yet.
func (s *shop) pending() int {
	s.t.Helper()
	for _, o := range s.orders() {
		if o.Status == "pending" {
			return o.ID
		}
	}
	require.Fail(s.t, "the store has no pending order")
	return 0
}

// delete removes what is at a path of the API.
func (x *tandem) delete(path string) {
	x.t.Helper()
	request, err := http.NewRequestWithContext(x.t.Context(), http.MethodDelete, x.url+"/api/v1"+path, nil)
	require.NoError(x.t, err)
	request.Header.Set("Authorization", "Bearer "+x.token)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(x.t, err)
	require.NoError(x.t, answer.Body.Close())
	require.Equal(x.t, http.StatusNoContent, answer.StatusCode)
}
