package wootest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// remote starts a store with the given faults and returns a function that gets from it over a real connection.
func remote(t *testing.T, o Options) (*Server, func(method, path, body string) (*http.Response, error)) {
	t.Helper()
	o.PlainHTTPAuth = true
	s := Start(t, o)
	return s, func(method, path, body string) (*http.Response, error) {
		r, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
		require.NoError(t, err)
		r.SetBasicAuth(DefaultKey, DefaultSecret)
		return (&http.Client{Timeout: 5 * time.Second}).Do(r)
	}
}

const someProducts = "/wp-json/wc/v3/products"

func TestFaultyReplies(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		faults Faults
		status []int
		header string
	}{
		{"429", Faults{Rate429: 1, RetryAfter: 1500 * time.Millisecond}, []int{429}, "application/json; charset=UTF-8"},
		{"500", Faults{Rate500: 1}, []int{500}, "application/json; charset=UTF-8"},
		{"html", Faults{RateHTML: 1}, []int{200, 503}, "text/html; charset=UTF-8"},
	} {
		s, call := remote(t, Options{Faults: tc.faults})
		answer, err := call(http.MethodGet, someProducts, "")
		require.NoError(t, err)
		defer answer.Body.Close()
		require.Contains(t, tc.status, answer.StatusCode)
		require.Equal(t, tc.header, answer.Header.Get("Content-Type"))
		if tc.name == "429" {
			require.Equal(t, "2", answer.Header.Get("Retry-After"), "rounded up to whole seconds")
		}
		require.Equal(t, map[string]int{tc.name: 1}, s.Stats().Faults)
	}
}

// TestLostReplies: the client hears nothing, or half, of a write that was applied.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]Faults{
		"timeout": {RateTimeout: 1, TimeoutAfter: 20 * time.Millisecond}, "cut": {RateCut: 1},
	} {
		s, call := remote(t, Options{Faults: faults})
		answer, err := call(http.MethodPost, someProducts, `{"name":"Lost"}`)
		if err == nil {
			_, err = io.ReadAll(answer.Body)
			answer.Body.Close()
		}
		require.Error(t, err, name)
		require.Equal(t, 1, s.Count("products"), name)
	}
}

// TestTimeoutLeavesPrefixOfBatch: what a batch did before the gateway gave up stays done.
func TestTimeoutLeavesPrefixOfBatch(t *testing.T) {
	t.Parallel()
	s, call := remote(t, Options{Faults: Faults{RateTimeout: 1, TimeoutAfter: time.Millisecond, Seed: 3}})
	items := strings.TrimSuffix(strings.Repeat(`{"name":"x"},`, 100), ",")
	_, err := call(http.MethodPost, someProducts+"/batch", `{"create":[`+items+`]}`)
	require.Error(t, err)
	made := s.Count("products")
	require.Positive(t, made)
	require.Less(t, made, 100)
	for i := range made {
		require.NotNil(t, s.products.get(s.counters.post-i), "a prefix, not a selection")
	}
}

func TestFaultRatesAndRepeatability(t *testing.T) {
	t.Parallel()
	draw := func(seed int64) []mishap {
		var plan faultPlan
		plan.set(Faults{Rate429: 0.1, Rate500: 0.1, Seed: seed})
		var drawn []mishap
		for range 2000 {
			f, _ := plan.draw()
			drawn = append(drawn, f)
		}
		return drawn
	}
	require.Equal(t, draw(1), draw(1))
	require.NotEqual(t, draw(1), draw(2))
	spoilt := 0
	for _, f := range draw(1) {
		if f != noFault {
			spoilt++
		}
	}
	require.InDelta(t, 400, spoilt, 60)
}

func TestControlEndpoint(t *testing.T) {
	t.Parallel()
	s, call := remote(t, Options{})
	answer, err := call(http.MethodPut, "/__sim/faults", `{"rate_500":1,"retry_after":1000000000}`)
	require.NoError(t, err)
	answer.Body.Close()
	require.InDelta(t, 1, s.Faults().Rate500, 0)
	require.Equal(t, time.Second, s.Faults().RetryAfter)

	answer, err = call(http.MethodGet, someProducts, "")
	require.NoError(t, err)
	answer.Body.Close()
	require.Equal(t, http.StatusInternalServerError, answer.StatusCode)

	answer, err = call(http.MethodGet, "/__sim/stats", "")
	require.NoError(t, err)
	defer answer.Body.Close()
	var stats Stats
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&stats))
	require.Equal(t, Stats{Requests: map[string]int{"GET /products": 1}, Faults: map[string]int{"500": 1}}, stats)

	bad, err := call(http.MethodPut, "/__sim/faults", `{`)
	require.NoError(t, err)
	bad.Body.Close()
	require.Equal(t, http.StatusBadRequest, bad.StatusCode)
}

// TestReadersQueue: six pages of 30 ms from a store with two readers take three times as long as one.
func TestReadersQueue(t *testing.T) {
	t.Parallel()
	const latency = 30 * time.Millisecond
	_, call := remote(t, Options{PageLatency: latency, Readers: 2})
	start := time.Now()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			answer, err := call(http.MethodGet, someProducts, "")
			if err == nil {
				answer.Body.Close()
			}
		})
	}
	all.Wait()
	require.GreaterOrEqual(t, time.Since(start), 3*latency)
}

// TestEditWhilePaging: with the rate at 1 every page is followed by a change dated after it.
func TestEditWhilePaging(t *testing.T) {
	t.Parallel()
	o := Demo()
	o.Faults = Faults{EditWhilePaging: 1, Seed: 5}
	c := newClient(t, o)
	before := c.store.Count("orders")
	for range 20 {
		c.get("orders?per_page=10&orderby=id&order=asc")
		c.get("products")
		c.get("customers")
	}
	require.Greater(t, c.store.Count("orders"), before, "orders were placed")
	c.store.SetFaults(Faults{})
	changed := c.get("orders?dates_are_gmt=true&modified_after=2026-01-01T00:00:00&per_page=100").ids()
	require.NotEmpty(t, changed)
	require.Positive(t, c.store.Stats().Faults["edit"])
	for id := range c.store.orders.stored {
		require.Contains(t, changed, id)
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	image := func(path string) []byte {
		answer := c.do(http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, answer.status)
		require.Equal(t, "image/png", answer.header.Get("Content-Type"))
		return answer.raw
	}
	first := image(uploads + "image-690.png")
	require.True(t, bytes.HasPrefix(first, []byte("\x89PNG")))
	require.Equal(t, first, image(uploads+"image-690.png"))
	require.NotEqual(t, first, image(uploads+"image-693.png"))
	require.Equal(t, http.StatusNotFound, c.do(http.MethodGet, uploads+"nosuch.png", nil).status)
}
