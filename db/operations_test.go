package db

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

func TestCreateOperation(t *testing.T) {
	d := newDB(t)
	wanted := Operation{
		Kind: "import", Direction: "import", Instances: []string{"demo", "other"}, Entities: []string{"product", "order"},
		Filter: json.RawMessage(`{"kind": "all"}`), RequestedBy: "night shift", Trigger: "api",
	}

	o, created, err := d.CreateOperation(t.Context(), wanted)

	require.NoError(t, err)
	require.True(t, created)
	require.Equal(t, OperationWaiting, o.State)
	require.Equal(t, uuid.Version(7), uuid.MustParse(o.ID).Version(), "ids sort by time")
	require.JSONEq(t, `{"kind": "all"}`, string(o.Filter))
	requireRecent(t, o.CreatedAt)
	require.True(t, o.StartedAt.IsZero() && o.FinishedAt.IsZero())
	var places []string
	for _, p := range o.Progress {
		require.Equal(t, OperationWaiting, p.State)
		places = append(places, p.Instance+"/"+p.Entity)
	}
	require.Equal(t, []string{"demo/product", "demo/order", "other/product", "other/order"}, places, "in the order asked for")
}

func TestCreateOperationIsIdempotent(t *testing.T) {
	d := newDB(t)
	id := uuid.NewString() // a workflow's run id will do
	first, created, err := d.CreateOperation(t.Context(), Operation{ID: id, Kind: "import", Trigger: "schedule"})
	require.NoError(t, err)
	require.True(t, created)

	again, created, err := d.CreateOperation(t.Context(), Operation{ID: id, Kind: "import", Trigger: "api"})

	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, first, again)
}

func TestOperationRefuses(t *testing.T) {
	d := newDB(t)
	_, err := d.Operation(t.Context(), uuid.NewString())
	requireKind(t, fault.NotFound, err)
	_, err = d.Operation(t.Context(), "op-1")
	requireKind(t, fault.Invalid, err)
	_, _, err = d.CreateOperation(t.Context(), Operation{State: "dreaming"})
	requireKind(t, fault.Invalid, err)
	requireKind(t, fault.NotFound, d.SetOperationState(t.Context(), uuid.NewString(), OperationDone, "", ""))
}

func TestOperationStates(t *testing.T) {
	d := newDB(t)
	id := newOperation(t, d, "product")
	set := func(state, kind, message string) Operation {
		require.NoError(t, d.SetOperationState(t.Context(), id, state, kind, message))
		o, err := d.Operation(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, state, o.State)
		return o
	}

	running := set(OperationRunning, "", "")
	requireRecent(t, running.StartedAt)
	require.True(t, running.FinishedAt.IsZero())

	set(OperationPaused, "", "")
	resumed := set(OperationRunning, "", "")
	require.Equal(t, running.StartedAt, resumed.StartedAt, "the first start is kept")

	failed := set(OperationFailed, "unavailable", "the store does not answer")
	require.Equal(t, "unavailable", failed.ErrorKind)
	require.Equal(t, "the store does not answer", failed.Error)
	requireRecent(t, failed.FinishedAt)
	require.Equal(t, failed, set(OperationFailed, "unavailable", "the store does not answer"), "repeating it is harmless")
}

func TestOperationsFilterAndPage(t *testing.T) {
	d := newDB(t)
	var ids []string
	for i := range 5 {
		o, _, err := d.CreateOperation(t.Context(), Operation{
			Instances: []string{[]string{"demo", "other"}[i%2]}, Entities: []string{"tag"}, Trigger: []string{"api", "cli"}[i/3],
		})
		require.NoError(t, err)
		ids = append([]string{o.ID}, ids...) // newest first
	}
	require.NoError(t, d.SetOperationState(t.Context(), ids[0], OperationDone, "", ""))

	all, _, err := d.Operations(t.Context(), OperationFilter{}, Page{})
	require.NoError(t, err)
	for _, o := range all {
		require.Len(t, o.Progress, 1)
		require.Equal(t, o.ID, o.Progress[0].Operation)
	}

	for name, tt := range map[string]struct {
		filter OperationFilter
		want   []string
	}{
		"all":      {OperationFilter{}, ids},
		"instance": {OperationFilter{Instance: "other"}, []string{ids[1], ids[3]}},
		"state":    {OperationFilter{State: OperationDone}, ids[:1]},
		"trigger":  {OperationFilter{Trigger: "cli"}, ids[:2]},
		"none":     {OperationFilter{Instance: "missing"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := everyPage(t, 2, func(p Page) ([]Operation, string, error) { return d.Operations(t.Context(), tt.filter, p) },
				func(o Operation) string { return o.ID })
			require.Equal(t, tt.want, got)
		})
	}
}

func TestUnstartedOperations(t *testing.T) {
	d := newDB(t)
	old, started, fresh := newOperation(t, d, "tag"), newOperation(t, d, "tag"), newOperation(t, d, "tag")
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.operations SET created_at = now() - interval '1 hour' WHERE id <> $1`, fresh)
	require.NoError(t, err)
	require.NoError(t, d.SetOperationState(t.Context(), started, OperationRunning, "", ""))

	found, err := d.UnstartedOperations(t.Context(), time.Minute)

	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, old, found[0].ID)
	require.Equal(t, []string{"demo"}, found[0].Instances)
}

func TestEndingAnOperationClosesItsJobs(t *testing.T) {
	d := newDB(t)
	id := newOperation(t, d, "tag")
	page := startPage(t, d, id, "tag", "1", "2")
	page.Results = []flow.Result{{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "11"}}}
	require.NoError(t, d.FinishPage(t.Context(), page))

	require.NoError(t, d.SetOperationState(t.Context(), id, OperationCancelled, "", ""))

	require.Equal(t, JobDone, jobOf(t, d, id, "1").State)
	cut := jobOf(t, d, id, "2")
	require.Equal(t, JobFailed, cut.State)
	require.Equal(t, "interrupted", cut.Code)
	p := progressOf(t, d, id)
	require.Equal(t, [3]int{2, 1, 1}, [3]int{p.Read, p.Created, p.Failed})

	require.NoError(t, d.SetOperationState(t.Context(), id, OperationCancelled, "", ""))
	require.Equal(t, p, progressOf(t, d, id), "repeating it counts nothing twice")
}

func TestOperationsUnderWay(t *testing.T) {
	d := newDB(t)
	var ids []string
	for _, state := range []string{OperationWaiting, OperationDone, OperationRunning, OperationPaused, OperationFailed} {
		o, _, err := d.CreateOperation(t.Context(), Operation{Kind: "import", Trigger: "api", State: state, Instances: []string{"demo"}, Entities: []string{"tag"}})
		require.NoError(t, err)
		ids = append(ids, o.ID)
	}
	list := func(also []string, limit int) []string {
		found, err := d.OperationsUnderWay(t.Context(), also, limit)
		require.NoError(t, err)
		for _, o := range found {
			require.Len(t, o.Progress, 1)
		}
		return collect(found, func(o Operation) string { return o.ID })
	}
	require.Equal(t, []string{ids[3], ids[2], ids[0]}, list(nil, 10), "newest first")
	require.Equal(t, []string{ids[3], ids[2]}, list(nil, 2))
	require.Equal(t, []string{ids[3], ids[1]}, list([]string{ids[1], ids[3], uuid.NewString()}, 1))
}
