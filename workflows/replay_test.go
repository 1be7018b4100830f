package workflows

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
)

// recorded are histories of real runs. Runs like them may be under way anywhere when this code is replaced by a newer one,
// which must take the same way through them. `go test ./e2e -update` records them again, which is right only when
// workflows that are under way may be given up; otherwise branch with workflow.GetVersion.
const recorded = "testdata/replay"

func TestRecordedHistoriesReplay(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(recorded, "*.json"))
	require.NoError(t, err)
	types := map[string]bool{}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			h := readHistory(t, file)
			types[h.Events[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName()] = true
			require.NoError(t, replay(h))
		})
	}
	for _, name := range []string{OperationType, ScheduledOperationType, EntitySyncType, SaleOrderType, WebhooksType, ReportType, ScheduledReportType} {
		require.True(t, types[name], "no history of %s is recorded", name)
	}
}

// TestReplayNoticesOtherWays proves that the test above can fail.
func TestReplayNoticesOtherWays(t *testing.T) {
	for name, change := range map[string]func(*testing.T, *historypb.History){
		"as it was": func(*testing.T, *historypb.History) {},
		"another activity": func(_ *testing.T, h *historypb.History) {
			for _, e := range h.Events {
				if scheduled := e.GetActivityTaskScheduledEventAttributes(); scheduled != nil {
					scheduled.ActivityType.Name = "RecordStage"
					return
				}
			}
		},
		"a step less": func(t *testing.T, h *historypb.History) {
			started := h.Events[0].GetWorkflowExecutionStartedEventAttributes()
			var in SaleOrderInput
			data := converter.GetDefaultDataConverter()
			require.NoError(t, data.FromPayloads(started.Input, &in))
			in.Plan.Steps = in.Plan.Steps[1:]
			var err error
			started.Input, err = data.ToPayloads(in)
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := readHistory(t, filepath.Join(recorded, "sale_order_done.json"))
			change(t, h)
			require.Equal(t, name == "as it was", replay(h) == nil)
		})
	}
}

func replay(h *historypb.History) error {
	replayer := worker.NewWorkflowReplayer()
	RegisterSync(replayer)
	RegisterOrders(replayer)
	RegisterControl(replayer)
	return replayer.ReplayWorkflowHistory(nil, h)
}

func readHistory(t *testing.T, path string) *historypb.History {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	h, err := client.HistoryFromJSON(file, client.HistoryJSONOptions{})
	require.NoError(t, err)
	return h
}
