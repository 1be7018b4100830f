package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	sdkpb "go.temporal.io/api/sdk/v1"

	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestTemporalShowsWhatWaits takes a list of a store away for a while. The Temporal UI says so at the operation and at the
// entity, and no longer once the list is back.
func TestTemporalShowsWhatWaits(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(5, 5, 5))
	store.SetFaults(wootest.Faults{Routes: []wootest.RouteFault{{Route: "taxes", Status: http.StatusInternalServerError}}})
	x := serve(t)
	x.connect(store.URL)
	op := x.begin(everything, "tax")
	for _, id := range []string{workflows.EntitySyncID(op.ID, instanceID, "tax"), workflows.OperationID(op.ID)} {
		eventually(t, id+" to show what it waits for", func() bool {
			details := x.currentDetails(id)
			return strings.Contains(details, "**waits:** the store") && strings.Contains(details, "HTTP 500") &&
				strings.Contains(details, "the next is at ")
		})
	}

	store.SetFaults(wootest.Faults{})
	require.Equal(t, "done", string(x.ended(op.ID).State))
	x.keep("operation_waited", workflows.OperationID(op.ID))
	x.keep("entity_sync_waited", workflows.EntitySyncID(op.ID, instanceID, "tax"))
	require.NotContains(t, x.currentDetails(workflows.OperationID(op.ID)), "waits:")
}

// currentDetails returns what the Temporal UI shows of a workflow; empty while no worker answers.
func (x *tandem) currentDetails(workflowID string) string {
	x.t.Helper()
	value, err := x.temporal.QueryWorkflow(x.t.Context(), workflowID, "", "__temporal_workflow_metadata")
	if err != nil {
		return ""
	}
	var metadata sdkpb.WorkflowMetadata
	require.NoError(x.t, value.Get(&metadata))
	return metadata.CurrentDetails
}
