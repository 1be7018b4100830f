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

// What is wrong is said in words, at its place, and all of it at once.
func TestRefusalsSpeakPlainly(t *testing.T) {
	h := newHarness(t)
	h.connected()
	for _, c := range []struct {
		method, path string
		body         any
		messages     map[string]string
	}{
		{"POST", "/instances", map[string]any{"id": "My Shop", "store_url": "x"}, map[string]string{
			"id": "must be 1 to 32 of a–z, 0–9 and -, and must not begin with -, e.g. myshop", "name": "is missing",
		}},
		{"PATCH", "/instances/demo", map[string]any{"config": map[string]any{
			"stock": map[string]any{"field": "all"}, "order": map[string]any{"prefx": "x", "statuses": "processing"}, "general": map[string]any{"multi_currency": "yes"},
		}}, map[string]string{
			"config.stock.field": "must be one of free, forecast", "config.order.prefx": "unknown field",
			"config.order.statuses": "must be a list: [ … ]", "config.general.multi_currency": "must be true or false",
		}},
		{"POST", "/schedules/myshop/pause", nil, map[string]string{
			"schedule": "must be an id as lists show it, e.g. 01a206b7-1121-76c5-8f51-13a7e2e2f676",
		}},
		{"GET", "/orders/counts", nil, map[string]string{"instance": "is missing"}},
		{"GET", "/jobs?limit=many", nil, map[string]string{"limit": "must be a whole number"}},
		{"GET", "/jobs?limit=501", nil, map[string]string{"limit": "must be 500 or less"}},
		{"GET", "/logs?from=yesterday", nil, map[string]string{"from": "must be a time, e.g. 2026-01-31T08:00:00Z"}},
		{"GET", "/jobs?state=%zz", nil, map[string]string{"state": "must be percent-encoded, e.g. %25 for a percent sign and %3B for a semicolon"}},
		{"GET", "/jobs?state=parked;code=x", nil, map[string]string{"state": "must be percent-encoded, e.g. %25 for a percent sign and %3B for a semicolon"}},
		{"GET", "/jobs?state=parked&state=failed", nil, map[string]string{"state": "must be given once"}},
		{"GET", "/links?woo_id=%00", nil, map[string]string{"woo_id": "must be UTF-8 without NUL characters"}},
		{"POST", "/tokens", map[string]any{"name": "", "scope": "god"}, map[string]string{
			"name": "must not be empty", "scope": "must be one of viewer, operator, admin",
		}},
		{"PATCH", "/instances/demo", config("general", "currency", "EUX"), map[string]string{
			"config.general.currency": "EUX is not an active currency of the ERP: activate it there, or create it with this code and a rounding of 0.01",
		}},
	} {
		found := map[string]string{}
		for _, e := range h.call(c.method, c.path, c.body).problem(http.StatusUnprocessableEntity).Errors {
			found[e.Field] = e.Message
		}
		require.Equal(t, c.messages, found, c.path)
	}
}

func TestBrokenJSONIsFound(t *testing.T) {
	h := newHarness(t)
	detail := h.call("POST", "/instances", "{\n  \"id\": \"demo\",\n  name: 1\n}").problem(http.StatusBadRequest).Detail
	require.Contains(t, detail, "line 3, column 3")
	h.call("POST", "/instances", `{"id": "demo", "name": "a\u0000b"}`).problem(http.StatusBadRequest)
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
