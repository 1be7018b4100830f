package workflows

import (
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
)

// Matching is an Operation in which no record goes anywhere. It has a name of its own, and so has what it consists of, because a worker
// from before there were such operations would take them for imports.
func Matching(ctx workflow.Context, in OperationInput) (Counts, error) { return Operation(ctx, in) }

// EntityMatch is the EntitySync of a Matching.
func EntityMatch(ctx workflow.Context, in EntitySyncInput) (EntitySyncResult, error) {
	return EntitySync(ctx, in)
}

// entityWorkflow gives the workflow of an entity that goes in a direction.
func entityWorkflow(d flow.Direction) any {
	if d.Moves() {
		return EntitySync
	}
	return EntityMatch
}

// chunkActivity gives what does a chunk in a direction.
func chunkActivity(d flow.Direction) any {
	if d.Moves() {
		return syncActs.SyncChunk
	}
	return syncActs.MatchChunk
}
