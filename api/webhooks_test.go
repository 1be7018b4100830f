package api_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
	"tandem/instance"
)

// stubWebhooks notes what it was asked, and answers with err.
type stubWebhooks struct {
	calls []string
	topic []string
	err   error
}

func (s *stubWebhooks) Address() (string, []string) {
	return "https://tandem.example.com", []string{"a warning"}
}

func (s *stubWebhooks) Check(context.Context) ([]string, error) {
	return []string{"it does not answer"}, s.err
}

func (s *stubWebhooks) Sync(_ context.Context, in instance.Instance, topics []string) error {
	s.calls, s.topic = append(s.calls, "sync "+in.ID), topics
	return nil
}

func (s *stubWebhooks) Toggle(_ context.Context, in instance.Instance, topic string) error {
	s.calls = append(s.calls, "toggle "+in.ID+" "+topic)
	return s.err
}

func TestWebhooksAreListedByTopic(t *testing.T) {
	h := newHarness(t)
	h.active()
	require.NoError(t, h.db.SaveWebhook(t.Context(), db.Webhook{Instance: "demo", Topic: "order.updated", HookID: "7", Wanted: db.WebhookActive,
		Status: db.WebhookActive, Problem: "the store had disabled the webhook"}, "abcdef"))
	answer := h.call(http.MethodGet, "/instances/demo/webhooks", nil)
	list := decode[gen.WebhookList](answer.is(http.StatusOK))
	require.Len(t, list.Items, 16)
	require.Equal(t, "https://tandem.example.com", list.PublicURL)
	require.Equal(t, []string{"a warning"}, list.Warnings)
	at := slices.IndexFunc(list.Items, func(w gen.Webhook) bool { return w.Topic == "order.updated" })
	require.Less(t, at, 8, "the usual ones come first")
	require.Equal(t, "7", list.Items[at].HookID)
	require.NotContains(t, answer.Body.String(), "abcdef")

	in := decode[gen.Instance](h.call(http.MethodGet, "/instances/demo", nil).is(http.StatusOK))
	require.Equal(t, "webhook order.updated: the store had disabled the webhook", in.Problem)
}

func TestWebhooksAreSyncedAndToggled(t *testing.T) {
	h := newHarness(t)
	h.active()
	list := decode[gen.WebhookList](h.call(http.MethodPost, "/instances/demo/webhooks/sync", map[string]any{"topics": []string{"order.deleted"}}).is(http.StatusOK))
	require.Equal(t, []string{"order.deleted"}, h.hooks.topic)
	require.Equal(t, []string{"it does not answer"}, list.Warnings)

	found, err := h.db.Instance(t.Context(), "demo")
	require.NoError(t, err)
	found.Config.Webhook.Topics = nil
	_, err = h.db.UpdateInstance(t.Context(), found)
	require.NoError(t, err)
	h.call(http.MethodPost, "/instances/demo/webhooks/sync", nil).is(http.StatusOK)
	require.Equal(t, []string{"order.created", "product.created", "customer.created", "coupon.created",
		"order.updated", "product.updated", "customer.updated", "coupon.updated"}, h.hooks.topic)

	h.call(http.MethodPost, "/instances/demo/webhooks/order.created/toggle", nil).is(http.StatusOK)
	require.Equal(t, []string{"sync demo", "sync demo", "toggle demo order.created"}, h.hooks.calls)
}

func TestWebhooksAreRefused(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.call(http.MethodPost, "/instances/demo/webhooks/sync", map[string]any{"topics": []string{"order.refunded"}}).problem(http.StatusUnprocessableEntity)
	h.call(http.MethodPost, "/instances/demo/webhooks/order.refunded/toggle", nil).problem(http.StatusNotFound)
	h.hooks.err = fault.New(fault.Invalid, "the public address redirects")
	h.call(http.MethodPost, "/instances/demo/webhooks/sync", nil).problem(http.StatusUnprocessableEntity)
	require.Empty(t, h.hooks.calls)
	h.call(http.MethodPost, "/instances/demo/deactivate", nil).is(http.StatusOK)
	h.call(http.MethodPost, "/instances/demo/webhooks/sync", nil).problem(http.StatusConflict)
}
