package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"tandem/api/gen"
	"tandem/woo/wootest"
	"tandem/workflows"
)

// front is the proxy before an API: the address that stores know.
type front struct {
	*httptest.Server
	api  atomic.Pointer[url.URL]
	down atomic.Bool // deliveries are answered with 502, as while the API is not running
}

func newFront(t *testing.T) *front {
	t.Helper()
	f := &front{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.down.Load() && strings.HasPrefix(r.URL.Path, "/webhooks/") {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		httputil.NewSingleHostReverseProxy(f.api.Load()).ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

// serveBehind runs API and worker behind a proxy.
func serveBehind(t *testing.T, f *front) *tandem {
	t.Helper()
	x := install(t, shared.postgres)
	x.env = append(x.env, "TANDEM_PUBLIC_URL="+f.URL)
	x.serve()
	at, err := url.Parse(x.url)
	require.NoError(t, err)
	f.api.Store(at)
	return x
}

// storeWebhook is a webhook as the store shows it.
type storeWebhook struct {
	ID     int    `json:"id"`
	Topic  string `json:"topic"`
	Status string `json:"status"`
}

// TestAWebhookThatTheStoreDisabledIsRecreated (C03, C04): the store's own deliveries land orders. Then the API is away for seven of them, and
// the store switches the webhook off. It is recreated, and every order that was not reported lands.
func TestAWebhookThatTheStoreDisabledIsRecreated(t *testing.T) {
	t.Parallel()
	o := wootest.Sized(30, 20, 60)
	o.WebhookDelay = 10 * time.Millisecond
	store := openShop(t, o)
	f := newFront(t)
	x := serveBehind(t, f)
	x.connect(store.URL)
	x.importAll(everything)

	made := post[gen.WebhookList](x, "/instances/"+instanceID+"/webhooks/sync", gen.SyncWebhooks{Topics: []string{"order.created"}})
	require.Equal(t, f.URL, made.PublicURL)
	require.Contains(t, strings.Join(made.Warnings, "\n"), "private network", "the tests' address is said to be one")
	before := list[storeWebhook](store, "webhooks", nil)
	require.Len(t, before, 1)
	require.Equal(t, "active", before[0].Status)

	product := store.oneManaged()
	store.setStock(product, 100)
	reported := store.sell(product, 1)
	eventually(t, "the order that the store reports to land", func() bool {
		return x.number(`SELECT count(*) FROM tandem.links WHERE entity = 'order' AND woo_id = $1`, reported) == 1
	})

	f.down.Store(true)
	var orders []string
	for range 8 {
		orders = append(orders, store.sell(product, 1))
	}
	eventually(t, "the store to disable the webhook", func() bool { return list[storeWebhook](store, "webhooks", nil)[0].Status == "disabled" })
	f.down.Store(false)

	require.NoError(t, x.temporal.ScheduleClient().GetHandle(t.Context(), workflows.PeriodicScheduleID("watch-webhooks")).
		Trigger(t.Context(), client.ScheduleTriggerOptions{}))
	eventually(t, "the webhook to be recreated", func() bool {
		now := list[storeWebhook](store, "webhooks", nil)
		return len(now) == 1 && now[0].Status == "active" && now[0].ID != before[0].ID
	})
	var gaps []gen.Operation
	eventually(t, "the gap to be read", func() bool {
		gaps = get[gen.OperationPage](x, "/operations?trigger=webhook_gap").Items
		return len(gaps) == 1
	})
	require.Equal(t, "done", string(x.ended(gaps[0].ID).State))
	for _, id := range orders {
		x.order(id, "done")
	}
	in := get[gen.Instance](x, "/instances/"+instanceID)
	require.Contains(t, in.Problem, "seven failed deliveries")
}
