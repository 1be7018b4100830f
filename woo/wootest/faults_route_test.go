package wootest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestBrokenRecordBreaksItsPages(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	ids := c.get("orders?per_page=10").ids()
	c.store.SetFaults(Faults{Routes: []RouteFault{{Route: "orders", BrokenRecords: []int{ids[3]}}}})
	for _, tc := range []struct {
		query  string
		status int
	}{
		{"orders?per_page=10", 500}, {"orders?per_page=3", 200}, {"orders?per_page=1&offset=3", 500},
		{"orders?per_page=5&offset=4", 200}, {"orders/" + identifier(ids[3]), 200},
	} {
		for range 2 { // for ever
			require.Equal(t, tc.status, c.api(http.MethodGet, tc.query, nil).status, tc.query)
		}
	}
	require.Positive(t, c.store.Stats().Faults["route orders"])
	c.store.SetFaults(Faults{Routes: []RouteFault{{Route: "orders/#", BrokenRecords: []int{ids[3]}}}})
	require.Equal(t, 500, c.api(http.MethodGet, "orders/"+identifier(ids[3]), nil).status)
	require.Equal(t, 200, c.api(http.MethodGet, "orders/"+identifier(ids[4]), nil).status)
}

func TestLongPagesBreak(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	c.store.SetFaults(Faults{Routes: []RouteFault{{MaxPerPage: 25}}})
	require.Equal(t, 500, c.api(http.MethodGet, "products?per_page=26", nil).status)
	require.Equal(t, 200, c.api(http.MethodGet, "products?per_page=25", nil).status)
	require.Equal(t, 200, c.api(http.MethodGet, "customers", nil).status)
}

// TestIgnoredParameters: a cache that ignores the query repeats the first page, with or without totals.
func TestIgnoredParameters(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	first := c.get("orders?per_page=10").ids()
	lie := int64(9e18)
	c.store.SetFaults(Faults{Routes: []RouteFault{
		{Route: "orders", Ignore: []string{"page", "offset"}, Total: &lie},
		{Route: "products", Ignore: []string{"*"}, HideTotals: true},
	}})
	for _, query := range []string{"orders?per_page=10&page=4", "orders?per_page=10&offset=40"} {
		answer := c.get(query)
		require.Equal(t, first, answer.ids())
		require.Equal(t, "9000000000000000000", answer.header.Get("X-WP-Total"))
	}
	answer := c.get("products?per_page=50&page=2&modified_after=2099-01-01T00:00:00")
	require.Len(t, answer.ids(), 10)
	require.Empty(t, answer.header.Get("X-WP-Total"))
	require.Empty(t, answer.header.Get("X-WP-TotalPages"))
}

func TestRouteAnswersSomethingElse(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	c.store.SetFaults(Faults{Routes: []RouteFault{
		{Status: 403, HTML: true, Times: 2},
		{Route: "orders", Status: 401, Times: 1},
		{Route: "shipping/zones", Status: 404},
		{Route: "payment_gateways", Body: []byte(`[{"id":"bacs","order":{}}]`)},
		{Route: "coupons", Method: http.MethodPost, Status: 500},
	}})
	for range 2 {
		answer := c.api(http.MethodGet, "orders", nil)
		require.Equal(t, 403, answer.status)
		require.Contains(t, answer.header.Get("Content-Type"), "text/html")
	}
	refused := c.api(http.MethodGet, "orders", nil)
	require.Equal(t, 401, refused.status)
	require.Contains(t, string(refused.raw), "woocommerce_rest_cannot_view")
	require.Equal(t, 200, c.api(http.MethodGet, "orders", nil).status)
	for range 3 {
		zones := c.api(http.MethodGet, "shipping/zones", nil)
		require.Equal(t, 404, zones.status)
		require.Contains(t, string(zones.raw), "rest_no_route")
	}
	odd := c.api(http.MethodGet, "payment_gateways", nil)
	require.Equal(t, 200, odd.status)
	require.JSONEq(t, `[{"id":"bacs","order":{}}]`, string(odd.raw))
	before := c.store.Count("coupons")
	require.Equal(t, 500, c.api(http.MethodPost, "coupons", fields{"code": "never"}).status)
	require.Equal(t, before, c.store.Count("coupons"), "the store never saw it")
}

func TestSkewedClocks(t *testing.T) {
	t.Parallel()
	s, call := remote(t, Options{Faults: Faults{ClockSkew: 2 * time.Hour, DateSkew: time.Hour}})
	answer, err := call(http.MethodPost, someProducts, `{"name":"Ahead"}`)
	require.NoError(t, err)
	answer.Body.Close()
	date, err := http.ParseTime(answer.Header.Get("Date"))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(3*time.Hour), date, time.Minute)
	made := s.products.get(s.counters.post)
	require.WithinDuration(t, time.Now().Add(2*time.Hour), time.Unix(made.created, 0), time.Minute)
}

func TestSlowRecords(t *testing.T) {
	t.Parallel()
	const each = 3 * time.Millisecond
	_, call := remote(t, Options{Faults: Faults{Routes: []RouteFault{{Route: "products", RecordLatency: each}}}})
	start := time.Now()
	answer, err := call(http.MethodGet, someProducts+"?per_page=50", "")
	require.NoError(t, err)
	answer.Body.Close()
	require.GreaterOrEqual(t, time.Since(start), 50*each)
}

func TestWrongFaultPlans(t *testing.T) {
	t.Parallel()
	_, call := remote(t, Options{})
	for plan, says := range map[string]string{
		`{`:                                "not valid JSON",
		`{"rate_500":1} {"rate_500":1}`:    "followed by more text",
		`{"rate_5000":1}`:                  `"rate_5000"`,
		`{"routes":[{"path":"orders"}]}`:   `"path"`,
		`{"routes":[{"route":"order"}]}`:   `routes[0].route "order"`,
		`{"routes":[{"html":true}]}`:       "routes[0].html needs a status",
		`{"routes":[{"status":99}]}`:       "routes[0].status",
		`{"rate_cut":1.5}`:                 "rate_cut must be",
		`{"rate_cut":0.7,"rate_html":0.7}`: "add up",
		`{"rate_cut":"often"}`:             `"rate_cut" cannot be a string`,
	} {
		answer, err := call(http.MethodPut, "/__sim/faults", plan)
		require.NoError(t, err)
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		answer.Body.Close()
		require.Equal(t, http.StatusBadRequest, answer.StatusCode, plan)
		require.Contains(t, string(text), says, plan)
	}
	err := Serve(context.Background(), Options{Faults: Faults{Routes: []RouteFault{{Route: "order"}}}}, "127.0.0.1:0", nil)
	require.True(t, fault.Is(err, fault.Invalid))
}

// TestControlsAreForThisNetwork: a page of another site cannot reach them through somebody's browser.
func TestControlsAreForThisNetwork(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for name, tc := range map[string]struct {
		host, header, value string
		status              int
	}{
		"loopback":        {host: "127.0.0.1:8090", status: 200},
		"localhost":       {host: "localhost:8090", status: 200},
		"IPv6":            {host: "[::1]:8090", status: 200},
		"container":       {host: "simulate:8090", status: 200},
		"own page":        {host: "localhost:8090", header: "Origin", value: "http://localhost:8090", status: 200},
		"public name":     {host: "rebound.example:8090", status: 403},
		"foreign origin":  {host: "localhost:8090", header: "Origin", value: "https://shop.example", status: 403},
		"opaque origin":   {host: "localhost:8090", header: "Origin", value: "null", status: 403},
		"foreign request": {host: "localhost:8090", header: "Sec-Fetch-Site", value: "cross-site", status: 403},
	} {
		r := httptest.NewRequest(http.MethodGet, "/__sim/faults", nil)
		r.Host = tc.host
		if tc.header != "" {
			r.Header.Set(tc.header, tc.value)
		}
		answer := httptest.NewRecorder()
		c.store.ServeHTTP(answer, r)
		require.Equal(t, tc.status, answer.Code, name)
	}
}
