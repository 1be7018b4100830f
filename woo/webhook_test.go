package woo_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/woo"
	"tandem/woo/wootest"
)

func webhookStore(t *testing.T) (*wootest.Server, *woo.Client) {
	t.Helper()
	store := wootest.Start(t, wootest.Options{WebhookDelay: time.Hour})
	client, err := woo.New(woo.Config{URL: store.URL, ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret})
	require.NoError(t, err)
	return store, client
}

func subscription(topic string) woo.Subscription {
	return woo.Subscription{Name: "Tandem", Topic: topic, DeliveryURL: "http://127.0.0.1:1/webhooks/shop/" + topic, Secret: "abc123"}
}

// TestAllWebhooks (N10): the list goes by page, and ends when pages repeat.
func TestAllWebhooks(t *testing.T) {
	t.Parallel()
	store, client := webhookStore(t)
	var fields []woo.Fields
	for i := range 230 {
		fields = append(fields, woo.Fields{"topic": "order.updated", "delivery_url": fmt.Sprintf("http://127.0.0.1:1/%d", i)})
	}
	made, err := client.Webhooks.Batch(t.Context(), woo.Batch{Create: fields})
	require.NoError(t, err)
	all, err := client.Webhooks.All(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 230)
	require.Equal(t, made.Create[0].Record.ID, all[0].ID)

	store.SetFaults(wootest.Faults{Routes: []wootest.RouteFault{{Route: "webhooks", Ignore: []string{"page", "offset"}}}})
	all, err = client.Webhooks.All(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 100, "the first page again is the end, not another page")
}

// TestSubscribe: whatever becomes of the answer, there is one webhook.
func TestSubscribe(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]wootest.Faults{
		"answered":             {},
		"answer lost":          {RateCut: 1},
		"refused and not done": {Routes: []wootest.RouteFault{{Route: "webhooks", Method: http.MethodPost, Status: 502, HTML: true, Times: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, client := webhookStore(t)
			store.SetFaults(faults)
			if faults.RateCut > 0 {
				time.AfterFunc(300*time.Millisecond, func() { store.SetFaults(wootest.Faults{}) })
			}
			made, err := client.Webhooks.Subscribe(t.Context(), subscription("order.created"))
			require.NoError(t, err)
			all, err := client.Webhooks.All(t.Context())
			require.NoError(t, err)
			require.Len(t, all, 1)
			require.Equal(t, made.ID, all[0].ID)
			require.Equal(t, "order.created", all[0].Topic)
			require.Equal(t, woo.WebhookActive, all[0].Status)
		})
	}
}

func TestWebhookStatusAndRemoval(t *testing.T) {
	t.Parallel()
	_, client := webhookStore(t)
	made, err := client.Webhooks.Subscribe(t.Context(), subscription("order.created"))
	require.NoError(t, err)
	paused, err := client.Webhooks.SetStatus(t.Context(), made.ID, woo.WebhookPaused)
	require.NoError(t, err)
	require.Equal(t, woo.WebhookPaused, paused.Status)
	require.NoError(t, client.Webhooks.Remove(t.Context(), made.ID))
	require.NoError(t, client.Webhooks.Remove(t.Context(), made.ID), "gone already")
	_, err = client.Webhooks.SetStatus(t.Context(), made.ID, woo.WebhookActive)
	require.Equal(t, woo.NotFound, woo.ReasonOf(err))

	_, err = client.Webhooks.Subscribe(t.Context(), subscription("order.refunded"))
	require.Equal(t, woo.Invalid, woo.ReasonOf(err))
}
