package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
)

// walkDeliveries calls what there is about deliveries.
func walkDeliveries(h *harness) {
	h.hooked("order.updated")
	require.Equal(h.t, http.StatusOK, h.signed("order.updated", `{"id":7,"a":1}`).Code)
	h.covered["ReceiveWebhookDelivery"] = true // outside of the contract's path: TestADeliveryIsReceivedOnce
	h.covered["ReceiveKeys"] = true            // likewise: TestAStoreMakesKeys
	h.covered["ReturnFromStore"] = true        // likewise: TestKeysAreDenied
	h.covered["FetchImage"] = true             // likewise: TestAStoreFetchesAnImage
	list := h.deliveries("?instance=demo")
	at := "/webhook-deliveries/" + decimalText(list[0].ID)
	h.call("GET", at, nil).is(http.StatusOK)
	h.call("POST", at+"/replay", nil).is(http.StatusAccepted)
	h.call("POST", "/webhook-deliveries/replay", map[string]any{"instance": "demo", "dry_run": true}).is(http.StatusAccepted)
}

// failedDeliveries receives a delivery of each order, and has the operation that is to read them cancelled.
func (h *harness) failedDeliveries(ids ...string) {
	h.t.Helper()
	for _, id := range ids {
		require.Equal(h.t, http.StatusOK, h.signed("order.updated", `{"id":`+id+`,"a":1}`).Code)
	}
	op, err := h.db.ClaimDeliveries(h.t.Context(), db.Operation{
		ID: "0192d3c1-0000-7000-8000-000000000000", Kind: "import", Direction: "import", Instances: []string{"demo"}, Trigger: "webhook"}, 100)
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.SetOperationState(h.t.Context(), op.ID, db.OperationCancelled, "", ""))
	_, err = h.db.SettleDeliveries(h.t.Context(), "demo")
	require.NoError(h.t, err)
}

func TestReplayOfDeliveries(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.hooked("order.updated")
	h.failedDeliveries("7", "8", "9")
	require.Len(t, h.deliveries("?state=failed"), 3)
	operation := decode[gen.Operation](h.call("GET", "/operations/0192d3c1-0000-7000-8000-000000000000", nil).is(http.StatusOK))
	require.Equal(t, "webhook", string(operation.Trigger))
	require.Equal(t, map[string][]string{"order": {"7", "8", "9"}}, operation.Filter.Notified)

	replay := func(body map[string]any) int {
		body["instance"] = "demo"
		return decode[gen.ReplayedWebhookDeliveries](h.call("POST", "/webhook-deliveries/replay", body).is(http.StatusAccepted)).Count
	}
	require.Equal(t, 3, replay(map[string]any{"dry_run": true}))
	require.Zero(t, replay(map[string]any{"topic": "order.created"}))
	require.Zero(t, replay(map[string]any{"to": time.Now().Add(-time.Hour)}))
	require.Zero(t, replay(map[string]any{"state": "done"}))

	one := h.deliveries("?state=failed")[0]
	replayed := decode[gen.WebhookDelivery](h.call("POST", "/webhook-deliveries/"+decimalText(one.ID)+"/replay", nil).is(http.StatusAccepted))
	require.Equal(t, "waiting", string(replayed.State))
	told := h.countCalls("tell webhooks of demo")
	require.Equal(t, 2, replay(map[string]any{"state": "failed", "from": time.Now().Add(-time.Hour)}))
	h.told(told)
	require.Len(t, h.deliveries("?state=waiting"), 3)
}

func TestDeliveriesRefuse(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.call("GET", "/webhook-deliveries?topic=order.exploded", nil).fields(http.StatusUnprocessableEntity, "topic")
	h.call("GET", "/webhook-deliveries?instance=none", nil).problem(http.StatusUnprocessableEntity)
	h.call("GET", "/webhook-deliveries/4711", nil).problem(http.StatusNotFound)
	h.call("POST", "/webhook-deliveries/4711/replay", nil).problem(http.StatusNotFound)
	h.call("POST", "/webhook-deliveries/replay", map[string]any{"instance": "none"}).fields(http.StatusUnprocessableEntity, "instance")
	h.call("POST", "/webhook-deliveries/replay", map[string]any{"instance": "demo", "topic": "x"}).fields(http.StatusUnprocessableEntity, "topic")
	h.call("POST", "/operations", map[string]any{"instances": []string{"demo"}, "entities": []string{"order"}, "filter": map[string]any{"kind": "notified"}}).
		problem(http.StatusUnprocessableEntity)
}
