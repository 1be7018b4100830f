package workflows

import (
	"testing"

	"github.com/stretchr/testify/require"

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
}
