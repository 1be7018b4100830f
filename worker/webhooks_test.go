package worker

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
	"tandem/woo/wootest"
)

// hookHarness is an instance of a simulated store whose webhooks lead to a receiver.
type hookHarness struct {
	t      *testing.T
	store  *wootest.Server
	client *woo.Client
	db     *db.DB
	inst   instance.Instance
	hooks  *Webhooks
	log    *bytes.Buffer
}

func newHookHarness(t *testing.T, o wootest.Options) *hookHarness {
	t.Helper()
	d := newDB(t, instance.Active)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	t.Cleanup(receiver.Close)
	h := &hookHarness{t: t, store: wootest.Start(t, o), db: d, log: &bytes.Buffer{}}
	found, err := d.Instance(t.Context(), "demo")
	require.NoError(t, err)
	found.StoreURL = h.store.URL
	h.inst, err = d.UpdateInstance(t.Context(), found)
	require.NoError(t, err)
	require.NoError(t, d.SetCredentials(t.Context(), "demo", instance.Credentials{ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret}))
	h.hooks = &Webhooks{DB: d, Connections: newConnections(d), PublicURL: receiver.URL, Logger: slog.New(slog.NewTextHandler(h.log, nil))}
	h.client, err = h.hooks.Connections.Store(t.Context(), h.inst)
	require.NoError(t, err)
	return h
}

func (h *hookHarness) row(topic string) db.Webhook {
	h.t.Helper()
	rows, err := h.hooks.rows(h.t.Context(), "demo")
	require.NoError(h.t, err)
	return rows[topic]
}

func (h *hookHarness) secret(topic string) string {
	h.t.Helper()
	secret, err := h.db.WebhookSecret(h.t.Context(), "demo", topic)
	require.NoError(h.t, err)
	return secret
}

func (h *hookHarness) inStore() []woo.Webhook {
	h.t.Helper()
	all, err := h.client.Webhooks.All(h.t.Context())
	require.NoError(h.t, err)
	return all
}

// gaps are the operations that read what was not reported.
func (h *hookHarness) gaps() []db.Operation {
	h.t.Helper()
	list, _, err := h.db.Operations(h.t.Context(), db.OperationFilter{Trigger: TriggerWebhookGap}, db.Page{})
	require.NoError(h.t, err)
	return list
}

func (h *hookHarness) sync(topics ...string) {
	h.t.Helper()
	require.NoError(h.t, h.hooks.Sync(h.t.Context(), h.inst, topics))
}

func (h *hookHarness) watch() {
	h.t.Helper()
	require.NoError(h.t, h.hooks.Watch(h.t.Context(), h.inst))
}

func TestSyncMakesWebhooks(t *testing.T) {
	h := newHookHarness(t, wootest.Options{})
	h.watch()
	require.Empty(t, h.inStore(), "nothing is made unless a person asks for it")
	h.sync("order.created", "order.updated")
	all := h.inStore()
	require.Len(t, all, 2)
	for _, w := range all {
		row := h.row(w.Topic)
		require.Equal(t, w.ID.String(), row.HookID)
		require.Equal(t, db.WebhookActive, row.Status)
		require.Equal(t, h.hooks.PublicURL+"/webhooks/demo/"+w.Topic, w.DeliveryURL)
		require.Regexp(t, "^[A-Za-z0-9]{32,}$", h.secret(w.Topic), "letters and digits only (N06)")
	}
	require.NotEqual(t, h.secret("order.created"), h.secret("order.updated"))
	secret := h.secret("order.created")
	h.sync("order.created", "order.updated")
	h.watch()
	require.Equal(t, all, h.inStore(), "again changes nothing")
	require.Equal(t, secret, h.secret("order.created"))
	require.Empty(t, h.gaps())
}

func TestToggle(t *testing.T) {
	h := newHookHarness(t, wootest.Options{})
	require.Equal(t, fault.Conflict, fault.KindOf(h.hooks.Toggle(t.Context(), h.inst, "order.created")))
	h.sync("order.created")
	require.NoError(t, h.hooks.Toggle(t.Context(), h.inst, "order.created"))
	require.Equal(t, woo.WebhookPaused, h.inStore()[0].Status)
	require.Equal(t, db.WebhookPaused, h.row("order.created").Wanted)
	h.watch()
	require.Equal(t, woo.WebhookPaused, h.inStore()[0].Status, "it stays as the person chose")
	require.Empty(t, h.gaps())
	id := h.inStore()[0].ID
	require.NoError(t, h.hooks.Toggle(t.Context(), h.inst, "order.created"))
	require.Equal(t, woo.WebhookDisabled, h.inStore()[0].Status)
	h.watch()
	require.Equal(t, woo.WebhookDisabled, h.inStore()[0].Status, "it stays as the person chose")
	require.Empty(t, h.gaps())
	for name, enable := range map[string]func(){
		"toggled": func() { require.NoError(t, h.hooks.Toggle(t.Context(), h.inst, "order.created")) },
		"synced":  func() { h.sync("order.created") },
	} {
		before := len(h.gaps())
		enable()
		require.Equal(t, []any{woo.WebhookActive, id}, []any{h.inStore()[0].Status, h.inStore()[0].ID}, "%s: the same one goes on", name)
		require.Empty(t, h.row("order.created").Problem)
		require.Len(t, h.gaps(), before+1, "%s: what happened meanwhile is read", name)
		for range 2 {
			require.NoError(t, h.hooks.Toggle(t.Context(), h.inst, "order.created"))
		}
	}
}

// TestWatchMends (C03, C04, N11): what stores do to webhooks, and what becomes of it.
func TestWatchMends(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		harm  func(h *hookHarness, id woo.ID)
		found string
		gap   bool
	}{
		"disabled": {func(h *hookHarness, id woo.ID) {
			_, err := h.client.Webhooks.SetStatus(h.t.Context(), id, woo.WebhookDisabled)
			require.NoError(h.t, err)
		}, "seven failed deliveries", true},
		"deleted": {func(h *hookHarness, id woo.ID) { require.NoError(h.t, h.client.Webhooks.Remove(h.t.Context(), id)) }, "deleted", true},
		"twin": {func(h *hookHarness, _ woo.ID) {
			_, err := h.client.Webhooks.Subscribe(h.t.Context(), woo.Subscription{Topic: "order.updated",
				DeliveryURL: h.hooks.PublicURL + "/webhooks/demo/order.updated"})
			require.NoError(h.t, err)
		}, "another webhook", false},
		"earlier address": {func(h *hookHarness, id woo.ID) {
			_, err := h.client.Webhooks.Update(h.t.Context(), id, woo.Fields{"delivery_url": "http://127.0.0.1:9/webhooks/demo/order.updated"})
			require.NoError(h.t, err)
		}, "another address", true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHookHarness(t, wootest.Options{})
			h.sync("order.updated", "order.created")
			before, secret := h.row("order.updated"), h.secret("order.updated")
			id := h.inStore()[0].ID
			c.harm(h, id)
			h.watch()
			all := h.inStore()
			require.Len(t, all, 2)
			row := h.row("order.updated")
			require.Equal(t, db.WebhookActive, row.Status)
			require.Contains(t, row.Problem, c.found)
			require.Contains(t, h.log.String(), c.found)
			require.Equal(t, c.gap, row.HookID != before.HookID, "recreated rather than set active")
			require.Equal(t, c.gap, secret != h.secret("order.updated"))
			if !c.gap {
				require.Empty(t, h.gaps())
				return
			}
			gaps := h.gaps()
			require.Len(t, gaps, 1)
			require.Equal(t, []string{"order"}, gaps[0].Entities)
			var filter flow.Filter
			require.NoError(t, json.Unmarshal(gaps[0].Filter, &filter))
			require.Equal(t, flow.Changes, filter.Kind)
			h.watch()
			require.Len(t, h.gaps(), 1, "once")
			require.Contains(t, h.row("order.updated").Problem, c.found, "until a delivery proves that it works")
		})
	}
}

// TestWatchOfALostReply: a webhook that was made although nobody heard of it does not stay beside the next one.
func TestWatchOfALostReply(t *testing.T) {
	h := newHookHarness(t, wootest.Options{})
	h.sync("order.updated")
	require.NoError(t, h.client.Webhooks.Remove(t.Context(), h.inStore()[0].ID))
	h.store.SetFaults(wootest.Faults{Routes: []wootest.RouteFault{{Route: "webhooks", Method: http.MethodPost, Status: 500, Times: 2}}})
	require.Error(t, h.hooks.Watch(t.Context(), h.inst))
	require.Empty(t, h.gaps())
	h.watch()
	require.Len(t, h.inStore(), 1)
	require.Len(t, h.gaps(), 1)
	require.Equal(t, h.inStore()[0].ID.String(), h.row("order.updated").HookID)
}

// TestWatchLeavesEmptyWebhooks (N09): what an older store leaves is neither taken for ours nor deleted.
func TestWatchLeavesEmptyWebhooks(t *testing.T) {
	h := newHookHarness(t, wootest.Options{LeaveEmptyWebhooks: true, WebhookDelay: 3 * time.Second})
	h.sync("product.created")
	_, err := h.client.Products.Create(t.Context(), woo.Fields{"name": "Cup"})
	require.NoError(t, err)
	require.NoError(t, h.client.Webhooks.Remove(t.Context(), h.inStore()[0].ID))
	require.Eventually(t, func() bool { return len(h.inStore()) == 1 }, time.Minute, 10*time.Millisecond)
	empty := h.inStore()[0]
	h.watch()
	all := h.inStore()
	require.Len(t, all, 2)
	require.Equal(t, empty, all[0])
	require.Equal(t, "product.created", all[1].Topic)
}
