package db

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

const testSecret = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"

// A delivery is checked and kept while everything else takes all connections, and so is a ping.
func TestADeliveryWaitsForNoOtherConnection(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	require.NoError(t, d.SaveWebhook(t.Context(), Webhook{Instance: "demo", Topic: "order.updated"}, testSecret))
	d.pool.SetMaxOpenConns(1)
	busy, err := d.pool.Conn(t.Context())
	require.NoError(t, err)
	defer busy.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	secret, err := d.WebhookSecret(ctx, "demo", "order.updated")
	require.NoError(t, err)
	require.Equal(t, testSecret, secret)
	require.NoError(t, d.NoteWebhookPing(ctx, "demo", "order.updated"))
	_, err = d.ReceiveDelivery(ctx, NewDelivery{Instance: "demo", Topic: "order.updated", Entity: "order", WooID: "7", RecordID: "7", Digest: []byte{1}})
	require.NoError(t, err)
}

func TestWebhooks(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	newInstance(t, d, "other")
	hook := Webhook{
		Instance: "demo", Topic: "order.updated", Wanted: WebhookActive, Status: WebhookActive, HookID: "12",
		DeliveryURL: "https://tandem.example/webhooks/demo/order.updated", CreatedAt: time.Now().UTC().Truncate(time.Second),
	}
	require.NoError(t, d.SaveWebhook(t.Context(), hook, testSecret))
	require.NoError(t, d.SaveWebhook(t.Context(), Webhook{Instance: "other", Topic: "order.updated"}, ""))

	list, err := d.Webhooks(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, []Webhook{hook}, list)
	all, err := d.Webhooks(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, all, 2)

	secret, err := d.WebhookSecret(t.Context(), "demo", "order.updated")
	require.NoError(t, err)
	require.Equal(t, testSecret, secret)
	secret, err = d.WebhookSecret(t.Context(), "demo", "order.created")
	require.NoError(t, err)
	require.Empty(t, secret)
	_, err = d.WebhookSecret(t.Context(), "missing", "order.created")
	requireKind(t, fault.NotFound, err)
	require.ErrorContains(t, err, `no instance "missing"`)

	hook.Status, hook.Problem = WebhookMissing, "the store has it no more"
	require.NoError(t, d.SaveWebhook(t.Context(), hook, ""))
	secret, err = d.WebhookSecret(t.Context(), "demo", "order.updated")
	require.NoError(t, err)
	require.Equal(t, testSecret, secret, "what is not given stays")

	require.NoError(t, d.DeleteWebhook(t.Context(), "demo", "order.updated"))
	require.NoError(t, d.DeleteWebhook(t.Context(), "demo", "order.updated"), "again")
	secret, err = d.WebhookSecret(t.Context(), "demo", "order.updated")
	require.NoError(t, err)
	require.Empty(t, secret)
	list, err = d.Webhooks(t.Context(), "demo")
	require.NoError(t, err)
	require.Empty(t, list)
	require.Error(t, d.SaveWebhook(t.Context(), Webhook{Instance: "missing", Topic: "order.updated"}, testSecret))
}

func TestWebhookSecretsAreSealedWithTheOtherKeys(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	hook := Webhook{Instance: "demo", Topic: "order.updated"}
	require.NoError(t, d.SaveWebhook(t.Context(), hook, testSecret))

	var dump string
	require.NoError(t, d.pool.GetContext(t.Context(), &dump, `
		SELECT (SELECT string_agg(i::text || encode(credentials, 'escape'), '') FROM tandem.instances i) || (SELECT string_agg(w::text, '') FROM tandem.webhooks w)`))
	require.NotContains(t, dump, testSecret)

	require.NoError(t, d.SetCredentials(t.Context(), "demo", instance.Credentials{ConsumerKey: "ck_new"}))
	cred, err := d.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, instance.Credentials{ConsumerKey: "ck_new", ConsumerSecret: "cs_demo", Webhooks: map[string]string{"order.updated": testSecret}}, cred)

	another := []byte(strings.Repeat("x", keyLength))
	keys, err := newKeyring([][]byte{another, testKey})
	require.NoError(t, err)
	d.keys = keys
	resealed, _, err := d.Rekey(t.Context(), false)
	require.NoError(t, err)
	require.Equal(t, 1, resealed)
	d.keys = keys[:1]
	secret, err := d.WebhookSecret(t.Context(), "demo", "order.updated")
	require.NoError(t, err)
	require.Equal(t, testSecret, secret)

	d.keys, err = newKeyring([][]byte{testKey})
	require.NoError(t, err)
	err = d.SaveWebhook(t.Context(), hook, testSecret)
	requireKind(t, fault.Unavailable, err)
	require.Equal(t, CodeWrongKey, fault.From(err).Code)
	d.keys = keys[:1]
	cred, err = d.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, "ck_new", cred.ConsumerKey, "keys that do not open are not dropped for a webhook")
}

// N07: what is refused shows, and a new secret starts the count again.
func TestRefusedDeliveriesShow(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	for range 3 {
		require.NoError(t, d.NoteRefusedDelivery(t.Context(), "demo", "order.updated", "the signature is blank"))
	}
	require.NoError(t, d.NoteWebhookPing(t.Context(), "demo", "order.updated"))
	list, err := d.Webhooks(t.Context(), "demo")
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, 3, list[0].Refused)
	require.Equal(t, "the signature is blank", list[0].RefusedReason)
	requireRecent(t, list[0].RefusedAt)
	requireRecent(t, list[0].PingedAt)

	require.NoError(t, d.SaveWebhook(t.Context(), Webhook{Instance: "demo", Topic: "order.updated"}, ""))
	list, err = d.Webhooks(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, 3, list[0].Refused)
	require.NoError(t, d.SaveWebhook(t.Context(), Webhook{Instance: "demo", Topic: "order.updated"}, testSecret))
	list, err = d.Webhooks(t.Context(), "demo")
	require.NoError(t, err)
	require.Zero(t, list[0].Refused)
	require.Empty(t, list[0].RefusedReason)
	require.True(t, list[0].RefusedAt.IsZero())
	requireRecent(t, list[0].PingedAt)
}

func TestWebhooksGoWithTheirStore(t *testing.T) {
	d := newDB(t)
	in := newInstance(t, d, "demo")
	require.NoError(t, d.SaveWebhook(t.Context(), Webhook{Instance: "demo", Topic: "order.updated"}, testSecret))
	receive(t, d, "order.updated", "7", "a")

	in.StoreURL += "/shop"
	in, err := d.UpdateInstance(t.Context(), in)
	require.NoError(t, err)
	secret, err := d.WebhookSecret(t.Context(), "demo", "order.updated")
	require.NoError(t, err)
	require.Equal(t, testSecret, secret, "the same server")

	in.StoreURL = "https://another.example"
	_, err = d.UpdateInstance(t.Context(), in)
	require.NoError(t, err)
	secret, err = d.WebhookSecret(t.Context(), "demo", "order.updated")
	require.NoError(t, err)
	require.Empty(t, secret)
	list, err := d.Webhooks(t.Context(), "demo")
	require.NoError(t, err)
	require.Empty(t, list)
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.inbox`))
}
