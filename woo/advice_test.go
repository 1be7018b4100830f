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
		_, err = client.OrderCurrencies(t.Context())
		require.ErrorContains(t, err, text, auth)
		require.ErrorContains(t, err, "Read is enough")
		require.NotContains(t, err.Error(), "write")
	}
}

func TestOrderCurrencies(t *testing.T) {
	var query string
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.Query().Get("per_page") + " " + r.URL.Query().Get("_fields")
		_, _ = w.Write([]byte(`[{"currency":"USD"},{"currency":"EUR"},{"currency":"USD"},{}]`))
	}))
	t.Cleanup(store.Close)
	client, err := New(Config{URL: store.URL, ConsumerKey: "ck", ConsumerSecret: "cs"})
	require.NoError(t, err)
	codes, err := client.OrderCurrencies(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"EUR", "USD"}, codes)
	require.Equal(t, "100 currency", query)
}
