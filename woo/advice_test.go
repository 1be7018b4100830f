package woo

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// Who reads that keys were refused must not be sent in a circle: Read is enough, and what is on already does not help.
func TestAdviceForRefusedKeys(t *testing.T) {
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"code":"woocommerce_rest_cannot_view","message":"Sorry"}`))
	}))
	t.Cleanup(store.Close)
	for auth, text := range map[Auth]string{
		AuthBasic: "turn Force Authorization on", AuthQuery: "Force Authorization is on already", AuthOAuth: "both clocks",
	} {
		client, err := New(Config{URL: store.URL, ConsumerKey: "ck", ConsumerSecret: "cs", Auth: auth})
		require.NoError(t, err)
		_, err = client.OrderTraits(t.Context())
		require.ErrorContains(t, err, text, auth)
		require.ErrorContains(t, err, "Read is enough")
		require.NotContains(t, err.Error(), "write")
	}
}

func TestOrderTraits(t *testing.T) {
	for orders, want := range map[string]OrderTraits{
		`[]`: {},
		`[{"currency":"USD"},{"currency":"EUR"},{"currency":"USD"},{}]`:        {Currencies: []string{"EUR", "USD"}},
		`[{"currency":"EUR","parent_id":0},{"currency":"EUR","parent_id":30}]`: {Currencies: []string{"EUR"}, SubOrders: true},
		`[{"parent_id":"31"}]`: {SubOrders: true},
		`[{"parent_id":"0"},{"parent_id":""},{"parent_id":null},{"parent_id":"none"},{"parent_id":{}}]`: {},
	} {
		var query string
		store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			query = r.URL.Query().Get("per_page") + " " + r.URL.Query().Get("_fields")
			_, _ = w.Write([]byte(orders))
		}))
		t.Cleanup(store.Close)
		client, err := New(Config{URL: store.URL, ConsumerKey: "ck", ConsumerSecret: "cs"})
		require.NoError(t, err)
		traits, err := client.OrderTraits(t.Context())
		require.NoError(t, err, orders)
		require.Equal(t, want, traits, orders)
		require.Equal(t, "100 currency,parent_id,created_via", query)
	}
}
