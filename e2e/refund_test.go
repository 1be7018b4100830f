package e2e

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/woo/wootest"
)

// changes are what changed since the last import.
var changes = flow.Filter{Kind: flow.Changes}

// refundIn gives back of an order in the store, without asking the gateway, and gives the refund's id as Tandem names it.
func (s *shop) refundIn(order string, body map[string]any) string {
	s.t.Helper()
	body["api_refund"] = false
	var made struct {
		ID int `json:"id"`
	}
	s.write(http.MethodPost, "orders/"+order+"/refunds", body, &made)
	return order + "/" + strconv.Itoa(made.ID)
}

// setStatus changes the status of an order in the store.
func (s *shop) setStatus(order, status string) {
	s.t.Helper()
	s.write(http.MethodPut, "orders/"+order, map[string]string{"status": status}, nil)
}

// TestRefundsBecomeCreditNotes gives orders back in the store after they were sold: an import of orders alone brings each refund along
// once. What was not shipped is not shipped any more. A deleted refund and a late cancellation wait for a person's choice.
func TestRefundsBecomeCreditNotes(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(30, 5, 5))
	product := store.oneManaged()
	store.setStock(product, 50)
	part, late := store.sell(product, 2), store.sell(product, 1)
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)
	x.order(part, "done")
	x.order(late, "done")
	store.setStock(product, 1)
	waiting := store.sell(product, 9)
	x.importAll(everything, "product", "order")
	x.order(waiting, "blocked")

	t.Run("a part", func(t *testing.T) { requirePartRefunded(t, x, store, part) })

	t.Run("all of what was not shipped", func(t *testing.T) {
		store.setStatus(waiting, "refunded")
		x.importAll(changes, "order")
		done := x.retried(waiting)
		require.Len(t, done.Figures.Refunds, 1)
		require.Equal(t, done.Figures.Total, done.Figures.Refunds[0].Total)
		require.Zero(t, x.number(`SELECT count(*) FROM ledger.deliveries d JOIN ledger.external_ids e ON e.model = 'order' AND e.record_id = d.order_id
			WHERE e.ext_id = $1 AND d.state <> 'cancelled'`, waiting), "deliveries that are not given up")
	})

	t.Run("a late cancellation", func(t *testing.T) {
		store.setStatus(late, "cancelled")
		x.importAll(changes, "order")
		require.Empty(t, x.order(late, "done").Figures.Refunds)
		x.decide(t, "order", "cancel_needs_person", "credit_note")
		figures := x.order(late, "done").Figures
		require.Len(t, figures.Refunds, 1)
		require.Equal(t, []string{late + "/cancellation", figures.Total}, []string{figures.Refunds[0].WooID, figures.Refunds[0].Total})
	})
	requireBalanced(t, x)
}

// requirePartRefunded gives a part of a sold order back in the store, which becomes one credit note, and takes that back.
func requirePartRefunded(t *testing.T, x *tandem, store *shop, part string) {
	before := x.order(part, "done").Figures
	refund := store.refundIn(part, map[string]any{"amount": "3.00", "reason": "goodwill"})
	x.importAll(changes, "order")
	figures := x.order(part, "done").Figures
	require.Len(t, figures.Refunds, 1)
	require.Equal(t, []string{refund, "3"}, []string{figures.Refunds[0].WooID, figures.Refunds[0].Total})
	require.True(t, figures.Refunds[0].PaidOut)
	require.Equal(t, []string{before.Total, before.InvoiceNumber, before.Due}, []string{figures.Total, figures.InvoiceNumber, figures.Due})
	x.importAll(everything, "refund")
	require.Len(t, x.order(part, "done").Figures.Refunds, 1, "each refund is booked once")

	store.write(http.MethodDelete, "orders/"+part+"/refunds/"+refund[len(part)+1:], nil, nil)
	x.importAll(everything, "refund")
	x.decide(t, "refund", "refund_deleted", "reverse")
	require.True(t, x.order(part, "done").Figures.Refunds[0].Reversed)
	x.importAll(everything, "refund")
	require.Empty(t, x.parkedFor("refund", "refund_deleted"))
}

// parkedFor lists the jobs of an entity that are parked with a code.
func (x *tandem) parkedFor(entity, code string) []gen.Job {
	x.t.Helper()
	return get[gen.JobPage](x, "/jobs?state=parked&instance="+instanceID+"&entity="+entity+"&code="+code).Items
}

// decide chooses for the one job that waits for it, and waits until that is done.
func (x *tandem) decide(t *testing.T, entity, code, choice string) {
	t.Helper()
	waiting := x.parkedFor(entity, code)
	require.Len(t, waiting, 1)
	require.NotEmpty(t, waiting[0].Choices)
	op := post[gen.Operation](x, "/jobs/"+strconv.FormatInt(waiting[0].ID, 10)+"/decide", gen.JobDecision{Choice: choice})
	require.Equal(t, "done", string(x.ended(op.ID).State))
}

// requireBalanced checks that what was posted balances in every currency.
func requireBalanced(t *testing.T, x *tandem) {
	t.Helper()
	totals, err := x.backend.Totals(t.Context(), instanceID)
	require.NoError(t, err)
	for _, p := range totals.Postings {
		require.True(t, p.Debit.Equal(p.Credit), "postings in %s: %s and %s", p.Currency, p.Debit, p.Credit)
	}
}
