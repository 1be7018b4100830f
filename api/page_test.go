package api_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var asset = regexp.MustCompile(`/assets/[\w.-]+\.(js|css)`)

func TestThePageIsServedAtItsOwnAddresses(t *testing.T) {
	h := newHarness(t)
	for _, address := range []string{"/", "/jobs?state=parked", "/instances/demo", "/webhooks", "/docsomething"} {
		reply := h.fetch("GET", address)
		require.Equal(t, http.StatusOK, reply.Code, address)
		require.Contains(t, reply.Body.String(), `<div id="root">`)
		require.Equal(t, "no-store", reply.Header().Get("Cache-Control"))
	}
	for _, address := range []string{"/api/v1/none", "/docs/none/..%2f", "/webhooks/x", "/metrics/x", "/assets/gone-12345678.js", "/images/x"} {
		reply := h.fetch("GET", address)
		require.NotContains(t, reply.Body.String(), `<div id="root">`, address)
		require.NotEqual(t, http.StatusOK, reply.Code, address)
	}
	require.Equal(t, http.StatusNotFound, h.fetch("POST", "/instances").Code)
}

func TestThePageRunsItsOwnScriptsOnly(t *testing.T) {
	h := newHarness(t)
	first, second := h.fetch("GET", "/"), h.fetch("GET", "/")
	policy := first.Header().Get("Content-Security-Policy")
	require.Contains(t, policy, "script-src 'self';")
	require.NotContains(t, policy, "unsafe")
	nonce := regexp.MustCompile(`'nonce-([\w-]{20,})'`).FindStringSubmatch(policy)
	require.Len(t, nonce, 2)
	require.Contains(t, first.Body.String(), `content="`+nonce[1]+`"`)
	require.NotEqual(t, policy, second.Header().Get("Content-Security-Policy"), "each answer has a nonce of its own")
	require.NotRegexp(t, `<script[^>]*>[^<]`, first.Body.String(), "no inline script")
}

// What is loaded before a person sees something stays small, whatever is added.
func TestThePageLoadsLittleAtFirst(t *testing.T) {
	const limit = 350 << 10
	h := newHarness(t)
	var bytes int
	for _, address := range asset.FindAllString(h.fetch("GET", "/").Body.String(), -1) {
		reply := h.fetch("GET", address, "Accept-Encoding", "br, gzip")
		require.Equal(t, http.StatusOK, reply.Code, address)
		require.Equal(t, "gzip", reply.Header().Get("Content-Encoding"))
		require.Contains(t, reply.Header().Get("Cache-Control"), "immutable")
		bytes += reply.Body.Len()
		packed, err := gzip.NewReader(reply.Body)
		require.NoError(t, err)
		unpacked, err := io.ReadAll(packed)
		require.NoError(t, err)
		plain := h.fetch("GET", address)
		require.Empty(t, plain.Header().Get("Content-Encoding"))
		require.Equal(t, string(unpacked), plain.Body.String())
		require.False(t, strings.Contains(address, "echarts"), "charts are loaded where they are shown")
	}
	require.NotZero(t, bytes)
	require.Less(t, bytes, limit)
	t.Logf("the first load takes %d KiB", bytes>>10)
}
