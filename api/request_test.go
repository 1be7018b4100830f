package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"tandem/api"
)

func TestAccessLogTellsWhatWasAskedButNotOfWhom(t *testing.T) {
	h := newHarness(t)
	h.call("GET", "/jobs?woo_id=someone%40example.com", nil, "X-Request-Id", "proxy-id-1").is(http.StatusOK)
	h.call("GET", "/links/demo/customer/someone@example.com", nil).is(http.StatusNotFound)
	require.NotContains(t, h.log.String(), "someone")

	var line struct {
		Request, Method, Route, By string
		Status                     int
	}
	require.NoError(t, json.Unmarshal([]byte(strings.SplitN(h.log.String(), "\n", 2)[0]), &line))
	require.Equal(t, "proxy-id-1", line.Request)
	require.Equal(t, "GET", line.Method)
	require.Equal(t, "/api/v1/jobs", line.Route)
	require.Equal(t, "test admin", line.By)
	require.Equal(t, http.StatusOK, line.Status)
}

func TestRequestIDsOfStrangersAreNotTakenBlindly(t *testing.T) {
	h := newHarness(t)
	for _, id := range []string{"", "short", "has space in it", strings.Repeat("x", 65), "new\nline-in-log"} {
		request := h.request("GET", "/version", nil)
		request.Header["X-Request-Id"] = []string{id}
		given := h.serve(request).Header().Get("X-Request-Id")
		require.Len(t, given, 36, "a UUID of our own")
		require.NotEqual(t, id, given)
	}
}

func TestAnswersAreData(t *testing.T) {
	h := newHarness(t)
	for _, path := range []string{"/version", "/nothing"} {
		headers := h.call("GET", path, nil).Header()
		require.Equal(t, "nosniff", headers.Get("X-Content-Type-Options"))
		require.Equal(t, "DENY", headers.Get("X-Frame-Options"))
		require.Equal(t, "no-store", headers.Get("Cache-Control"))
		require.Contains(t, headers.Get("Content-Security-Policy"), "default-src 'none'")
	}
}

func TestDocumentationIsPartOfTheBinary(t *testing.T) {
	h := newHarness(t)
	h.token = ""
	page := h.root("/docs/").is(http.StatusOK).Body.String()
	require.Contains(t, page, "/api/v1/openapi.yaml")
	require.NotRegexp(t, `(src|href)="(https?:)?//`, page, "nothing may come from elsewhere")
	require.Equal(t, http.StatusOK, h.root("/docs/swagger-ui-bundle.js").Code)
	require.Equal(t, "/docs/", h.root("/docs").is(http.StatusFound).Header().Get("Location"))
	require.Contains(t, h.root("/api/v1/openapi.yaml").is(http.StatusOK).Body.String(), "openapi: 3.0.3")
}

func TestMetrics(t *testing.T) {
	process := prometheus.NewRegistry()
	process.MustRegister(prometheus.NewCounter(prometheus.CounterOpts{Name: "process_figure_total", Help: "Of the process."}))
	h := newHarness(t, func(o *api.Options) { o.Metrics = process })
	h.active()
	h.landedOrder("77")
	require.NoError(t, h.db.RecordPeriodicJob(t.Context(), "prune", nil))
	h.call("GET", "/jobs", nil).is(http.StatusOK)
	text := h.root("/metrics").is(http.StatusOK).Body.String()
	for _, line := range []string{
		`tandem_http_request_duration_seconds_count{method="GET",route="/api/v1/jobs",status="200"} 1`,
		`tandem_links{entity="order",instance="demo"} 1`,
		`tandem_order_runs{instance="demo",state="due"} 1`,
		`tandem_build_info{version="1.2.3"} 1`,
		"tandem_database_up 1",
		"tandem_figures_complete 1",
		`tandem_order_run_oldest_seconds{instance="demo",state="due"}`,
		`tandem_operations{state="waiting"}`,
		`tandem_erp_problem{instance="demo"} 0`,
		`tandem_periodic_job_failures{job="prune"} 0`,
		"process_figure_total 0",
	} {
		require.Contains(t, text, line)
	}
	h.token = ""
	require.Equal(t, http.StatusUnauthorized, h.root("/metrics").Code)
}

func TestMetricsSurviveTheDatabase(t *testing.T) {
	h := newHarness(t, func(o *api.Options) { o.NoAuth = true })
	require.NoError(t, h.db.Close())
	text := h.root("/metrics").is(http.StatusOK).Body.String()
	require.Contains(t, text, "tandem_database_up 0")
}

func TestOptionsMustBeComplete(t *testing.T) {
	_, err := api.New(api.Options{})
	require.Error(t, err)
}

func TestServerHasLimits(t *testing.T) {
	server := api.NewHTTPServer("127.0.0.1:0", http.NotFoundHandler())
	require.Positive(t, server.ReadHeaderTimeout)
	require.Positive(t, server.ReadTimeout)
	require.Zero(t, server.WriteTimeout, "event streams stay open")
}
