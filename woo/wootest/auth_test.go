package wootest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var testKeys = []Key{
	{"ck_both", "cs_both", ReadWrite}, {"ck_read", "cs_read", Read}, {"ck_write", "cs_write", Write},
}

func authClient(t *testing.T) *client {
	t.Helper()
	return newClient(t, Options{Keys: testKeys})
}

func TestBasicAndQueryKeys(t *testing.T) {
	t.Parallel()
	c := authClient(t)
	for _, tc := range []struct {
		name, method, scheme, basic, query string
		status                             int
		code                               string
	}{
		{"basic over https", "GET", "https", "ck_both:cs_both", "", 200, ""},
		{"keys in the query over https", "GET", "https", "", "consumer_key=ck_both&consumer_secret=cs_both", 200, ""},
		{"the query goes first", "GET", "https", "ck_both:wrong", "consumer_key=ck_both&consumer_secret=cs_both", 200, ""},
		{"basic over http is not looked at", "GET", "http", "ck_both:cs_both", "", 401, "woocommerce_rest_cannot_view"},
		{"keys in the query over http neither", "GET", "http", "", "consumer_key=ck_both&consumer_secret=cs_both", 401, "woocommerce_rest_cannot_view"},
		{"wrong secret", "GET", "https", "ck_both:wrong", "", 401, "woocommerce_rest_authentication_error"},
		{"unknown key", "GET", "https", "ck_none:cs_both", "", 401, "woocommerce_rest_cannot_view"},
		{"no key on write", "POST", "https", "", "", 401, "woocommerce_rest_cannot_create"},
		{"read key reads", "GET", "https", "ck_read:cs_read", "", 200, ""},
		{"read key does not write", "POST", "https", "ck_read:cs_read", "", 401, "woocommerce_rest_authentication_error"},
		{"write key does not read", "GET", "https", "ck_write:cs_write", "", 401, "woocommerce_rest_authentication_error"},
	} {
		r := httptest.NewRequest(tc.method, tc.scheme+"://store/wp-json/wc/v3/products?"+tc.query, nil)
		if user, password, found := cutText(text(tc.basic), ":"); found {
			r.SetBasicAuth(string(user), string(password))
		}
		got := c.send(r)
		require.Equal(t, tc.status, got.status, tc.name)
		require.Equal(t, tc.code, got.code(), tc.name)
	}
}

// signed makes a request with an OAuth signature computed by the server's own rules, which the contract suite checks
// against an independent implementation.
func signed(t *testing.T, c *client, method, query string, params map[string]string) *http.Request {
	t.Helper()
	values, err := url.ParseQuery(query)
	require.NoError(t, err)
	defaults := map[string]string{"oauth_consumer_key": "ck_both", "oauth_nonce": "n1", "oauth_signature_method": "HMAC-SHA256",
		"oauth_timestamp": strconv.FormatInt(shopTime.Unix(), 10)}
	for name, value := range defaults {
		values.Set(name, value)
	}
	for name, value := range params {
		values.Set(name, value)
	}
	r := httptest.NewRequest(method, "http://store/wp-json/wc/v3/orders", nil)
	r.URL.RawQuery = values.Encode()
	unsigned, err := c.store.newCall(r)
	require.NoError(t, err)
	signature, refused := c.store.auth.signature(r, unsigned, "cs_both")
	if refused == nil && !values.Has("oauth_signature") {
		values.Set("oauth_signature", signature)
	}
	r.URL.RawQuery = values.Encode()
	return r
}

func TestOAuth(t *testing.T) {
	t.Parallel()
	old := strconv.FormatInt(shopTime.Add(-16*time.Minute).Unix(), 10)
	for _, tc := range []struct {
		name, query string
		params      map[string]string
		status      int
		message     string
	}{
		{"SHA256", "status[]=pending&status[]=on-hold&search=a b", nil, 200, ""},
		{"SHA1", "", map[string]string{"oauth_signature_method": "HMAC-SHA1"}, 200, ""},
		{"other algorithm", "", map[string]string{"oauth_signature_method": "PLAINTEXT", "oauth_signature": "x"}, 401, "Invalid signature - signature method is invalid."},
		{"wrong signature", "", map[string]string{"oauth_signature": "x"}, 401, "Invalid signature - provided signature does not match."},
		{"unknown key", "", map[string]string{"oauth_consumer_key": "ck_none"}, 401, "Consumer key is invalid."},
		{"too old", "", map[string]string{"oauth_timestamp": old}, 401, "Invalid timestamp."},
		{"no nonce", "", map[string]string{"oauth_nonce": ""}, 401, "Missing OAuth parameter oauth_nonce"},
	} {
		c := authClient(t)
		got := c.send(signed(t, c, http.MethodGet, tc.query, tc.params))
		require.Equal(t, tc.status, got.status, "%s: %s", tc.name, got.raw)
		if tc.message != "" {
			require.Equal(t, tc.message, got.object()["message"], tc.name)
		}
	}
}

// What is signed with the right time is taken whatever the store's clock says: dates are on trial then, not keys.
func TestOAuthOnASkewedStore(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{2 * time.Hour, -2 * time.Hour} {
		c := authClient(t)
		c.store.SetFaults(Faults{ClockSkew: skew})
		require.Equal(t, 200, c.send(signed(t, c, http.MethodGet, "", nil)).status, skew)
	}
}

func TestOAuthNonceWorksOnce(t *testing.T) {
	t.Parallel()
	c := authClient(t)
	require.Equal(t, 200, c.send(signed(t, c, http.MethodGet, "", nil)).status)
	again := c.send(signed(t, c, http.MethodGet, "", nil))
	require.Equal(t, 401, again.status)
	require.Equal(t, "Invalid nonce - nonce has already been used.", again.object()["message"])
	require.Equal(t, 200, c.send(signed(t, c, http.MethodGet, "", map[string]string{"oauth_nonce": "n2"})).status)
}

func TestPlainHTTPAuth(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{PlainHTTPAuth: true})
	r := httptest.NewRequest(http.MethodGet, "http://store/wp-json/wc/v3/products", nil)
	r.SetBasicAuth(DefaultKey, DefaultSecret)
	require.Equal(t, 200, c.send(r).status)
}
