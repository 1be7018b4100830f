package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/hooks"
	"tandem/woo/wootest"
	"tandem/workflows"
)

const webhookSecret = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"

// keepSecrets keeps the secrets of webhooks, as if the store had been given them.
func (x *tandem) keepSecrets(topics ...string) {
	x.t.Helper()
	key, err := base64.StdEncoding.DecodeString(x.secretKey())
	require.NoError(x.t, err)
	d, err := db.Open(x.t.Context(), x.databaseURL, db.Options{SecretKeys: [][]byte{key}, MaxConns: 1})
	require.NoError(x.t, err)
	for _, topic := range topics {
		require.NoError(x.t, d.SaveWebhook(x.t.Context(), db.Webhook{Instance: instanceID, Topic: topic}, webhookSecret))
	}
	require.NoError(x.t, d.Close())
}

// deliver sends what a webhook of the store would, and gives the status.
func (x *tandem) deliver(topic string, body []byte, signature string) int {
	x.t.Helper()
	status, err := x.post(topic, body, signature)
	require.NoError(x.t, err)
	return status
}

// post is deliver for goroutines of a test.
func (x *tandem) post(topic string, body []byte, signature string) (status int, err error) {
	request, err := http.NewRequestWithContext(x.t.Context(), http.MethodPost, x.url+"/webhooks/"+instanceID+"/"+topic, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	if signature != "" {
		request.Header.Set(hooks.HeaderSignature, signature)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer reply.Body.Close()
	_, err = io.Copy(io.Discard, reply.Body)
	return reply.StatusCode, err
}

// report delivers a record as the store has it.
func (x *tandem) report(store *shop, topic, path string) {
	x.t.Helper()
	var record json.RawMessage
	store.ask(http.MethodGet, path, nil, &record)
	require.Equal(x.t, http.StatusOK, x.deliver(topic, record, hooks.Sign(webhookSecret, record)))
}

func (x *tandem) deliveries(query url.Values) []gen.WebhookDelivery {
	x.t.Helper()
	return get[gen.WebhookDeliveryPage](x, "/webhook-deliveries?"+query.Encode()).Items
}

// deliveriesRead waits until all deliveries have come to their end.
func (x *tandem) deliveriesRead() {
	x.t.Helper()
	eventually(x.t, "all deliveries to be read", func() bool {
		return x.number(`SELECT count(*) FROM tandem.inbox WHERE state IN ('waiting', 'in_progress')`) == 0
	})
}

// A store reports an order before the product and the customer that it names. All land, each once, however often and under whatever
// topics the store reports them.
func TestWebhookBringsAnOrder(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(40, 10, 20))
	x := serve(t)
	x.connect(store.URL)
	x.keepSecrets("order.created", "order.updated", "product.updated", "product.deleted", "coupon.deleted")
	x.importAll(everything)
	operations := x.number(`SELECT count(*) FROM tandem.operations`)

	order := store.sell(store.oneManaged(), 1)
	require.Equal(t, http.StatusUnauthorized, x.deliver("order.created", []byte(`{"id":`+order+`}`), ""))
	require.Equal(t, http.StatusOK, x.deliver("order.created", []byte("webhook_id=2"), ""))
	for range 2 {
		x.report(store, "order.updated", "orders/"+order)
		x.report(store, "order.created", "orders/"+order)
	}
	x.deliveriesRead()
	link := get[gen.Link](x, "/links/"+instanceID+"/order/"+order)
	require.NotEmpty(t, link.ERPID)
	list := x.deliveries(url.Values{"topic": {"order.updated"}})
	require.Len(t, list, 1)
	require.Equal(t, []any{"done", 2, 1}, []any{string(list[0].State), list[0].Times, list[0].Attempts})
	op := get[gen.Operation](x, "/operations/"+list[0].Operation)
	require.Equal(t, "webhook", string(op.Trigger))
	require.LessOrEqual(t, x.number(`SELECT count(*) FROM tandem.operations`)-operations, 2, "what comes together is read together")
	require.Equal(t, 1, x.number(`SELECT count(*) FROM tandem.webhooks WHERE topic = 'order.created' AND refused = 1`))

	x.trashed(store)
	x.keep("webhooks", workflows.WebhooksID(instanceID))
}

// trashed is a product that goes to the store's trash, which also fires coupon.deleted with its id, and comes back. It is nobody's
// failure.
func (x *tandem) trashed(store *shop) {
	x.t.Helper()
	id := 0
	for _, p := range store.products() {
		if p.Type == "simple" {
			id = p.ID
		}
	}
	at := fmt.Sprintf("/links/%s/product/%d", instanceID, id)
	before := get[gen.Link](x, at)
	store.write(http.MethodDelete, fmt.Sprintf("products/%d", id), nil, nil)
	gone := []byte(`{"id":` + strconv.Itoa(id) + `}`)
	for _, topic := range []string{"product.deleted", "coupon.deleted"} {
		require.Equal(x.t, http.StatusOK, x.deliver(topic, gone, hooks.Sign(webhookSecret, gone)))
	}
	x.deliveriesRead()
	link := get[gen.Link](x, at)
	require.Equal(x.t, "trashed", link.StoreState)
	require.Equal(x.t, before.ERPID, link.ERPID)
	require.Empty(x.t, get[gen.JobPage](x, "/jobs?state=failed").Items, "the store reported it: nothing is to be mended")
	for _, one := range x.deliveries(url.Values{"state": {"failed"}}) {
		require.Fail(x.t, "a delivery failed", "%s: %s", one.Topic, one.Reason)
	}

	store.write(http.MethodPut, fmt.Sprintf("products/%d", id), map[string]string{"status": "publish"}, nil)
	x.report(store, "product.updated", fmt.Sprintf("products/%d", id))
	x.deliveriesRead()
	require.Empty(x.t, get[gen.Link](x, at).StoreState)
}
