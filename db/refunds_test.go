package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// TestOrdersBringTheirRefunds lands an order that names refunds: they become jobs of the same operation, each once, which takes them.
func TestOrdersBringTheirRefunds(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	operation := newOperation(t, d, "order")
	page := startPage(t, d, operation, "order", "10")
	page.Results = []flow.Result{{Record: flow.Record{ID: "10"}, Outcome: flow.Outcome{
		Status: flow.Created, ID: "erp-10", Key: keys("demo/order/10")[0], Follow: keys("demo/refund/10/11", "demo/refund/10/12"),
	}}}
	require.NoError(t, d.FinishPage(t.Context(), page))
	require.NoError(t, d.FinishPage(t.Context(), page), "the page is repeated")

	other, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: newOperation(t, d, "order"), Instance: "demo", Entities: []string{"refund"}})
	require.NoError(t, err)
	require.Empty(t, other, "they are the operation's that read the order")
	taken, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: operation, Instance: "demo", Entities: []string{"refund"}})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"refund": {"10/11", "10/12"}}, taken)
}

// TestRefundsThatTheStoreDeletedAreAskedFor reads all refunds, of which one that landed is not listed any more (N03).
func TestRefundsThatTheStoreDeletedAreAskedFor(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	landRefunds(t, d, newOperation(t, d, "refund"), false, "10/11", "10/12", "20/21", "30/31")
	refunds, err := d.RefundsOf(t.Context(), "demo", []string{"10", "20", "99"})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"10": {"10/11", "10/12"}, "20": {"20/21"}}, refunds)
	require.NoError(t, d.Decide(t.Context(), Job{Instance: "demo", Entity: "refund", WooID: "30/31"}, "keep", "somebody"))

	operation := newOperation(t, d, "refund")
	landRefunds(t, d, operation, true, "10/11", "20/21")
	taken, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: operation, Instance: "demo", Entities: []string{"refund"}})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"refund": {"10/12"}}, taken, "about the other one was decided")
}

// A refund that a person left out is done, and has no link: the ERP has nothing that it could lead to.
func TestARefundThatIsLeftOutHasNoLink(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	operation := newOperation(t, d, "refund")
	page := PageResult{Operation: operation, Instance: "demo", Entity: "refund", Results: []flow.Result{
		{Record: flow.Record{ID: "10/11"}, Outcome: flow.Outcome{Status: flow.Unchanged, LeftOut: true}}}}
	page.Started = beginPage(t, d, PageStart{Operation: operation, Instance: "demo", Entity: "refund", Records: []flow.Record{{ID: "10/11", Raw: []byte(`{}`)}}})
	require.NoError(t, d.FinishPage(t.Context(), page))
	require.Equal(t, JobDone, jobOf(t, d, operation, "10/11").State)
	refunds, err := d.RefundsOf(t.Context(), "demo", []string{"10"})
	require.NoError(t, err)
	require.Empty(t, refunds)
}

// landRefunds lands refunds as the last page of a scan, of everything or not.
func landRefunds(t *testing.T, d *DB, operation string, all bool, ids ...string) {
	t.Helper()
	start := PageStart{Operation: operation, Instance: "demo", Entity: "refund"}
	page := PageResult{Operation: operation, Instance: "demo", Entity: "refund", AllRead: all}
	for _, id := range ids {
		start.Records = append(start.Records, flow.Record{ID: id, Raw: []byte(`{}`)})
		page.Results = append(page.Results, flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{Status: flow.Created, ID: "e", After: "d"}})
	}
	page.Started = beginPage(t, d, start)
	require.NoError(t, d.FinishPage(t.Context(), page))
}

// TestHeldRefundsWakeOnceTheirOrderIsBooked follows a run through its steps: a refund waits for all but the shipment.
func TestHeldRefundsWakeOnceTheirOrderIsBooked(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	seedRuns(t, d, `{"steps":["validate","invoice","pay","ship"]}`, "10")
	begun(t, d, "10")
	operation := newOperation(t, d, "refund")
	page := startPage(t, d, operation, "refund")
	page.Started = beginPage(t, d, PageStart{Operation: operation, Instance: "demo", Entity: "refund", Records: []flow.Record{{ID: "10/11", Raw: []byte(`{}`)}}})
	page.Results = []flow.Result{{Record: flow.Record{ID: "10/11"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "order_in_progress", Reason: "wait"}}}
	require.NoError(t, d.FinishPage(t.Context(), page))

	earlier, all := []string{}, []string{"validate", "invoice", "pay", "ship"}
	for i, step := range []string{"validate", "invoice", "pay"} {
		ahead, err := d.StepsAhead(t.Context(), "demo", []string{"10", "11"})
		require.NoError(t, err)
		require.Equal(t, map[string][]string{"10": all[i:]}, ahead)
		woken, err := d.WakeHeldRefunds(t.Context())
		require.NoError(t, err)
		require.Zero(t, woken, "before %s", step)
		stepped(t, d, OrderStepRecord{WooID: "10", Step: step, State: StepDone, Activity: step, Attempt: 1, RunID: "r", Earlier: earlier})
		earlier = append(earlier, step)
	}
	woken, err := d.WakeHeldRefunds(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, woken)
	require.Equal(t, JobWaiting, jobOf(t, d, operation, "10/11").State)
}

// A run that was cancelled has nothing ahead.
func TestACancelledRunHoldsNoRefund(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	seedRuns(t, d, `{"steps":["validate","invoice"]}`, "10")
	require.NoError(t, setRun(t, d, "10", RunCancelled, "", ""))
	ahead, err := d.StepsAhead(t.Context(), "demo", []string{"10"})
	require.NoError(t, err)
	require.Empty(t, ahead["10"])
}

func TestDecisions(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	require.NoError(t, d.Decide(t.Context(), Job{Instance: "demo", Entity: "refund", WooID: "1/2"}, "keep", "a"))
	require.NoError(t, d.Decide(t.Context(), Job{Instance: "demo", Entity: "refund", WooID: "1/2"}, "reverse", "b"))
	require.NoError(t, d.Decide(t.Context(), Job{Instance: "demo", Entity: "order", WooID: "1"}, "credit_note", "b"))
	got, err := d.Decisions(t.Context(), "demo", "refund", []string{"1/2", "1/3", "1"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"1/2": "reverse"}, got)
	require.NoError(t, d.DeleteInstance(t.Context(), "demo"))
}

// A decision about an edit is kept beside others about the same order; the job says what the edit is until it is landed.
func TestDecisionsAboutEdits(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	edit := flow.Outcome{Key: flow.Key{Instance: "demo", Entity: "order", ID: "1"}, Status: flow.Parked, Code: "order_edited", Subject: "one",
		Differences: []flow.Difference{{Field: "total", ERP: "10", Store: "12"}}}
	land := func(o flow.Outcome) Job {
		operation := newOperation(t, d, "order")
		page := startPage(t, d, operation, "order", "1")
		page.Results = []flow.Result{{Record: flow.Record{ID: "1"}, Outcome: o}}
		require.NoError(t, d.FinishPage(t.Context(), page))
		return jobOf(t, d, operation, "1")
	}
	held := func() bool {
		newer, held, err := d.NewerVersion(t.Context(), "demo", "1")
		require.NoError(t, err)
		require.Equal(t, held, newer.Code == edit.Code)
		return held
	}
	require.False(t, held())
	parked := land(edit)
	require.Equal(t, edit.Differences, parked.Differences)
	require.Equal(t, "one", parked.Subject)
	require.True(t, held())

	require.NoError(t, d.Decide(t.Context(), Job{Instance: "demo", Entity: "order", WooID: "1"}, "credit_note", "a"))
	require.NoError(t, d.Decide(t.Context(), parked, "keep", "a"))
	require.NoError(t, d.Decide(t.Context(), parked, "accept", "b"))
	edits, err := d.ChangeDecisions(t.Context(), "demo", "order", []string{"1", "2"})
	require.NoError(t, err)
	require.Equal(t, map[string]flow.Decision{"1": {Choice: "accept", Subject: "one"}}, edits)
	others, err := d.Decisions(t.Context(), "demo", "order", []string{"1"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"1": "credit_note"}, others)

	landed := land(flow.Outcome{Key: edit.Key, ID: "9", Status: flow.Updated})
	require.Empty(t, landed.Differences)
	require.False(t, held())
	require.NoError(t, d.DeleteInstance(t.Context(), "demo"))
}

func TestOrderStatus(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	landPage(t, d, newOperation(t, d, "order"), "order", Created, "10")
	for id, want := range map[string]string{"10": "publish", "11": ""} {
		status, err := d.OrderStatus(t.Context(), "demo", id)
		require.NoError(t, err)
		require.Equal(t, want, status)
	}
}
