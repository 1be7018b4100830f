package wootest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shopTime is when the recorded store was recorded.
var shopTime = time.Date(2026, time.November, 23, 3, 15, 0, 0, time.UTC)

// client talks to a store in process, over "https" with the default key.
type client struct {
	t     *testing.T
	store *Server
	base  string
}

func newClient(t *testing.T, o Options) *client {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return shopTime }
	}
	return &client{t: t, store: New(o), base: "https://127.0.0.1:8081" + o.BasePath}
}

// response is a reply with its body decoded.
type response struct {
	status int
	header http.Header
	raw    []byte
	body   any
}

func (r response) object() map[string]any {
	object, _ := r.body.(map[string]any)
	return object
}

func (r response) id() int {
	id, _ := r.object()["id"].(float64)
	return int(id)
}

func (r response) code() string {
	code, _ := r.object()["code"].(string)
	return code
}

// ids gives the ids of a list in order.
func (r response) ids() []int {
	ids := []int{}
	list, _ := r.body.([]any)
	for _, item := range list {
		object, _ := item.(map[string]any)
		id, _ := object["id"].(float64)
		ids = append(ids, int(id))
	}
	return ids
}

// do sends a request to a path that begins with /.
func (c *client) do(method, path string, body any) response {
	c.t.Helper()
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		require.NoError(c.t, err)
		sent = bytes.NewReader(b)
	}
	r := httptest.NewRequest(method, c.base+path, sent)
	r.SetBasicAuth(DefaultKey, DefaultSecret)
	return c.send(r)
}

func (c *client) send(r *http.Request) response {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.store.ServeHTTP(w, r)
	answer := response{status: w.Code, header: w.Header(), raw: w.Body.Bytes()}
	if w.Header().Get("Content-Type") == "application/json; charset=UTF-8" {
		require.NoError(c.t, json.Unmarshal(answer.raw, &answer.body), "%s", answer.raw)
	}
	return answer
}

// get, post, put and del work below /wp-json/wc/v3/.
func (c *client) get(path string) response { c.t.Helper(); return c.api(http.MethodGet, path, nil) }
func (c *client) del(path string) response { c.t.Helper(); return c.api(http.MethodDelete, path, nil) }
func (c *client) put(path string, body any) response {
	c.t.Helper()
	return c.api(http.MethodPut, path, body)
}

// post creates and insists that it worked.
func (c *client) post(path string, body any) response {
	c.t.Helper()
	answer := c.api(http.MethodPost, path, body)
	require.Less(c.t, answer.status, 300, "%s", answer.raw)
	return answer
}

func (c *client) api(method, path string, body any) response {
	c.t.Helper()
	return c.do(method, "/wp-json/wc/v3/"+path, body)
}

type fields = map[string]any

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

// jsonRequest is a POST with a body that need not be JSON.
func jsonRequest(t *testing.T, c *client, path, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, c.base+"/wp-json/wc/v3/"+path, bytes.NewReader([]byte(body)))
	r.SetBasicAuth(DefaultKey, DefaultSecret)
	return r
}
