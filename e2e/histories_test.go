package e2e

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/worker"

	"tandem/workflows"
)

// executions returns all workflow executions of the namespace, running and closed. A server that is too busy to answer is
// asked again.
func (x *tandem) executions() (all []*commonpb.WorkflowExecution) {
	x.t.Helper()
	for page := []byte(nil); ; {
		var reply *workflowservice.ListWorkflowExecutionsResponse
		eventually(x.t, "Temporal's list of workflows", func() (ok bool) {
			var err error
			reply, err = x.temporal.ListWorkflow(x.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
				PageSize: 500, NextPageToken: page,
			})
			return err == nil
		})
		for _, e := range reply.Executions {
			all = append(all, e.Execution)
		}
		if page = reply.NextPageToken; len(page) == 0 {
			return all
		}
	}
}

// history reads a workflow's events; an empty run id is the latest run.
func (x *tandem) history(workflowID, runID string) *historypb.History {
	x.t.Helper()
	h := &historypb.History{}
	eventually(x.t, "the history of "+workflowID, func() bool {
		h.Events = nil
		events := x.temporal.GetWorkflowHistory(x.t.Context(), workflowID, runID, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			if err != nil {
				return false
			}
			h.Events = append(h.Events, event)
		}
		return true
	})
	return h
}

// describe returns what Temporal says of a run; an empty run id is the latest one.
func (x *tandem) describe(workflowID, runID string) (described *workflowservice.DescribeWorkflowExecutionResponse) {
	x.t.Helper()
	eventually(x.t, "the description of "+workflowID, func() bool {
		var err error
		described, err = x.temporal.DescribeWorkflowExecution(x.t.Context(), workflowID, runID)
		return err == nil
	})
	return described
}

// pendingActivities returns the activities that a workflow waits for.
func (x *tandem) pendingActivities(workflowID string) []*workflowpb.PendingActivityInfo {
	x.t.Helper()
	return x.describe(workflowID, "").PendingActivities
}

// keep waits for the end of a workflow, proves that its code takes the way the history shows, and with -update writes the
// history down for the tests of later versions of that code.
func (x *tandem) keep(name, workflowID string) {
	x.t.Helper()
	x.closed(workflowID)
	h := x.history(workflowID, "")
	require.NotEmpty(x.t, h.Events)
	require.NoError(x.t, replay(h), "the history of %s does not replay", workflowID)
	if !*update {
		return
	}
	text, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(h)
	require.NoError(x.t, err)
	folder := filepath.FromSlash("../workflows/testdata/replay")
	require.NoError(x.t, os.MkdirAll(folder, 0o755))
	require.NoError(x.t, os.WriteFile(filepath.Join(folder, name+".json"), text, 0o644)) //nolint:gosec // they are part of the source
}

func replay(h *historypb.History) error {
	replayer := worker.NewWorkflowReplayer()
	workflows.RegisterSync(replayer)
	workflows.RegisterOrders(replayer)
	workflows.RegisterControl(replayer)
	return replayer.ReplayWorkflowHistory(nil, h)
}

// closed waits until a workflow has ended; how is not asked.
func (x *tandem) closed(workflowID string) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.t.Context(), runLimit)
	defer cancel()
	_ = x.temporal.GetWorkflow(ctx, workflowID, "").Get(ctx, nil) // a cancelled workflow is an error too
	require.NoError(x.t, ctx.Err(), "waited too long for the end of %s", workflowID)
}

// requireReplay checks every run of the namespace against the code.
func (x *tandem) requireReplay(t *testing.T) {
	replayed := map[string]int{}
	for _, e := range x.executions() {
		h := x.history(e.WorkflowId, e.RunId)
		if len(h.Events) < 3 {
			continue // no worker has taken it up yet: there is no decision to replay
		}
		require.NoError(t, replay(h), "the history of %s does not replay", e.WorkflowId)
		replayed[h.Events[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName()]++
	}
	for _, kind := range []string{workflows.OperationType, workflows.EntitySyncType, workflows.SaleOrderType} {
		require.NotZero(t, replayed[kind], "no %s was replayed: %v", kind, replayed)
	}
}
