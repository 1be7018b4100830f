package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
)

var outage = activities.Waiting{
	Kind: "unavailable", Message: "the store does not answer", Remedy: "It goes on once it does.", Attempt: 3,
	Since:     time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
	NextTryAt: time.Date(2026, 3, 2, 10, 0, 9, 0, time.UTC),
}

const outageShown = "**waits:** the store does not answer\n\nSince 2026-03-02 10:00:00 UTC; attempt 3 failed, the next is at 10:00:09, " +
	"later ones at most 60 s apart. It goes on once it does.\n\n"

// currentDetails are what the Temporal UI shows of a workflow under way.
func currentDetails(t *testing.T, env *testsuite.TestWorkflowEnvironment) string {
	t.Helper()
	value, err := env.QueryWorkflow("__temporal_workflow_metadata")
	require.NoError(t, err)
	var metadata sdkpb.WorkflowMetadata
	require.NoError(t, value.Get(&metadata))
	return metadata.CurrentDetails
}

func noticeOf(w *activities.Waiting) activities.WaitingNotice {
	return activities.WaitingNotice{Operation: "op1", Instance: "demo", Entity: "order", Waiting: w}
}

func TestOperationShowsWhatItWaitsFor(t *testing.T) {
	env := newOperationTest(t, [][]string{{"order"}}, wholeScan)
	var shown []string
	for at, w := range map[time.Duration]*activities.Waiting{10 * time.Second: &outage, 30 * time.Second: nil} {
		env.RegisterDelayedCallback(func() { env.SignalWorkflow(signalWaiting, noticeOf(w)) }, at)
		env.RegisterDelayedCallback(func() { shown = append(shown, currentDetails(t, env.TestWorkflowEnvironment)) }, at+time.Second)
	}
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "order"))
	require.NoError(t, env.GetWorkflowError())
	work := "**at work:** demo/order\n\n**done so far:** 0 created, 0 updated, 0 unchanged, 0 parked, 0 failed"
	require.Equal(t, []string{"demo/order " + outageShown + work, work}, shown)
}

func TestEntitySyncShowsWhatItWaitsFor(t *testing.T) {
	env := newOperationTest(t, nil, wholeScan)
	var shown []string
	for at, w := range map[time.Duration]*activities.Waiting{10 * time.Second: &outage, 30 * time.Second: nil} {
		env.RegisterDelayedCallback(func() { env.SignalWorkflow(signalWaiting, noticeOf(w)) }, at)
		env.RegisterDelayedCallback(func() { shown = append(shown, currentDetails(t, env.TestWorkflowEnvironment)) }, at+time.Second)
	}
	env.ExecuteWorkflow(EntitySync, EntitySyncInput{Operation: "op1", Instance: "demo", Entity: "order"})
	require.NoError(t, env.GetWorkflowError())
	progress := "**order** running: 0 read: 0 created, 0 updated, 0 unchanged, 0 parked, 0 failed"
	require.Equal(t, []string{outageShown + progress, progress}, shown)
}

// A chunk that is through waits for nothing, whatever was said of it.
func TestAnEntityThatEndedWaitsForNothing(t *testing.T) {
	w := waitings{}
	w.hear(noticeOf(&outage), []string{"demo/product"})
	require.Empty(t, w, "it is late")
	w.hear(noticeOf(&outage), []string{"demo/product", "demo/order"})
	require.Len(t, w, 1)
	w.hear(noticeOf(nil), []string{"demo/product", "demo/order"})
	require.Empty(t, w)
	require.Empty(t, w.details())
}
