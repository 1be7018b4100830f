package wootest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// received is one request that a store sent to a receiver of webhooks.
type received struct {
	header http.Header
	body   string
}

// name tells what was received: a ping, or the topic with the record's id, or with the code of an error object.
func (r received) name() string {
	topic := r.header.Get("X-WC-Webhook-Topic")
	if topic == "" {
		return r.body
	}
	var record struct {
		ID   int    `json:"id"`
		Code string `json:"code"`
	}
	_ = json.Unmarshal([]byte(r.body), &record)
	if record.ID == 0 {
		return topic + " " + record.Code
	}
	return fmt.Sprintf("%s %d", topic, record.ID)
}

// receiver is where webhooks are delivered to.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []received
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, received{header: request.Header, body: string(body)})
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *receiver) take() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

func (r *receiver) names() []string {
	names := []string{}
	for _, one := range r.take() {
		names = append(names, one.name())
	}
	return names
}

// subscribe makes a webhook for each topic, in the order of the recorded store, and forgets their pings.
func (c *client) subscribe(r *receiver, topics ...string) map[string]int {
	c.t.Helper()
	ids := map[string]int{}
	for _, topic := range topics {
		ids[topic] = c.post("webhooks", fields{"topic": topic, "delivery_url": r.URL, "secret": "s3cr3t"}).id()
	}
	r.take()
	return ids
}

// drain delivers all that waits, as the store's queue runner does some time later.
func (c *client) drain() {
	c.t.Helper()
	for {
		d, waits := c.store.deliveries.first()
		if !waits {
			return
		}
		c.store.deliveries.pending = c.store.deliveries.pending[1:]
		c.store.deliver(c.t.Context(), d)
	}
}

func allTopics() []string {
	topics := []string{}
	for _, resource := range []string{"coupon", "customer", "order", "product"} {
		for _, event := range []string{"created", "updated", "deleted", "restored"} {
			topics = append(topics, resource+"."+event)
		}
	}
	return topics
}

// TestWebhookEvents goes through what a WooCommerce 10.5.0 was seen to deliver, step by step, in its order.
func TestWebhookEvents(t *testing.T) {
	t.Parallel()
	c, r := newClient(t, Options{}), newReceiver(t)
	c.subscribe(r, allTopics()...)
	product := c.post("products", fields{"name": "Cup", "regular_price": "9.99", "manage_stock": true, "stock_quantity": 50}).id()
	shirt := c.post("products", fields{"name": "Shirt", "type": "variable"}).id()
	customer := c.post("customers", fields{"email": "anna@example.com"}).id()
	coupon := c.post("coupons", fields{"code": "ten", "amount": "10"}).id()
	c.drain()
	require.ElementsMatch(t, []string{
		fmt.Sprint("product.created ", product), fmt.Sprint("product.created ", shirt), fmt.Sprint("customer.created ", customer),
		fmt.Sprint("customer.updated ", customer), fmt.Sprint("coupon.created ", coupon),
	}, r.names())

	line := []fields{{"product_id": product, "quantity": 1}}
	var order, variation, refund int
	put := func(path string, body fields) { require.Equal(t, http.StatusOK, c.put(path, body).status) }
	del := func(path string) { require.Equal(t, http.StatusOK, c.del(path).status) }
	for _, step := range []struct {
		name string
		do   func()
		want []string
	}{
		{"order by REST that takes stock", func() { order = c.post("orders", fields{"status": "processing", "line_items": line}).id() },
			[]string{"order.created %o", "order.updated %o", "product.updated %p"}},
		{"status", func() { put(fmt.Sprint("orders/", order), fields{"status": "on-hold"}) }, []string{"order.updated %o"}},
		{"the same status again", func() { put(fmt.Sprint("orders/", order), fields{"status": "on-hold"}) }, []string{"order.updated %o"}},
		{"completed for a customer", func() {
			put(fmt.Sprint("orders/", order), fields{"status": "completed", "customer_id": customer})
		}, []string{"order.updated %o", "customer.updated %c"}},
		{"refund with restock", func() {
			id := c.get(fmt.Sprint("orders/", order)).object()["line_items"].([]any)[0].(map[string]any)["id"]
			refund = c.post(fmt.Sprintf("orders/%d/refunds", order), fields{"api_refund": false, "amount": "5",
				"line_items": []fields{{"id": id, "quantity": 1, "refund_total": "5"}}}).id()
		}, []string{"product.updated %p", "order.updated %o"}},
		{"refund deleted", func() { del(fmt.Sprintf("orders/%d/refunds/%d?force=true", order, refund)) }, []string{}},
		{"note", func() { c.post(fmt.Sprintf("orders/%d/notes", order), fields{"note": "x"}) }, []string{}},
		{"two changes before the queue runs", func() {
			put(fmt.Sprint("orders/", order), fields{"customer_note": "one"})
			put(fmt.Sprint("orders/", order), fields{"customer_note": "two"})
		}, []string{"order.updated %o"}},
		{"order trashed", func() { del(fmt.Sprint("orders/", order)) }, []string{"order.deleted %o"}},
		{"order restored by its status", func() { put(fmt.Sprint("orders/", order), fields{"status": "on-hold"}) }, []string{}},
		{"order deleted for good", func() { del(fmt.Sprint("orders/", order, "?force=true")) }, []string{}},
		{"order created and deleted before the queue runs", func() {
			gone := c.post("orders", fields{"status": "pending"}).id()
			del(fmt.Sprint("orders/", gone, "?force=true"))
		}, []string{"order.created woocommerce_rest_shop_order_invalid_id", "order.updated woocommerce_rest_shop_order_invalid_id"}},
		{"category", func() { c.post("products/categories", fields{"name": "Cups"}) }, []string{}},
		{"product without a change", func() { put(fmt.Sprint("products/", product), fields{"name": "Cup"}) }, []string{"product.updated %p"}},
		{"product trashed", func() { del(fmt.Sprint("products/", product)) }, []string{"product.deleted %p", "coupon.deleted %p"}},
		{"product restored by its status", func() { put(fmt.Sprint("products/", product), fields{"status": "publish"}) },
			[]string{"product.updated %p"}},
		{"variation created", func() {
			variation = c.post(fmt.Sprintf("products/%d/variations", shirt), fields{"regular_price": "5"}).id()
		}, []string{"product.created %v"}},
		{"variation saved", func() { put(fmt.Sprintf("products/%d/variations/%d", shirt, variation), fields{"regular_price": "6"}) },
			[]string{"product.updated %v"}},
		{"variation trashed", func() { del(fmt.Sprintf("products/%d/variations/%d", shirt, variation)) },
			[]string{"product.deleted %v", "coupon.deleted %v"}},
		{"coupon changed", func() { put(fmt.Sprint("coupons/", coupon), fields{"amount": "5"}) }, []string{"coupon.updated %k"}},
		{"coupon trashed", func() { del(fmt.Sprint("coupons/", coupon)) }, []string{"product.deleted %k", "coupon.deleted %k"}},
		{"coupon deleted for good", func() { del(fmt.Sprint("coupons/", coupon, "?force=true")) }, []string{}},
		{"customer deleted", func() { del(fmt.Sprint("customers/", customer, "?force=true")) }, []string{"customer.deleted %c"}},
		{"products in a batch", func() {
			c.post("products/batch", fields{"update": []fields{{"id": product, "name": "Mug"}, {"id": shirt, "name": "Tee"}}})
		}, []string{"product.updated %p", "product.updated %s"}},
	} {
		step.do()
		c.drain()
		names := strings.NewReplacer("%o", fmt.Sprint(order), "%p", fmt.Sprint(product), "%c", fmt.Sprint(customer),
			"%v", fmt.Sprint(variation), "%k", fmt.Sprint(coupon), "%s", fmt.Sprint(shirt))
		want := []string{}
		for _, name := range step.want {
			want = append(want, names.Replace(name))
		}
		require.Equal(t, want, r.names(), step.name)
	}
}

// TestCheckoutEvents: the order that a checkout leaves is updated before it is created.
func TestCheckoutEvents(t *testing.T) {
	t.Parallel()
	c, r := newClient(t, Options{}), newReceiver(t)
	c.subscribe(r, "order.created", "order.updated")
	order := c.post("orders", fields{"status": "checkout-draft"}).id()
	c.drain()
	require.Empty(t, r.names(), "drafts are not reported")
	c.put(fmt.Sprint("orders/", order), fields{"status": "on-hold"})
	c.drain()
	require.Equal(t, []string{fmt.Sprint("order.updated ", order), fmt.Sprint("order.created ", order)}, r.names())
}

// TestDeliveryHeaders: signed over the raw bytes; the delivery's id is the same for all that one webhook sends within a second.
func TestDeliveryHeaders(t *testing.T) {
	t.Parallel()
	c, r := newClient(t, Options{}), newReceiver(t)
	hook := c.subscribe(r, "product.created")["product.created"]
	c.post("products/batch", fields{"create": []fields{{"name": "One"}, {"name": "Two"}}})
	c.drain()
	got := r.take()
	require.Len(t, got, 2)
	require.Equal(t, got[0].header.Get("X-WC-Webhook-Delivery-ID"), got[1].header.Get("X-WC-Webhook-Delivery-ID"))
	mac := hmac.New(sha256.New, []byte("s3cr3t"))
	mac.Write([]byte(got[0].body))
	for name, want := range map[string]string{
		"Content-Type": "application/json", "X-WC-Webhook-Source": c.base + "/", "X-WC-Webhook-Topic": "product.created",
		"X-WC-Webhook-Resource": "product", "X-WC-Webhook-Event": "created", "X-WC-Webhook-ID": fmt.Sprint(hook),
		"X-WC-Webhook-Signature": base64.StdEncoding.EncodeToString(mac.Sum(nil)), "User-Agent": hookAgent,
	} {
		require.Equal(t, want, got[0].header.Get(name), name)
	}
}

// TestFailingDeliveries goes through the recorded counter: six failures are counted, the seventh disables, PUT leaves the counter, and
// only a good delivery resets it. The ping that never worked is repeated until then.
func TestFailingDeliveries(t *testing.T) {
	t.Parallel()
	c, r := newClient(t, Options{}), newReceiver(t)
	order := fmt.Sprint("orders/", c.post("orders", fields{"status": "pending"}).id())
	r.answer(http.StatusInternalServerError)
	created := c.post("webhooks", fields{"topic": "order.updated", "delivery_url": r.URL})
	require.Equal(t, "active", created.object()["status"], "a ping that fails does not stop the creation")
	require.Equal(t, []string{fmt.Sprint("webhook_id=", created.id())}, r.names())
	state := func(change func()) string {
		change()
		c.drain()
		return fmt.Sprintf("%v/%d", c.get(fmt.Sprint("webhooks/", created.id())).object()["status"],
			c.store.webhooks.get(created.id()).failures)
	}
	touch := func() { c.put(order, fields{"customer_note": "x"}) }
	status := func(body fields) func() { return func() { c.put(fmt.Sprint("webhooks/", created.id()), body) } }
	for i := 1; i <= 6; i++ {
		require.Equal(t, fmt.Sprintf("active/%d", i), state(touch))
		require.Len(t, r.take(), 2, "the delivery and the ping again")
	}
	require.Equal(t, "disabled/6", state(touch))
	require.Len(t, r.take(), 1, "no ping for a disabled webhook")
	require.Equal(t, "disabled/6", state(touch))
	require.Empty(t, r.take())
	require.Equal(t, "active/6", state(status(fields{"status": "active"})))
	require.Len(t, r.take(), 1, "the ping")
	require.Equal(t, "disabled/6", state(touch))
	r.answer(http.StatusOK)
	require.Equal(t, "active/6", state(status(fields{"status": "active"})))
	require.Equal(t, "active/0", state(touch))
	r.take()
	require.Equal(t, "active/0", state(touch))
	require.Len(t, r.take(), 1, "the ping has worked")
}

// TestDeliveryAnswers: a redirect is not followed; 301 and 302 count as delivered.
func TestDeliveryAnswers(t *testing.T) {
	t.Parallel()
	c, r := newClient(t, Options{}), newReceiver(t)
	hook := c.subscribe(r, "product.created")["product.created"]
	for status, good := range map[int]bool{200: true, 204: true, 301: true, 302: true, 303: false, 307: false, 404: false, 500: false} {
		r.answer(status)
		c.store.recordDelivery(hook, true)
		c.post("products", fields{"name": "Cup"})
		c.drain()
		require.Equal(t, good, c.store.webhooks.get(hook).failures == 0, status)
	}
	require.Len(t, r.take(), 8)
}

func TestPausedAndDeletedWebhooks(t *testing.T) {
	t.Parallel()
	c, r := newClient(t, Options{LeaveEmptyWebhooks: true}), newReceiver(t)
	hook := fmt.Sprint("webhooks/", c.subscribe(r, "product.created")["product.created"])
	c.post("products", fields{"name": "One"})
	c.put(hook, fields{"status": "paused"})
	c.drain()
	require.Len(t, r.take(), 1, "what waited is still sent")
	c.post("products", fields{"name": "Two"})
	c.drain()
	require.Empty(t, r.take())

	c.put(hook, fields{"status": "active"})
	c.post("products", fields{"name": "Three"})
	require.Equal(t, http.StatusOK, c.del(hook+"?force=true").status)
	c.drain()
	require.Empty(t, r.take(), "what waited is dropped")
	left, _ := c.get("webhooks").body.([]any)
	require.Len(t, left, 1, "an older version leaves an empty one")
	require.Equal(t, "disabled", left[0].(map[string]any)["status"])
	require.Empty(t, left[0].(map[string]any)["topic"])
	require.Equal(t, http.StatusOK, c.put(fmt.Sprint("webhooks/", int(left[0].(map[string]any)["id"].(float64))),
		fields{"status": "disabled"}).status)
}

// TestServedDeliveries: a store that is served delivers by itself, and only to this machine.
func TestServedDeliveries(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	s := Start(t, Options{WebhookDelay: 5 * time.Millisecond, PlainHTTPAuth: true})
	c := &client{t: t, store: s, base: s.URL}
	c.subscribe(r, "product.created")
	foreign := c.post("webhooks", fields{"topic": "product.created", "delivery_url": "http://192.0.2.1/hook"}).id()
	c.post("products", fields{"name": "Cup"})
	require.Eventually(t, func() bool { return len(r.take()) == 1 }, time.Minute, 5*time.Millisecond)
	s.mu.RLock()
	defer s.mu.RUnlock()
	require.Equal(t, 1, s.webhooks.get(foreign).failures)
}
