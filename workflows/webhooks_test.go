package workflows

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"tandem/activities"
	"tandem/fault"
	"tandem/flow"
)

// webhooksTest answers the activities of a Webhooks on top of those of an Operation.
type webhooksTest struct {
	*operationTest
	claims  []activities.ClaimedDeliveries // answered one after another
	asked   int
	settled int
	claimed []time.Duration // when each claim was asked for, since the beginning
	filters map[string]flow.Filter
}

func newWebhooksTest(t *testing.T, chunk func(activities.ChunkInput) (activities.ChunkState, error)) *webhooksTest {
	t.Helper()
	env := &webhooksTest{filters: map[string]flow.Filter{}}
	env.operationTest = newOperationTest(t, [][]string{{"product"}, {"order"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
		env.filters[in.Entity] = in.Filter
		return chunk(in)
	})
	env.RegisterWorkflow(Webhooks)
	began := env.Now()
	env.OnActivity(webhookActs.ClaimDeliveries, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.DeliveriesInput) (activities.ClaimedDeliveries, error) {
			env.asked++
			env.claimed = append(env.claimed, env.Now().Sub(began))
			if len(env.claims) == 0 {
				return activities.ClaimedDeliveries{}, nil
			}
			next := env.claims[0]
			env.claims = env.claims[1:]
			return next, nil
		})
	env.OnActivity(webhookActs.SettleDeliveries, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.DeliveriesInput) error {
			env.settled++
			return nil
		}).Maybe()
	return env
}

// reported is an operation of what webhooks reported.
func reported(id string, notified map[string][]string) activities.ClaimedDeliveries {
	return activities.ClaimedDeliveries{Operation: &OperationInput{
		ID: id, Direction: DirectionImport, Instances: []string{"demo"}, Entities: []string{"order", "product"},
		Filter: flow.Filter{Kind: flow.Notified, Notified: notified},
	}}
}

func TestWebhooksReadsWhatWasReported(t *testing.T) {
	env := newWebhooksTest(t, wholeScan)
	env.claims = []activities.ClaimedDeliveries{reported("op1", map[string][]string{"order": {"7", "8"}, "product": {"3"}})}
	env.ExecuteWorkflow(Webhooks, WebhooksInput{Instance: "demo"})
	require.True(t, env.IsWorkflowCompleted())
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []string{"demo/product", "demo/order"}, env.chunks, "products before the orders that name them")
	require.Equal(t, flow.Filter{Kind: flow.IDs, IDs: []string{"7", "8"}, Reported: true}, env.filters["order"])
	require.Equal(t, flow.Filter{Kind: flow.IDs, IDs: []string{"3"}, Reported: true}, env.filters["product"])
	require.Equal(t, 1, env.settled)
	require.Equal(t, 2, env.asked)
}

// N05: what names no record has all changes read.
func TestWebhooksReadsTheChangesForWhatNamesNoRecord(t *testing.T) {
	env := newWebhooksTest(t, wholeScan)
	env.claims = []activities.ClaimedDeliveries{reported("op1", map[string][]string{"order": nil, "product": {"3"}})}
	env.ExecuteWorkflow(Webhooks, WebhooksInput{Instance: "demo"})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, flow.Filter{Kind: flow.Changes}, env.filters["order"])
}

// N02: what is delivered while a record is being read is read after that.
func TestWebhooksGoesOnWithWhatCameMeanwhile(t *testing.T) {
	env := newWebhooksTest(t, wholeScan)
	env.claims = []activities.ClaimedDeliveries{reported("op1", map[string][]string{"order": {"7"}})}
	env.RegisterDelayedCallback(func() { // while it lingers
		env.claims = append(env.claims, reported("op2", map[string][]string{"order": {"7"}}))
		env.SignalWorkflow(signalDelivered, nil)
	}, 2*time.Minute+5*time.Second)
	env.ExecuteWorkflow(Webhooks, WebhooksInput{Instance: "demo"})
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, env.chunks, 4)
	require.Equal(t, 2, env.settled)
	require.Equal(t, 4, env.asked)
}

// C04: a store that refuses us is not asked for every delivery; nothing is lost meanwhile.
func TestWebhooksPausesAfterAFailure(t *testing.T) {
	env := newWebhooksTest(t, func(activities.ChunkInput) (activities.ChunkState, error) {
		return activities.ChunkState{}, temporal.NewNonRetryableApplicationError("the store refuses the key", string(fault.Unauthorized), nil,
			activities.Failure{Kind: fault.Unauthorized, Message: "the store refuses the key"})
	})
	for _, id := range []string{"op1", "op2", "op3"} {
		env.claims = append(env.claims, reported(id, map[string][]string{"order": {"7"}}))
	}
	env.ExecuteWorkflow(Webhooks, WebhooksInput{Instance: "demo"})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, 3, env.settled)
	require.GreaterOrEqual(t, env.claimed[1]-env.claimed[0], firstHold)
	require.GreaterOrEqual(t, env.claimed[2]-env.claimed[1], 2*firstHold)
	require.GreaterOrEqual(t, env.claimed[3]-env.claimed[2], 4*firstHold)
}

func TestWebhooksEndsWhenNothingWaits(t *testing.T) {
	env := newWebhooksTest(t, wholeScan)
	env.ExecuteWorkflow(Webhooks, WebhooksInput{Instance: "demo"})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, 1, env.asked)
	require.Zero(t, env.settled)
}
