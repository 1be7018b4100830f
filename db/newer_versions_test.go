package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// startVersion starts a page of order 1 as the store has it in a version.
func startVersion(t *testing.T, d *DB, version string) PageResult {
	t.Helper()
	operation := newOperation(t, d, "order")
	started := beginPage(t, d, PageStart{
		Operation: operation, Instance: "demo", Entity: "order", Total: 1,
		Records: []flow.Record{{ID: "1", Raw: []byte(`{"id":1,"total":"` + version + `"}`), Status: "processing"}},
	})
	return PageResult{Operation: operation, Instance: "demo", Entity: "order", Started: started}
}

func finishVersion(t *testing.T, d *DB, page PageResult, o flow.Outcome) {
	t.Helper()
	if o.Key = keys("demo/order/1")[0]; o.Landed() {
		o.ID = "e1"
	}
	page.Results = []flow.Result{{Record: flow.Record{ID: "1"}, Outcome: o}}
	require.NoError(t, d.FinishPage(t.Context(), page))
}

// newerCode gives the code of the newer version of order 1; "none" when there is none.
func newerCode(t *testing.T, d *DB) string {
	t.Helper()
	newer, found, err := d.NewerVersion(t.Context(), "demo", "1")
	require.NoError(t, err)
	if !found {
		return "none"
	}
	return newer.Code
}

// A newer version of an order counts until it landed, whatever keeps it out, and while it is on its way.
func TestNewerVersion(t *testing.T) {
	for _, refused := range []flow.Outcome{
		{Status: flow.Parked, Code: "unknown_product", Reason: "import product 12"},
		{Status: flow.Parked, Code: "order_locked", Reason: "it is invoiced"},
		{Status: flow.Failed, Code: "unreadable", Reason: "the total is no number"},
	} {
		t.Run(refused.Code, func(t *testing.T) {
			d := newDB(t)
			newInstance(t, d, "demo")
			require.Equal(t, "none", newerCode(t, d))
			finishVersion(t, d, startVersion(t, d, "10"), flow.Outcome{Status: flow.Created})
			again := startVersion(t, d, "10")
			require.Equal(t, "none", newerCode(t, d), "it is read again as it landed")
			finishVersion(t, d, again, flow.Outcome{Status: flow.Unchanged})

			edited := startVersion(t, d, "12")
			require.Empty(t, newerCode(t, d), "it is on its way")
			finishVersion(t, d, edited, refused)
			newer, found, err := d.NewerVersion(t.Context(), "demo", "1")
			require.NoError(t, err)
			require.True(t, found)
			require.Equal(t, NewerVersion{Code: refused.Code, Reason: refused.Reason}, newer)

			_, err = d.WakeJobs(t.Context(), JobSelection{Instance: "demo", States: []string{JobParked, JobFailed}})
			require.NoError(t, err)
			require.Equal(t, refused.Code, newerCode(t, d), "it is tried again")
			finishVersion(t, d, startVersion(t, d, "12"), flow.Outcome{Status: flow.Updated})
			require.Equal(t, "none", newerCode(t, d))
		})
	}
}

// What is parked or failed of an order without a change of the store's holds nothing up, nor does an export.
func TestAnOrderWithoutANewerVersion(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	finishVersion(t, d, startVersion(t, d, "10"), flow.Outcome{Status: flow.Created})
	finishVersion(t, d, startVersion(t, d, "10"), flow.Outcome{Status: flow.Parked, Code: "unknown_tax", Reason: "import the tax"})
	require.Equal(t, "none", newerCode(t, d))

	operation := newOperation(t, d, "order")
	gone := beginPage(t, d, PageStart{Operation: operation, Instance: "demo", Entity: "order", Total: 1, Missing: []flow.Missing{{ID: "1", Code: "not_in_store"}}})
	finishVersion(t, d, PageResult{Operation: operation, Instance: "demo", Entity: "order", Started: gone}, flow.Outcome{Status: flow.Failed, Code: "not_in_store"})
	require.Equal(t, "none", newerCode(t, d))
}

// A run that waits for a newer version looks again when there is none any more although nothing landed.
func TestARunIsReadyOnceItsNewerVersionIsGone(t *testing.T) {
	d := newDB(t)
	seedRuns(t, d, `{"steps":["invoice"]}`, "1")
	begun(t, d, "1")
	landedBefore(t, d)
	finishVersion(t, d, startVersion(t, d, "12"), flow.Outcome{Status: flow.Parked, Code: "totals_differ", Reason: "two cents"})
	stepped(t, d, OrderStepRecord{
		WooID: "1", Step: "invoice", State: StepBlocked, Code: "newer_version_waits", Waits: []string{"demo/order/1"},
		Activity: "1", Attempt: 1, WorkflowID: "order/demo/1", RunID: "run",
	})
	require.Empty(t, readyRuns(t, d))
	finishVersion(t, d, startVersion(t, d, "12"), flow.Outcome{Status: flow.Gone})
	require.Equal(t, []string{"1"}, readyRuns(t, d))
}
