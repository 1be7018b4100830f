package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api"
	"tandem/db"
	"tandem/fault"
)

// Every operation is tried with no token, with each scope too small, and with the one the contract names.
func TestEveryOperationNeedsItsScope(t *testing.T) {
	h := newHarness(t)
	order := []string{db.ScopeViewer, db.ScopeOperator, db.ScopeAdmin}
	tokens := map[string]string{}
	for _, scope := range order {
		tokens[scope] = h.newToken(scope)
	}
	for path, item := range loadContract(t).Paths.Map() {
		for method, operation := range item.Operations() {
			needed, _ := operation.Extensions["x-scope"].(string)
			if needed == "public" {
				continue
			}
			target := sampleAddress(path)
			allowed := false
			for _, scope := range order {
				allowed = allowed || scope == needed
				h.token = tokens[scope]
				if allowed && strings.HasSuffix(path, "events") {
					continue // would stream
				}
				status := h.call(method, target, nil).Code
				require.Equal(t, allowed, status != http.StatusForbidden, "%s %s as %s: %d", method, path, scope, status)
			}
		}
	}
}

func sampleAddress(path string) string {
	id := "0192d3c1-0000-7000-8000-000000000000"
	return strings.NewReplacer("{instance}", "demo", "{operation}", id, "{job}", "1", "{delivery}", "1", "{schedule}", id, "{token}", id,
		"{mapping}", id, "{list}", "regular-EUR", "{workflow}", "w", "{entity}", "product", "{woo_id}", "1").Replace(path)
}

func TestTokens(t *testing.T) {
	h := newHarness(t)
	valid := h.token
	expired, _, err := h.db.CreateToken(t.Context(), "old", db.ScopeAdmin, time.Nanosecond)
	require.NoError(t, err)
	revoked, kept, err := h.db.CreateToken(t.Context(), "gone", db.ScopeAdmin, 0)
	require.NoError(t, err)
	require.NoError(t, h.db.RevokeToken(t.Context(), kept.ID))
	for name, header := range map[string]string{
		"none": "", "not bearer": "Basic " + valid, "unknown": "Bearer tdm_unknown", "expired": "Bearer " + expired,
		"revoked": "Bearer " + revoked, "mark only": "Bearer tdm_",
	} {
		t.Run(name, func(t *testing.T) {
			reply := h.in(t).call("GET", "/instances", nil, "Authorization", header)
			require.Equal(t, fault.Unauthorized, reply.problem(http.StatusUnauthorized).Code)
			require.Contains(t, reply.Header().Get("WWW-Authenticate"), "Bearer")
		})
	}
	h.call("GET", "/instances", nil, "Authorization", "bearer "+valid).is(http.StatusOK)
	require.NotContains(t, h.log.String(), valid)
	require.NotContains(t, h.log.String(), expired)
}

func TestGuessingTokensIsSlowedDown(t *testing.T) {
	h := newHarness(t)
	good := h.token
	h.token = "tdm_guess"
	statuses := map[int]int{}
	for range 30 {
		statuses[h.call("GET", "/version", nil).Code]++
		statuses[h.call("GET", "/instances", nil).Code]++
	}
	require.Equal(t, 30, statuses[http.StatusOK], "public calls go on")
	require.InDelta(t, 20, statuses[http.StatusUnauthorized], 1)
	require.Equal(t, 60, statuses[http.StatusOK]+statuses[http.StatusUnauthorized]+statuses[http.StatusTooManyRequests])
	reply := h.call("GET", "/instances", nil)
	require.Equal(t, fault.RateLimited, reply.problem(http.StatusTooManyRequests).Code)
	require.Equal(t, "60", reply.Header().Get("Retry-After"))

	h.token = good
	h.call("GET", "/instances", nil).is(http.StatusOK) // behind a proxy those who guess share its address
	h.token = "tdm_guess"
	h.call("GET", "/instances", nil).problem(http.StatusTooManyRequests)
}

func TestWithoutTokensOnlyThisMachineMayCall(t *testing.T) {
	h := newHarness(t, func(o *api.Options) { o.NoAuth = true })
	h.token = ""
	for name, c := range map[string]struct {
		host, header, value string
		status              int
	}{
		"address":           {host: "127.0.0.1:8080", status: http.StatusOK},
		"name":              {host: "localhost:8080", status: http.StatusOK},
		"IPv6":              {host: "[::1]:8080", status: http.StatusOK},
		"IPv6 without port": {host: "[::1]", status: http.StatusOK},
		"own page":          {host: "localhost:8080", header: "Origin", value: "http://localhost:8080", status: http.StatusOK},
		"rebound name":      {host: "evil.example.com", status: http.StatusForbidden},
		"like localhost":    {host: "localhost.example.com", status: http.StatusForbidden},
		"other address":     {host: "192.0.2.1:8080", status: http.StatusForbidden},
		"no host":           {host: "", status: http.StatusForbidden},
		"foreign page":      {host: "localhost", header: "Origin", value: "https://evil.example.com", status: http.StatusForbidden},
		"null origin":       {host: "localhost", header: "Origin", value: "null", status: http.StatusForbidden},
		"cross-site":        {host: "localhost", header: "Sec-Fetch-Site", value: "cross-site", status: http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			request := h.request("GET", "/instances", nil)
			request.Host = c.host
			if c.header != "" {
				request.Header.Set(c.header, c.value)
			}
			require.Equal(t, c.status, h.in(t).serve(request).Code)
		})
	}
}

func TestWithTokensAnyHostMayBeNamed(t *testing.T) {
	h := newHarness(t)
	request := h.request("GET", "/instances", nil)
	request.Host = "tandem.example.com"
	reply := h.serve(request)
	require.Equal(t, http.StatusOK, reply.Code)
	require.Empty(t, reply.Header().Get("Access-Control-Allow-Origin"), "other sites' pages may not read answers")
}
