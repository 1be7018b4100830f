package contract

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// hooksAddress takes no deliveries: the name is reserved and never resolves. A ping that fails does not stop a creation.
const hooksAddress = "https://hooks.invalid/"

func (s *store) hook(t *testing.T, topic string) object {
	t.Helper()
	return s.create(t, "webhooks", object{"name": "contract " + s.run, "topic": topic, "secret": "contract",
		"delivery_url": hooksAddress + s.run})
}

// checkWebhooks: the life of a webhook.
func checkWebhooks(t *testing.T, s *store) {
	hook := s.create(t, "webhooks", object{"name": "contract " + s.run, "topic": "order.updated", "secret": "contract",
		"delivery_url": hooksAddress + s.run, "status": "paused"})
	require.Equal(t, "active", hook["status"], "the status sent with a creation is ignored")
	require.NotContains(t, hook, "secret", "a secret is never shown again")
	require.Equal(t, "order", hook["resource"])
	require.Equal(t, "updated", hook["event"])

	path := "webhooks/" + number(hook["id"])
	for _, status := range []string{"disabled", "paused", "active"} {
		require.Equal(t, status, s.put(t, path, object{"status": status}).object()["status"])
	}
	moved := s.put(t, path, object{"delivery_url": hooksAddress + s.run + "/moved", "name": ""}).object()
	require.Equal(t, hooksAddress+s.run+"/moved", moved["delivery_url"])
	require.Equal(t, hook["name"], moved["name"], "an empty field is left as it was")
	require.NotContains(t, s.get(t, path).object(), "failure_count", "failures are not shown")

	require.Equal(t, http.StatusNotImplemented, s.delete(t, path).status)
	require.Equal(t, http.StatusOK, s.delete(t, path+"?force=true").status)
	a := s.get(t, path)
	require.Equal(t, http.StatusNotFound, a.status)
	require.Equal(t, "woocommerce_rest_shop_webhook_invalid_id", a.code())
	require.Equal(t, http.StatusBadRequest, s.put(t, path, object{"status": "active"}).status)
	require.Equal(t, http.StatusNotFound, s.delete(t, path+"?force=true").status)
	require.Equal(t, http.StatusNotFound, s.get(t, path+"/deliveries").status, "there is no list of deliveries")
}

// checkWebhookRefusals: topics and addresses are checked, whether a name and a secret were sent is not.
func checkWebhookRefusals(t *testing.T, s *store) {
	for topic, valid := range map[string]bool{
		"coupon.restored": true, "customer.restored": true, "product.created": true, "action.woocommerce_payment_complete": true,
		"order.refunded": false, "refund.created": false, "action.other": false, "": false,
	} {
		a := s.post(t, "webhooks", object{"topic": topic, "delivery_url": hooksAddress + s.run})
		if valid {
			require.Equal(t, http.StatusCreated, a.status, topic)
			require.NotEmpty(t, a.object()["name"], "a name is made up")
			s.discard(t, "webhooks", a.id())
			continue
		}
		require.Equal(t, http.StatusBadRequest, a.status, topic)
		require.Equal(t, "woocommerce_rest_shop_webhook_invalid_topic", a.code(), topic)
	}
	for _, address := range []string{"", "ftp://hooks.invalid/x"} {
		a := s.post(t, "webhooks", object{"topic": "order.updated", "delivery_url": address})
		require.Equal(t, http.StatusBadRequest, a.status, address)
		require.Equal(t, "woocommerce_rest_shop_webhook_invalid_delivery_url", a.code(), address)
	}
}

// checkWebhookTwins: two webhooks of one topic and address are both kept.
func checkWebhookTwins(t *testing.T, s *store) {
	require.NotEqual(t, s.hook(t, "order.restored")["id"], s.hook(t, "order.restored")["id"])
}

// checkWebhookPaging: the list has pages but ignores offset, which repeats the first page for ever (N10).
func checkWebhookPaging(t *testing.T, s *store) {
	mine := []int{}
	for range 3 {
		mine = append(mine, whole(s.hook(t, "coupon.restored")["id"]))
	}
	list := "webhooks?per_page=2&orderby=id&order=asc&include=" + fmt.Sprintf("%d,%d,%d", mine[0], mine[1], mine[2])
	first := s.list(t, list)
	require.Equal(t, mine[:2], first.ids())
	require.Equal(t, "3", first.header.Get("X-WP-Total"))
	require.Equal(t, mine[2:], s.list(t, list+"&page=2").ids())
	require.Empty(t, s.list(t, list+"&page=3").ids())
	require.Equal(t, mine[:2], s.list(t, list+"&offset=2").ids())

	require.Equal(t, http.StatusOK, s.put(t, fmt.Sprint("webhooks/", mine[1]), object{"status": "paused"}).status)
	require.Equal(t, mine[1:2], s.list(t, list+"&status=paused").ids())
	slices.Reverse(mine)
	require.Equal(t, mine[:2], s.list(t, "webhooks?per_page=2&orderby=id").ids(), "the newest come first; by date, those of one second in any order")
}

// checkWebhookBatch: each of a batch has its own outcome.
func checkWebhookBatch(t *testing.T, s *store) {
	id := whole(s.hook(t, "product.restored")["id"])
	a := s.post(t, "webhooks/batch", object{"update": []object{{"id": id, "status": "paused"}, {"id": 99999999, "status": "paused"}}})
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "paused", at(a.body, "update", 0, "status"))
	require.Equal(t, "woocommerce_rest_shop_webhook_invalid_id", at(a.body, "update", 1, "error", "code"))
}
