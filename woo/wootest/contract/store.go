package contract

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// store is a store under test. It deliberately is not the client of package woo.
type store struct {
	base, key, secret string
	http              *http.Client
	run               string // marks what this run creates
}

func newStore(baseURL, key, secret string) *store {
	return &store{base: strings.TrimSuffix(baseURL, "/"), key: key, secret: secret,
		http: &http.Client{Timeout: time.Minute}, run: strconv.FormatInt(time.Now().UnixNano()%1e10, 36)}
}

type object = map[string]any

// answer is a reply with its body decoded.
type answer struct {
	status int
	header http.Header
	body   any
}

func (a answer) object() object {
	o, _ := a.body.(object)
	return o
}

func (a answer) id() int { return whole(a.object()["id"]) }

func (a answer) code() string { return word(a.object()["code"]) }

func (a answer) list() []object {
	items, _ := a.body.([]any)
	return objects(items)
}

func (a answer) ids() []int {
	ids := []int{}
	for _, o := range a.list() {
		ids = append(ids, whole(o["id"]))
	}
	return ids
}

// at walks into objects and lists: at(o, "line_items", 0, "total").
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, _ := v.(object)
			v = o[step]
		case int:
			items, _ := v.([]any)
			if step >= len(items) {
				return nil
			}
			v = items[step]
		}
	}
	return v
}

func objects(v any) []object {
	items, _ := v.([]any)
	var all []object
	for _, item := range items {
		o, _ := item.(object)
		all = append(all, o)
	}
	return all
}

func whole(v any) int {
	n, _ := v.(float64)
	return int(n)
}

func word(v any) string {
	s, _ := v.(string)
	return s
}

func (s *store) get(t *testing.T, path string) answer {
	t.Helper()
	return s.call(t, http.MethodGet, path, nil)
}

// list gets a list and insists that it worked.
func (s *store) list(t *testing.T, path string) answer {
	t.Helper()
	a := s.get(t, path)
	require.Equal(t, http.StatusOK, a.status, "GET %s: %v", path, a.body)
	return a
}

func (s *store) put(t *testing.T, path string, body any) answer {
	t.Helper()
	return s.call(t, http.MethodPut, path, body)
}

func (s *store) post(t *testing.T, path string, body any) answer {
	t.Helper()
	return s.call(t, http.MethodPost, path, body)
}

func (s *store) delete(t *testing.T, path string) answer {
	t.Helper()
	return s.call(t, http.MethodDelete, path, nil)
}

// create makes a record that is deleted for good when the test ends.
func (s *store) create(t *testing.T, path string, body object) object {
	t.Helper()
	a := s.post(t, path, body)
	require.Equal(t, http.StatusCreated, a.status, "POST %s: %v", path, a.body)
	s.discard(t, path, a.id())
	return a.object()
}

// discard deletes a record when the test ends; one that is gone already is fine.
func (s *store) discard(t *testing.T, path string, id int) {
	t.Helper()
	t.Cleanup(func() { s.delete(t, fmt.Sprintf("%s/%d?force=true", path, id)) })
}

func (s *store) call(t *testing.T, method, path string, body any) answer {
	t.Helper()
	request := s.request(t, method, "/wp-json/wc/v3/"+path, body)
	s.prove(request)
	return s.send(t, request)
}

// prove adds the keys to a request the way its scheme wants them.
func (s *store) prove(request *http.Request) {
	if request.URL.Scheme == "https" {
		request.SetBasicAuth(s.key, s.secret)
	} else {
		s.sign(request)
	}
}

func (s *store) request(t *testing.T, method, path string, body any) *http.Request {
	t.Helper()
	var sent io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		require.NoError(t, err)
		sent = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, s.base+path, sent)
	if t.Context().Err() != nil { // in cleanup the test's own context is over
		request, err = http.NewRequest(method, s.base+path, sent)
	}
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	return request
}

func (s *store) send(t *testing.T, request *http.Request) answer {
	t.Helper()
	response, err := s.http.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	a := answer{status: response.StatusCode, header: response.Header}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		require.NoError(t, json.Unmarshal(raw, &a.body), "%s", raw)
	}
	return a
}

// sign adds an OAuth 1.0a signature to the query.
func (s *store) sign(request *http.Request) {
	query := request.URL.Query()
	query.Set("oauth_consumer_key", s.key)
	query.Set("oauth_nonce", rand.Text())
	query.Set("oauth_signature_method", "HMAC-SHA256")
	query.Set("oauth_timestamp", strconv.FormatInt(time.Now().Unix(), 10))
	query.Set("oauth_signature", s.signature(request, query))
	request.URL.RawQuery = keep(request.URL.RawQuery, query)
}

func (s *store) signature(request *http.Request, query url.Values) string {
	var pairs []string
	for name, values := range query {
		pairs = append(pairs, escape(name)+"="+escape(values[0]))
	}
	slices.Sort(pairs)
	address := *request.URL
	address.RawQuery = ""
	mac := hmac.New(sha256.New, []byte(s.secret+"&"))
	mac.Write([]byte(request.Method + "&" + escape(address.String()) + "&" + escape(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// keep adds what is new in query to what is sent, which stays as it was written.
func keep(sent string, query url.Values) string {
	added := url.Values{}
	for name, values := range query {
		if strings.HasPrefix(name, "oauth_") {
			added[name] = values
		}
	}
	return strings.TrimPrefix(sent+"&"+added.Encode(), "&")
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
