package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"tandem/db"
	"tandem/fault"
	"tandem/flow"
)

// deliveryBook answers with one operation, or with err.
type deliveryBook struct {
	op      db.Operation
	err     error
	asked   []db.Operation
	settled []string
}

func (b *deliveryBook) ClaimDeliveries(_ context.Context, op db.Operation, _ int) (db.Operation, error) {
	b.asked = append(b.asked, op)
	b.op.ID = op.ID
	return b.op, b.err
}

func (b *deliveryBook) SettleDeliveries(_ context.Context, inst string) (int, error) {
	b.settled = append(b.settled, inst)
	return 1, b.err
}

func claimDeliveries(t *testing.T, book *deliveryBook) (ClaimedDeliveries, error) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	acts := &Webhooks{Store: book}
	env.RegisterActivity(acts)
	value, err := env.ExecuteActivity(acts.ClaimDeliveries, DeliveriesInput{Instance: "demo"})
	if err != nil {
		return ClaimedDeliveries{}, err
	}
	var claimed ClaimedDeliveries
	require.NoError(t, value.Get(&claimed))
	return claimed, nil
}

func TestClaimedDeliveriesBecomeAnOperation(t *testing.T) {
	book := &deliveryBook{op: db.Operation{
		Direction: "import", Instances: []string{"demo"}, Entities: []string{"order"}, Filter: []byte(`{"kind":"notified","notified":{"order":["7"]}}`)}}
	claimed, err := claimDeliveries(t, book)
	require.NoError(t, err)
	require.Equal(t, "webhook", book.asked[0].Trigger)
	require.Equal(t, &OperationInput{
		ID: book.asked[0].ID, Direction: "import", Instances: []string{"demo"}, Entities: []string{"order"},
		Filter: flow.Filter{Kind: flow.Notified, Notified: map[string][]string{"order": {"7"}}},
	}, claimed.Operation)
	require.NotEmpty(t, claimed.Operation.ID)
}

func TestNothingToClaim(t *testing.T) {
	claimed, err := claimDeliveries(t, &deliveryBook{err: fault.New(fault.NotFound, "nothing waits")})
	require.NoError(t, err)
	require.Nil(t, claimed.Operation)
	_, err = claimDeliveries(t, &deliveryBook{err: fault.New(fault.Unavailable, "away")})
	require.Error(t, err)
}

func TestReportedRecordsThatAreGoneAreNoFailures(t *testing.T) {
	page := flow.Page{Missing: []flow.Missing{{ID: "2"}}}
	results := []flow.Result{
		{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "unreadable"}},
		{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "not_in_store"}},
	}
	status := func(reported bool) []flow.Status {
		c := &chunk{in: ChunkInput{Filter: flow.Filter{Kind: flow.IDs, IDs: []string{"1", "2"}, Reported: reported}}}
		var all []flow.Status
		for _, r := range c.reported(page, results) {
			all = append(all, r.Outcome.Status)
		}
		return all
	}
	require.Equal(t, []flow.Status{flow.Failed, flow.Gone}, status(true))
	require.Equal(t, []flow.Status{flow.Failed, flow.Failed}, status(false), "a person who asks for it is told")
}
