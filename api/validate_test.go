package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestRequestsAreHeldAgainstTheContract(t *testing.T) {
	h := newHarness(t)
	h.connected()
	for name, c := range map[string]struct {
		method, path string
		body         any
		fields       []string
	}{
		"missing fields":     {"POST", "/instances", map[string]any{}, []string{"id", "name", "store_url"}},
		"unknown field":      {"PATCH", "/instances/demo", map[string]any{"label": "x"}, []string{"label"}},
		"nested wrong type":  {"PATCH", "/instances/demo", map[string]any{"config": map[string]any{"order": map[string]any{"statuses": []any{"a", 2}}}}, []string{"config.order.statuses[1]"}},
		"nested unknown":     {"PATCH", "/instances/demo", map[string]any{"config": map[string]any{"order": map[string]any{"prefx": "x"}}}, []string{"config.order.prefx"}},
		"unknown section":    {"PATCH", "/instances/demo", map[string]any{"config": map[string]any{"ordr": map[string]any{}}}, []string{"config.ordr"}},
		"null":               {"PATCH", "/instances/demo", `{"config":{"general":{"warehouse":null}}}`, []string{"config.general.warehouse"}},
		"enum":               {"PATCH", "/instances/demo", map[string]any{"config": map[string]any{"stock": map[string]any{"field": "all"}}}, []string{"config.stock.field"}},
		"out of range":       {"PATCH", "/instances/demo", map[string]any{"connection": map[string]any{"readers": 9}}, []string{"connection.readers"}},
		"two at once":        {"PATCH", "/instances/demo", map[string]any{"connection": map[string]any{"readers": 0}, "version": 0}, []string{"connection.readers", "version"}},
		"query limit":        {"GET", "/jobs?limit=501", nil, []string{"limit"}},
		"query enum":         {"GET", "/jobs?state=gone", nil, []string{"state"}},
		"query no number":    {"GET", "/jobs?limit=many", nil, []string{"limit"}},
		"query no time":      {"GET", "/logs?from=yesterday", nil, []string{"from"}},
		"query required":     {"GET", "/orders/counts", nil, []string{"instance"}},
		"path pattern":       {"GET", "/instances/UPPER", nil, []string{"instance"}},
		"path no uuid":       {"GET", "/operations/1", nil, []string{"operation"}},
		"path no number":     {"GET", "/jobs/one", nil, []string{"job"}},
		"foreign cursor":     {"GET", "/jobs?after=nonsense", nil, []string{"after"}},
		"short idempotency":  {"POST", "/jobs/1/process", nil, []string{"Idempotency-Key"}},
		"too many ids":       {"POST", "/operations", map[string]any{"instances": []string{"demo"}, "filter": map[string]any{"kind": "ids", "ids": []string{}}}, []string{"filter.ids"}},
		"interval too short": {"POST", "/schedules", map[string]any{"instance": "demo", "kind": "order_import", "every_seconds": 1}, []string{"every_seconds"}},
	} {
		t.Run(name, func(t *testing.T) {
			var headers []string
			if c.fields[0] == "Idempotency-Key" {
				headers = []string{"Idempotency-Key", "x"}
			}
			h.in(t).call(c.method, c.path, c.body, headers...).fields(http.StatusUnprocessableEntity, c.fields...)
		})
	}
}

func TestUnreadableRequests(t *testing.T) {
	h := newHarness(t)
	for name, c := range map[string]struct {
		body, contentType string
		status            int
	}{
		"no JSON":      {"{", "application/json", http.StatusBadRequest},
		"no body":      {"", "application/json", http.StatusBadRequest},
		"another type": {"id=demo", "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
		"too large":    {`{"id":"` + strings.Repeat("x", 1<<20) + `"}`, "application/json", http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			h.in(t).call("POST", "/instances", c.body, "Content-Type", c.contentType).problem(c.status)
		})
	}
	t.Run("too large without saying so", func(t *testing.T) {
		request := h.request("POST", "/instances", `{"id":"`+strings.Repeat("x", 1<<20)+`"}`)
		request.ContentLength = -1
		require.Equal(t, http.StatusRequestEntityTooLarge, h.in(t).serve(request).Code)
	})
}

func TestUnknownAddressesAreProblems(t *testing.T) {
	h := newHarness(t)
	require.Equal(t, fault.NotFound, h.call("GET", "/nothing", nil).problem(http.StatusNotFound).Code)
	require.Equal(t, fault.NotFound, h.call("DELETE", "/instances", nil).problem(http.StatusMethodNotAllowed).Code)
}

// A secret in a refused request is not repeated in the answer or the log.
func TestRefusalsQuoteNoValue(t *testing.T) {
	h := newHarness(t)
	body := newInstance()
	body["consumer_key"] = strings.Repeat("k", 300)
	body["consumer_secret"] = 12345678
	answer := h.call("POST", "/instances", body).is(http.StatusUnprocessableEntity).Body.String()
	require.NotContains(t, answer, "kkkk")
	require.NotContains(t, answer+h.log.String(), "12345678")
}
