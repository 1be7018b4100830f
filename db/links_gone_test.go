package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// A record that the store has no more keeps its link, which says so until the record is landed again.
func TestALinkSaysThatTheStoreHasTheRecordNoMore(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "product")
	landPage(t, d, op, "product", Created, "1", "2", "3")
	for _, c := range []struct{ code, state string }{{"not_in_store", StoreDeleted}, {"in_store_trash", StoreTrashed}} {
		next := newOperation(t, d, "product")
		started, err := d.StartPage(t.Context(), PageStart{
			Operation: next, Instance: "demo", Entity: "product", Missing: []flow.Missing{{ID: "2", Code: c.code}}})
		require.NoError(t, err)
		require.NoError(t, d.FinishPage(t.Context(), PageResult{
			Operation: next, Instance: "demo", Entity: "product", Started: started,
			Results: []flow.Result{{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Gone, Code: c.code, Reason: "it is gone"}}},
		}))
		link, err := d.Link(t.Context(), "demo", "product", "2")
		require.NoError(t, err)
		require.Equal(t, c.state, link.StoreState)
		require.NotEmpty(t, link.ERPID, "it still says what became of it in the ERP")
		job := jobOf(t, d, next, "2")
		require.Equal(t, JobDone, job.State)
		require.Equal(t, Gone, job.Outcome)
	}
	link, err := d.Link(t.Context(), "demo", "product", "1")
	require.NoError(t, err)
	require.Empty(t, link.StoreState)

	landPage(t, d, newOperation(t, d, "product"), "product", Unchanged, "2")
	link, err = d.Link(t.Context(), "demo", "product", "2")
	require.NoError(t, err)
	require.Empty(t, link.StoreState)
}
