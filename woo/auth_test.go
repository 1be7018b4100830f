package woo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBasicAuth(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/orders/1", func(w http.ResponseWriter, r *http.Request) {
		key, secret, ok := r.BasicAuth()
		require.True(t, ok)
		require.Equal(t, []string{"ck_test", "cs_test"}, []string{key, secret})
		require.NotContains(t, r.URL.RawQuery, "consumer")
		answer(w, 200, `{"id":1}`)
	})
	_, err := client.Orders.Get(t.Context(), 1)
	require.NoError(t, err)
}

func TestQueryAuth(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.Auth = AuthQuery })
	mux.HandleFunc("GET "+api+"/orders/1", func(w http.ResponseWriter, r *http.Request) {
		require.Empty(t, r.Header.Get("Authorization"))
		require.Equal(t, "ck_test", r.URL.Query().Get("consumer_key"))
		require.Equal(t, "cs_test", r.URL.Query().Get("consumer_secret"))
		require.Equal(t, "6", r.URL.Query().Get("dp"))
		answer(w, 200, `{"id":1}`)
	})
	_, err := client.Orders.Get(t.Context(), 1)
	require.NoError(t, err)
}

// The store is on http, so "auto" is OAuth. The first try fails; the second must carry another nonce and a signature that fits it.
func TestOAuthSignsEveryTryAgain(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.Auth = AuthAuto })
	nonces := map[string]bool{}
	mux.HandleFunc("GET "+api+"/orders", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		require.Equal(t, wooSignature(r, "cs_test"), query.Get("oauth_signature"))
		require.Equal(t, "ck_test", query.Get("oauth_consumer_key"))
		require.NotContains(t, r.URL.RawQuery, "cs_test")
		require.Empty(t, r.Header.Get("Authorization"))
		nonces[query.Get("oauth_nonce")] = true
		if len(nonces) == 1 {
			answer(w, 502, "")
			return
		}
		answer(w, 200, `[]`)
	})
	_, err := client.Orders.List(t.Context(), ListOptions{Search: "Müller & Söhne +1~*", Include: []ID{1, 2}})
	require.NoError(t, err)
	require.Len(t, nonces, 2)
}

// A kept connection breaks under a request: Go's transport resends it automatically, and the store refuses the nonce it has
// seen. That is no verdict on the keys.
func TestOAuthSurvivesRepeatsByTheTransport(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.Auth = AuthOAuth })
	var mu sync.Mutex // the server may still be giving up on the connection that broke
	seen := map[string]int{}
	mux.HandleFunc("GET "+api+"/orders/1", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		nonce := r.URL.Query().Get("oauth_nonce")
		seen[nonce]++
		switch {
		case seen[nonce] > 1:
			answer(w, 401, `{"code":"woocommerce_rest_authentication_error","message":"used","data":{"status":401}}`)
		case len(seen) == 2:
			panic(http.ErrAbortHandler)
		default:
			answer(w, 200, `{"id":1}`)
		}
	})
	for range 2 {
		_, err := client.Orders.Get(t.Context(), 1)
		require.NoError(t, err)
	}
	require.Len(t, seen, 3)
}

// wooSignature computes what the store expects, the way its own code goes: every name and value is escaped twice and then joined.
func wooSignature(r *http.Request, secret string) string {
	raw := func(s string) string { return strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(s)) }
	var pairs []string
	for name, values := range r.URL.Query() {
		if name != "oauth_signature" {
			pairs = append(pairs, raw(raw(name))+"%3D"+raw(raw(values[0])))
		}
	}
	slices.Sort(pairs)
	text := r.Method + "&" + raw("http://"+r.Host+r.URL.Path) + "&" + strings.Join(pairs, "%26")
	mac := hmac.New(sha256.New, []byte(secret+"&"))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// The signature of a known request, computed with another implementation.
func TestOAuthKnownSignature(t *testing.T) {
	target, err := url.Parse("http://shop.example/sub/wp-json/wc/v3/orders")
	require.NoError(t, err)
	query := url.Values{"search": {"a b"}, "dp": {"6"}}
	keys{key: "ck_1", secret: "cs_1"}.sign("GET", target, query, "NONCE", time.Unix(1700000000, 0))
	require.Equal(t, "D1r3xkgtKZ9YE/MSMlS12oY9pbkwEC/YNtTFwr/ETTk=", query.Get("oauth_signature"))
	require.Equal(t, "1700000000", query.Get("oauth_timestamp"))
}

func TestAutoMeansBasicOverHTTPS(t *testing.T) {
	client, err := New(Config{URL: "https://shop.example", ConsumerKey: "ck", ConsumerSecret: "cs"})
	require.NoError(t, err)
	require.Equal(t, AuthBasic, client.keys.auth)
}
