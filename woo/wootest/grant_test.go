package wootest

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var approveLink = regexp.MustCompile(`href="([^"]*access_granted[^"]*)"`)

// application takes keys over https, and answers with status.
func application(t *testing.T, status int) (*httptest.Server, *[]map[string]any) {
	t.Helper()
	var got []map[string]any
	app := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		require.NoError(t, json.NewDecoder(r.Body).Decode(&body))
		got = append(got, body)
		w.WriteHeader(status)
	}))
	t.Cleanup(app.Close)
	return app, &got
}

func ask(c *client, address string) response {
	return c.send(httptest.NewRequest(http.MethodGet, address, nil))
}

// approve asks for keys and follows the person's click.
func approve(c *client, callback string) response {
	q := url.Values{"app_name": {"Tandem"}, "user_id": {"TOKEN"}, "scope": {"read_write"}, "return_url": {"https://app.example.com/start?step=connect"}, "callback_url": {callback}}
	question := ask(c, c.base+grantPath+"authorize?"+q.Encode())
	require.Equal(c.t, http.StatusOK, question.status, "%s", question.raw)
	link := approveLink.FindSubmatch(question.raw)
	require.NotNil(c.t, link)
	return ask(c, html.UnescapeString(string(link[1])))
}

func TestGrantedKeysArePostedAndWork(t *testing.T) {
	app, got := application(t, http.StatusOK)
	c := newClient(t, Options{Client: app.Client()})
	granted := approve(c, app.URL+"/wc-auth/demo")
	require.Equal(t, http.StatusFound, granted.status, "%s", granted.raw)
	require.Equal(t, "https://app.example.com/start?step=connect&success=1&user_id=TOKEN", granted.header.Get("Location"))
	require.Len(t, *got, 1)
	keys := (*got)[0]
	require.Equal(t, []any{"TOKEN", "read_write"}, []any{keys["user_id"], keys["key_permissions"]})
	r := httptest.NewRequest(http.MethodGet, "https://shop.example.com"+"/wp-json/wc/v3/orders?per_page=1", nil)
	r.SetBasicAuth(keys["consumer_key"].(string), keys["consumer_secret"].(string))
	require.Equal(t, http.StatusOK, c.send(r).status)
}

func TestKeysThatTheApplicationDoesNotTakeAreDeleted(t *testing.T) {
	app, got := application(t, http.StatusCreated)
	c := newClient(t, Options{Client: app.Client()})
	require.Equal(t, http.StatusUnauthorized, approve(c, app.URL).status)
	r := httptest.NewRequest(http.MethodGet, "https://shop.example.com/wp-json/wc/v3/orders", nil)
	r.SetBasicAuth((*got)[0]["consumer_key"].(string), (*got)[0]["consumer_secret"].(string))
	require.Equal(t, http.StatusUnauthorized, c.send(r).status)
}

func TestRequestsForKeysAreChecked(t *testing.T) {
	c := newClient(t, Options{})
	good := url.Values{"app_name": {"Tandem"}, "user_id": {"1"}, "scope": {"read"}, "return_url": {"app.example.com"}, "callback_url": {"app.example.com/keys"}}
	for name, change := range map[string]struct{ field, value, says string }{
		"no token":     {"user_id", "", "Missing parameter user_id"},
		"scope":        {"scope", "admin", "Invalid scope admin"},
		"no address":   {"return_url", "https://", "is not a valid URL"},
		"plain http":   {"callback_url", "http://app.example.com/keys", "The callback_url needs to be over SSL"},
		"as it should": {"app_name", "Tandem", ""},
	} {
		t.Run(name, func(t *testing.T) {
			q := url.Values{}
			for k, v := range good {
				q[k] = v
			}
			q.Set(change.field, change.value)
			answer := ask(c, c.base+grantPath+"authorize?"+q.Encode())
			if change.says == "" {
				require.Equal(t, http.StatusOK, answer.status)
				return
			}
			require.Equal(t, http.StatusUnauthorized, answer.status)
			require.Contains(t, string(answer.raw), change.says)
		})
	}
	q := good.Encode()
	require.Equal(t, http.StatusUnauthorized, ask(c, c.base+grantPath+"access_granted?"+q).status, "without the nonce")
}

// With plain permalinks nobody gets to the page that makes keys: WordPress takes every path for its front page.
func TestPlainPermalinksMakeNoKeys(t *testing.T) {
	c := newClient(t, Options{PlainPermalinks: true, Products: 30})
	for _, path := range []string{grantPath + "authorize?app_name=Tandem", "/wp-json/", "/wp-json/wc/v3/products", "/somewhere"} {
		shown := ask(c, c.base+path)
		require.Equal(t, http.StatusOK, shown.status)
		require.Contains(t, string(shown.raw), "<h1>Simulated store</h1>")
	}
	index := c.do(http.MethodGet, "/index.php?rest_route=/", nil)
	require.Contains(t, index.object()["namespaces"], "wc/v3")
	products := c.do(http.MethodGet, "/index.php?rest_route=/wc/v3/products&per_page=10&_=wp-json/wc/", nil)
	require.Equal(t, http.StatusOK, products.status)
	root := "<" + c.base + "/index.php?rest_route=/"
	require.Contains(t, products.header.Values("Link"), root+`>; rel="https://api.w.org/"`)
	require.Contains(t, products.header.Values("Link"), root+`wc/v3/products&per_page=10&_=wp-json%2Fwc%2F&page=2>; rel="next"`)
}
