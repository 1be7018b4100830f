package sales

import (
	"context"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// recordedProgress is what Tandem has recorded of orders and refunds.
type recordedProgress struct {
	landed    map[string][]string
	ahead     map[string][]string
	decisions map[string]string // by "entity/id"
	edits     map[string]flow.Decision
}

func (p recordedProgress) ChangeDecisions(context.Context, string, string, []string) (map[string]flow.Decision, error) {
	return p.edits, nil
}

func (p recordedProgress) RefundsOf(context.Context, string, []string) (map[string][]string, error) {
	return p.landed, nil
}

func (p recordedProgress) StepsAhead(context.Context, string, []string) (map[string][]string, error) {
	return p.ahead, nil
}

func (p recordedProgress) Decisions(_ context.Context, _, entity string, ids []string) (map[string]string, error) {
	found := map[string]string{}
	for _, id := range ids {
		if choice := p.decisions[entity+"/"+id]; choice != "" {
			found[id] = choice
		}
	}
	return found, nil
}

// An order has those of its refunds read that did not land, and those that landed and are gone from it (N03).
func TestAnOrderHasItsRefundsRead(t *testing.T) {
	ec := entitytest.Demo()
	ec.Backend = &entitytest.Ledger{}
	ec.Progress = recordedProgress{landed: map[string][]string{"10": {"10/11", "10/13", "10/14"}}, decisions: map[string]string{"refund/10/14": "keep"}}
	attempt := func(status erp.Status, id string) *orderAttempt {
		a := &orderAttempt{Outcome: erp.Outcome{Key: entitytest.Key("order", "10"), Status: status, ID: id}}
		a.Record.ID, a.Record.Refunds = 10, []woo.RefundRef{{ID: 12}, {ID: 11}}
		return a
	}
	landed, locked, unknown := attempt(erp.Updated, "7"), attempt(erp.Parked, "7"), attempt(erp.Parked, "")
	require.NoError(t, followRefunds(t.Context(), ec, []*orderAttempt{landed, locked, unknown}))
	want := []erp.Key{entitytest.Key("refund", "10/12"), entitytest.Key("refund", "10/13")}
	require.Equal(t, want, landed.Outcome.Follow)
	require.Equal(t, want, locked.Outcome.Follow, "an order that waits for a person is in the ERP all the same")
	require.Empty(t, unknown.Outcome.Follow)
}

// N42: what the store cancelled after it was invoiced lands as a person decided, and a credit note of what is left is a refund.
func TestACancellationLandsAsDecided(t *testing.T) {
	for choice, follows := range map[string]bool{mapping.Keep: false, mapping.CreditNote: true, "": false} {
		ec := entitytest.Demo()
		ec.Backend = &entitytest.Ledger{}
		ec.Progress = recordedProgress{decisions: map[string]string{"order/10": choice}}
		a := &orderAttempt{Outcome: erp.Outcome{Key: entitytest.Key("order", "10"), ID: "7"}}
		a.Record.ID, a.Record.Status, a.Value.order.Cancelled = 10, woo.OrderCancelled, true
		require.NoError(t, applyDecisions(t.Context(), ec, []*orderAttempt{a}))
		require.Equal(t, choice == "", a.Value.order.Cancelled)
		a.Outcome.Status = erp.Updated
		require.NoError(t, followRefunds(t.Context(), ec, []*orderAttempt{a}))
		if follows {
			require.Equal(t, []erp.Key{entitytest.Key("refund", "10/cancellation")}, a.Outcome.Follow)
		} else {
			require.Empty(t, a.Outcome.Follow)
		}
	}
}

// An order that the store cancels again, after the credit note of the first time was reversed, is credited again.
func TestAnOrderThatIsCancelledAgainIsCreditedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		status  string
		landed  []string
		decided map[string]string
		want    []string
	}{
		"credited":        {status: woo.OrderCancelled, landed: []string{"10/cancellation"}},
		"kept":            {status: woo.OrderCancelled, landed: []string{"10/cancellation"}, decided: map[string]string{"refund/10/cancellation": mapping.Keep}},
		"cancelled again": {woo.OrderCancelled, []string{"10/cancellation"}, map[string]string{"refund/10/cancellation": mapping.Reverse}, []string{"10/cancellation-2"}},
		"credited again":  {status: woo.OrderCancelled, landed: []string{"10/cancellation", "10/cancellation-2"}, decided: map[string]string{"refund/10/cancellation": mapping.Reverse}},
		"taken up again": {woo.OrderProcessing, []string{"10/cancellation", "10/cancellation-2"}, map[string]string{"refund/10/cancellation": mapping.Reverse},
			[]string{"10/cancellation-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			ec := entitytest.Demo()
			ec.Backend = &entitytest.Ledger{}
			decided := map[string]string{"order/10": mapping.CreditNote}
			maps.Copy(decided, c.decided)
			ec.Progress = recordedProgress{landed: map[string][]string{"10": c.landed}, decisions: decided}
			a := &orderAttempt{Outcome: erp.Outcome{Key: entitytest.Key("order", "10"), ID: "7", Status: erp.Updated}}
			a.Record.ID, a.Record.Status, a.Value.order.Cancelled = 10, c.status, c.status == woo.OrderCancelled
			require.NoError(t, applyDecisions(t.Context(), ec, []*orderAttempt{a}))
			require.NoError(t, followRefunds(t.Context(), ec, []*orderAttempt{a}))
			var want []erp.Key
			for _, id := range c.want {
				want = append(want, entitytest.Key("refund", id))
			}
			require.Equal(t, want, a.Outcome.Follow)
		})
	}
}

// A refund waits while its order is to be invoiced or paid by a sale workflow, and for nothing else.
func TestARefundWaitsForTheSaleWorkflowOfItsOrder(t *testing.T) {
	for name, c := range map[string]struct {
		ahead []string
		want  erp.Status
	}{
		"to be paid":    {[]string{"pay", "ship"}, erp.Parked},
		"to be shipped": {[]string{"ship"}, erp.Created},
		"done":          {nil, erp.Created},
	} {
		t.Run(name, func(t *testing.T) {
			r := recordedRefund(t, "refund_shipping_only_create", "refund_shipping_only_order_after")
			ec := entitytest.Demo()
			ec.Backend = &entitytest.Ledger{}
			ec.Progress = recordedProgress{ahead: map[string][]string{r.order.ID.String(): c.ahead}}
			outcomes, err := entitytest.Land(t.Context(), ec, Refunds, entitytest.PageOf(Refunds, r))
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes[0].Status)
			if c.want == erp.Parked {
				require.Equal(t, "order_in_progress", outcomes[0].Code)
				require.Equal(t, []erp.Key{entitytest.Key("order", r.order.ID.String())}, outcomes[0].Waits)
			}
		})
	}
}

// What was decided about a deleted refund is done: it is taken back, or left.
func TestADeletedRefundLandsAsDecided(t *testing.T) {
	for _, choice := range []string{mapping.Reverse, mapping.Keep} {
		stub := &entitytest.Ledger{}
		ec := entitytest.Demo()
		ec.Backend = stub
		r := refundRecord{id: "10/11", order: woo.Order{ID: 10}, deleted: true, decision: choice}
		stub.Bind(entitytest.Key("refund", "10/11"), "7")
		outcomes, err := entitytest.Land(t.Context(), ec, Refunds, entitytest.PageOf(Refunds, r))
		require.NoError(t, err)
		require.True(t, outcomes[0].Landed())
		require.Equal(t, choice == mapping.Reverse, len(stub.Reversed) == 1)
		require.Empty(t, stub.Refunds)
	}
}

// An ERP that books no credit notes gets no refunds, and says why when it is asked for them.
func TestAnERPWithoutCreditNotes(t *testing.T) {
	ec := entitytest.Demo()
	ec.Backend = struct{ erp.Backend }{}
	pages, _ := entitytest.Pull(t, ec, Refunds, flow.Filter{Kind: flow.All}, nil)
	require.Equal(t, "skipped: the ERP cannot book credit notes", pages[0].Skipped)
	pages, _ = entitytest.Pull(t, ec, Refunds, flow.Filter{Kind: flow.IDs, IDs: []string{"10/11"}}, nil)
	require.Equal(t, []string{"10/11"}, entitytest.MissingIDs(pages[0].Missing))
	ec.Progress = recordedProgress{}
	a := &orderAttempt{Outcome: erp.Outcome{Key: entitytest.Key("order", "10"), Status: erp.Created}}
	a.Record.Refunds = []woo.RefundRef{{ID: 11}}
	require.NoError(t, followRefunds(t.Context(), ec, []*orderAttempt{a}))
	require.Empty(t, a.Outcome.Follow)
}
