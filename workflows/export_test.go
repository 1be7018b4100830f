package workflows

import (
	"context"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
)

// An export goes through the same workflows: its chunks are told the direction, those of an import are not, as in recorded histories.
func TestAnOperationTellsItsDirection(t *testing.T) {
	for direction, want := range map[string]flow.Direction{DirectionImport: "", DirectionExport: flow.Export} {
		var told []flow.Direction
		env := newOperationTest(t, [][]string{{"tag"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
			told = append(told, in.Direction)
			return wholeScan(in)
		})
		in := importOf([]string{"demo"}, "tag")
		in.Direction = direction
		env.ExecuteWorkflow(Operation, in)
		require.NoError(t, env.GetWorkflowError())
		require.Equal(t, []flow.Direction{want}, told)
	}
}

func TestTheSummaryNamesTheDirection(t *testing.T) {
	in := importOf([]string{"demo"}, "tag")
	require.Equal(t, "Import tag from demo", operationOptions(in).StaticSummary)
	in.Direction = DirectionExport
	require.Equal(t, "Export tag to demo", operationOptions(in).StaticSummary)
	in.Direction = DirectionMatch
	require.Equal(t, "Find tag that demo and the ERP both have", operationOptions(in).StaticSummary)
	in.Direction = DirectionLink
	require.Equal(t, "Link tag of demo", operationOptions(in).StaticSummary)
}

// A worker from before there were matchings knows none of what they consist of: it would import instead.
func TestAMatchingConsistsOfWhatOlderWorkersDoNotKnow(t *testing.T) {
	for _, direction := range []string{DirectionMatch, DirectionLink} {
		var told []flow.Direction
		env := newOperationTest(t, [][]string{{"tag"}}, func(activities.ChunkInput) (activities.ChunkState, error) {
			t.Error("an activity that imports was asked for")
			return activities.ChunkState{Done: true}, nil
		})
		env.RegisterWorkflow(Matching)
		env.OnActivity(syncActs.MatchChunk, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.ChunkInput) (activities.ChunkState, error) {
			told = append(told, in.Direction)
			return wholeScan(in)
		})
		env.SetOnChildWorkflowStartedListener(func(info *workflow.Info, _ workflow.Context, _ converter.EncodedValues) {
			require.Equal(t, EntityMatchType, info.WorkflowType.Name)
		})
		in := importOf([]string{"demo"}, "tag")
		in.Direction = direction
		env.ExecuteWorkflow(Matching, in)
		require.NoError(t, env.GetWorkflowError())
		require.Equal(t, []flow.Direction{flow.Direction(direction)}, told)
	}
}
