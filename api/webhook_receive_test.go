package api_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api"
	"tandem/api/gen"
	"tandem/db"
	"tandem/hooks"
)

const hookSecret = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"

// hooked keeps the secret of a topic's webhook.
func (h *harness) hooked(topic string) {
	h.t.Helper()
	require.NoError(h.t, h.db.SaveWebhook(h.t.Context(), db.Webhook{Instance: "demo", Topic: topic, HookID: "5"}, hookSecret))
}

// deliver sends a body as a store does: without a token.
func (h *harness) deliver(path, body, signature string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	request := httptest.NewRequestWithContext(h.t.Context(), http.MethodPost, "http://tandem.example"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if signature != "" {
		request.Header.Set(hooks.HeaderSignature, signature)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, request)
	return recorder
}

func (h *harness) signed(topic, body string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.deliver("/webhooks/demo/"+topic, body, hooks.Sign(hookSecret, []byte(body)), headers...)
}

func (h *harness) deliveries(query string) []gen.WebhookDelivery {
	h.t.Helper()
	return decode[gen.WebhookDeliveryPage](h.call("GET", "/webhook-deliveries"+query, nil).is(http.StatusOK)).Items
}

func (h *harness) hook() db.Webhook {
	h.t.Helper()
	list, err := h.db.Webhooks(h.t.Context(), "demo")
	require.NoError(h.t, err)
	require.NotEmpty(h.t, list)
	return list[0]
}

// told waits until Temporal was told of deliveries more often than before.
func (h *harness) told(before int) {
	h.t.Helper()
	require.Eventually(h.t, func() bool { return h.countCalls("tell webhooks of demo") > before }, time.Minute, 10*time.Millisecond)
}

func (h *harness) countCalls(call string) (n int) {
	h.runs.mu.Lock()
	defer h.runs.mu.Unlock()
	for _, c := range h.runs.calls {
		if c == call {
			n++
		}
	}
	return n
}

// N01, N11: one notice, whichever webhook delivers it and whatever it calls the delivery.
func TestADeliveryIsReceivedOnce(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.hooked("order.updated")
	for i, hook := range []string{"5", "6", "5"} {
		reply := h.signed("order.updated", `{"id":7,"status":"processing"}`, hooks.HeaderHookID, hook, hooks.HeaderDeliveryID, strings.Repeat("d", i+1))
		require.Equal(t, http.StatusOK, reply.Code, reply.Body.String())
		require.Empty(t, reply.Body.String())
	}
	list := h.deliveries("?instance=demo")
	require.Len(t, list, 1)
	require.Equal(t, "waiting", string(list[0].State))
	require.Equal(t, []any{"order.updated", "7", "order", "7", 3, 0, "5", "ddd"},
		[]any{list[0].Topic, list[0].WooID, list[0].Entity, list[0].RecordID, list[0].Times, list[0].Attempts, list[0].HookID, list[0].DeliveryID})
	h.told(0)
	require.WithinDuration(t, time.Now(), h.hook().LastDeliveryAt, time.Minute)
}

// Whatever the headers hold, a signed delivery is kept: five refusals in a row switch the webhook off.
func TestADeliveryWithOddHeadersIsReceived(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.hooked("order.updated")
	for i, id := range []string{"a" + strings.Repeat("é", 40), "caf\xe9", ""} {
		reply := h.signed("order.updated", `{"id":`+decimalText(int64(i+1))+`,"a":1}`, hooks.HeaderDeliveryID, id)
		require.Equal(t, http.StatusOK, reply.Code, reply.Body.String())
	}
	require.Len(t, h.deliveries("?instance=demo"), 3)
}

// Two hundred deliveries a second are no two hundred signals.
func TestDeliveriesAreToldOfTogether(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.hooked("order.updated")
	began := time.Now()
	var all sync.WaitGroup
	for id := range 60 {
		all.Go(func() { h.signed("order.updated", `{"id":`+decimalText(int64(id+1))+`,"a":1}`) })
	}
	all.Wait()
	require.Len(t, h.deliveries("?instance=demo&limit=500"), 60)
	windows := int(time.Since(began)/(100*time.Millisecond)) + 2
	require.LessOrEqual(t, h.countCalls("tell webhooks of demo"), min(windows, 30))
}

// C05, N06, N07: what is not signed with the kept secret is answered 401, and shows.
func TestARefusedDeliveryIsAnIncident(t *testing.T) {
	h := newHarness(t)
	h.active()
	body := `{"id":7}`
	require.Equal(t, http.StatusUnauthorized, h.signed("order.updated", body).Code, "no secret is kept: it was lost")
	require.Contains(t, h.hook().RefusedReason, "no secret")
	h.hooked("order.updated")
	for signature, reason := range map[string]string{
		"": "not signed", hooks.Sign("another", []byte(body)): "does not fit", hooks.Sign(hookSecret, []byte(body+" ")): "does not fit", "%%%": "does not fit",
	} {
		before := h.hook().Refused
		reply := h.deliver("/webhooks/demo/order.updated", body, signature)
		require.Equal(t, http.StatusUnauthorized, reply.Code)
		require.Equal(t, before+1, h.hook().Refused)
		require.Contains(t, h.hook().RefusedReason, reason)
		require.WithinDuration(t, time.Now(), h.hook().RefusedAt, time.Minute)
	}
	require.Empty(t, h.deliveries("?instance=demo"))
	require.NotContains(t, h.log.String(), hookSecret)
}

// N08: 200 to exactly the ping, which is not signed.
func TestThePingIsAnswered(t *testing.T) {
	h := newHarness(t)
	h.active()
	for body, status := range map[string]int{
		"webhook_id=2": http.StatusOK, "webhook_id=2&x=1": http.StatusUnauthorized, "webhook_id=x": http.StatusUnauthorized, "": http.StatusUnauthorized,
	} {
		require.Equal(t, status, h.deliver("/webhooks/demo/order.updated", body, "", "Content-Type", "application/x-www-form-urlencoded").Code, body)
	}
	require.WithinDuration(t, time.Now(), h.hook().PingedAt, time.Minute)
	require.Empty(t, h.deliveries("?instance=demo"))
}

func TestUnknownAddressesOfWebhooks(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.hooked("order.updated")
	for _, path := range []string{"/webhooks/other/order.updated", "/webhooks/demo/order.exploded", "/webhooks/demo", "/webhooks", "/webhooks/de%00mo/order.updated"} {
		for _, body := range []string{"webhook_id=2", `{"id":7}`} {
			require.Equal(t, http.StatusNotFound, h.deliver(path, body, hooks.Sign(hookSecret, []byte(body))).Code, path)
		}
	}
	large := string(bytes.Repeat([]byte("x"), hooks.MaxBody+1))
	require.Equal(t, http.StatusRequestEntityTooLarge, h.signed("order.updated", large).Code)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://tandem.example/webhooks/demo/order.updated", nil)
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, request)
	require.Equal(t, http.StatusMethodNotAllowed, recorder.Code)
}

// N04, N05: whatever the body is, it is acknowledged.
func TestOddBodiesAreAcknowledged(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.hooked("product.updated")
	for _, body := range []string{"[]", "{}", "<html>", `{"id":9,"parent_id":4,"type":"variation"}`, `{"code":"x","message":"Invalid ID.","data":{"status":404}}`, "\xff\xfe\x00"} {
		require.Equal(t, http.StatusOK, h.signed("product.updated", body).Code, body)
	}
	list := h.deliveries("?topic=product.updated&state=done")
	require.Len(t, list, 1)
	require.Equal(t, hooks.CodeNoRecord, list[0].Code)
	waiting := h.deliveries("?topic=product.updated&state=waiting")
	require.Len(t, waiting, 5)
	byRecord := map[string]int{}
	for _, one := range waiting {
		require.Equal(t, "product", one.Entity)
		byRecord[one.RecordID]++
	}
	require.Equal(t, map[string]int{"": 4, "4": 1}, byRecord)
}

// A store does not repeat a delivery: what it reported is read by the next import of changes.
func TestADatabaseThatIsAwayIsNotTheStoresFault(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.hooked("order.updated")
	h.exec(`ALTER TABLE tandem.inbox RENAME TO away`)
	require.Equal(t, http.StatusServiceUnavailable, h.signed("order.updated", `{"id":7}`).Code)
	h.exec(`ALTER TABLE tandem.away RENAME TO inbox`)
	require.Equal(t, http.StatusOK, h.signed("order.updated", `{"id":7}`).Code)
}

// Without tokens only this machine may call, except stores, which sign.
func TestAnOpenAPITakesDeliveriesFromElsewhere(t *testing.T) {
	h := newHarness(t, func(o *api.Options) { o.NoAuth = true })
	h.active()
	h.hooked("order.updated")
	require.Equal(t, http.StatusOK, h.signed("order.updated", `{"id":7}`).Code)
	require.Equal(t, http.StatusUnauthorized, h.deliver("/webhooks/demo/order.updated", `{"id":7}`, "").Code)
	require.Equal(t, http.StatusForbidden, h.deliver("/api/v1/operations", `{}`, "").Code)
	require.Equal(t, http.StatusForbidden, h.deliver("/webhooks", `{}`, "").Code)
}

func TestDeliveriesOfAnInstanceThatIsNotActiveAreKept(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.hooked("order.updated")
	h.call("POST", "/instances/demo/deactivate", nil).is(http.StatusOK)
	require.Equal(t, http.StatusOK, h.signed("order.updated", `{"id":7,"a":1}`).Code)
	list := h.deliveries("?instance=demo")
	require.Len(t, list, 1)
	require.Contains(t, list[0].Reason, "when it is activated")
	h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK)
	told := h.countCalls("tell webhooks of demo")
	h.call("POST", "/instances/demo/activate", nil).is(http.StatusOK)
	h.told(told)
	require.Empty(t, h.deliveries("?instance=demo")[0].Reason)
}
