package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

// answering gives a client of a server that answers always the same, and what it was asked last.
func answering(t *testing.T, status int, headers map[string]string, body string) (*Client, *http.Request) {
	t.Helper()
	asked := &http.Request{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = *r.Clone(r.Context())
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return New(server.URL+"/", "tdm_secret"), asked
}

func TestGet(t *testing.T) {
	c, asked := answering(t, http.StatusOK, nil, `{"items":[{"id":"demo"}]}`)
	var list gen.InstanceList
	require.NoError(t, c.Get(t.Context(), "/instances", url.Values{"limit": {"5"}}, &list))
	require.Equal(t, "demo", list.Items[0].ID)
	require.Equal(t, "/api/v1/instances?limit=5", asked.URL.String())
	require.Equal(t, "Bearer tdm_secret", asked.Header.Get("Authorization"))
}

func TestVerbs(t *testing.T) {
	c, asked := answering(t, http.StatusNoContent, nil, "")
	for method, call := range map[string]func() error{
		http.MethodPost:   func() error { return c.Post(t.Context(), "/x", map[string]int{"a": 1}, nil) },
		http.MethodPut:    func() error { return c.Put(t.Context(), "/x", map[string]int{"a": 1}, nil) },
		http.MethodPatch:  func() error { return c.Patch(t.Context(), "/x", map[string]int{"a": 1}, nil) },
		http.MethodDelete: func() error { return c.Delete(t.Context(), "/x", nil) },
	} {
		require.NoError(t, call())
		require.Equal(t, method, asked.Method)
	}
}

// A request whose answer is lost is sent again with its key, and one that is answered is not.
func TestPostOnce(t *testing.T) {
	var keys []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		if len(keys) == 1 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"id":"12"}`))
	}))
	t.Cleanup(server.Close)
	var made struct{ ID string }
	require.NoError(t, New(server.URL, "").PostOnce(t.Context(), "key-of-mine", "/x", map[string]int{"a": 1}, &made))
	require.Equal(t, []any{"12", []string{"key-of-mine", "key-of-mine"}}, []any{made.ID, keys})

	c, asked := answering(t, http.StatusServiceUnavailable, nil, `{"code":"unavailable","detail":"away"}`)
	require.EqualError(t, c.PostOnce(t.Context(), "key-of-mine", "/x", nil, nil), "away")
	require.Equal(t, "key-of-mine", asked.Header.Get("Idempotency-Key"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, New(server.URL, "").PostOnce(ctx, "key-of-mine", "/x", nil, nil), context.Canceled)
}

func TestProblems(t *testing.T) {
	problem, err := json.Marshal(gen.Problem{
		Code: fault.RateLimited, Detail: "too many", Errors: []gen.FieldError{{Field: "config.order.prefix", Message: "is too long"}},
	})
	require.NoError(t, err)
	c, _ := answering(t, http.StatusTooManyRequests, map[string]string{"Retry-After": "7"}, string(problem))
	err = c.Get(t.Context(), "/x", nil, nil)
	require.EqualError(t, err, "too many\n  config.order.prefix: is too long")
	require.Equal(t, fault.RateLimited, fault.KindOf(err))
	require.Equal(t, 7*time.Second, fault.From(err).After)
}

func TestAnswersOfSomethingElse(t *testing.T) {
	c, _ := answering(t, http.StatusBadGateway, nil, "<html>proxy</html>")
	require.Equal(t, fault.Unavailable, fault.KindOf(c.Get(t.Context(), "/x", nil, nil)))
	c, _ = answering(t, http.StatusOK, nil, "<html>some page</html>")
	require.Equal(t, fault.Unsupported, fault.KindOf(c.Get(t.Context(), "/x", nil, &gen.Version{})))
	require.ErrorContains(t, New("http://127.0.0.1:1", "").Get(t.Context(), "/x", nil, nil), "is Tandem running there?")
}
