package worker

import (
	"context"

	"go.temporal.io/sdk/client"

	"tandem/activities"
	"tandem/workflows"
)

// notices tells workflows what their imports wait for.
type notices struct{ client client.Client }

func (n notices) NotifyWaiting(ctx context.Context, workflowID string, notice activities.WaitingNotice) error {
	return workflows.NotifyWaiting(ctx, n.client, workflowID, notice)
}
