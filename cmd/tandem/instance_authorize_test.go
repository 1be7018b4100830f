package main

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

// requestForKeys answers a request for the keys of a store: it waits at first, and then is in a state.
func requestForKeys(t *testing.T, state gen.AuthorizationState) *apiStub {
	t.Helper()
	stub := startAPI(t, nil)
	request := gen.Authorization{State: gen.AuthorizationStateWaiting, Scope: gen.ReadWrite, ExpiresAt: time.Now().Add(time.Hour).UTC()}
	begun, ended := request, request
	begun.URL, ended.State = "https://shop.example.com/wc-auth/v1/authorize?user_id=TOKEN", state
	stub.on("POST /instances/shop/authorization", begun)
	looks := 0
	stub.replies["GET /instances/shop/authorization"] = func(w http.ResponseWriter) {
		switch looks++; looks {
		case 1:
			_ = json.NewEncoder(w).Encode(request)
		case 2:
			w.WriteHeader(http.StatusServiceUnavailable)
			_ = json.NewEncoder(w).Encode(gen.Problem{Status: http.StatusServiceUnavailable, Code: fault.Unavailable, Detail: "ask again later"})
		default:
			_ = json.NewEncoder(w).Encode(ended)
		}
	}
	return stub
}

func TestWaitingForKeys(t *testing.T) {
	for state, c := range map[gen.AuthorizationState]struct {
		code int
		says string
	}{
		gen.AuthorizationStateGranted: {0, ""},
		gen.AuthorizationStateDenied:  {exitFailure, "access was denied in the store"},
		gen.AuthorizationStateExpired: {exitFailure, "the request was not approved in time"},
	} {
		t.Run(string(state), func(t *testing.T) {
			requestForKeys(t, state)
			stdout, stderr, code := program(t, "instance", "authorize", "shop")
			require.Equal(t, c.code, code)
			require.Contains(t, stderr, "https://shop.example.com/wc-auth/v1/authorize?user_id=TOKEN")
			require.Contains(t, stderr, c.says)
			require.Equal(t, code == 0, containsAll(stdout, "are kept", "tandem instance connect shop"), stdout)

			requestForKeys(t, state)
			stdout, _, code = program(t, "instance", "authorize", "shop", "--json")
			require.Equal(t, c.code, code)
			if code != 0 {
				require.Empty(t, stdout)
				return
			}
			var ended gen.Authorization
			require.NoError(t, json.Unmarshal([]byte(stdout), &ended))
			require.Equal(t, gen.AuthorizationStateGranted, ended.State)
			require.Empty(t, ended.URL, "the token")
		})
	}
}

func TestWaitingForKeysEnds(t *testing.T) {
	stub := requestForKeys(t, gen.AuthorizationStateWaiting)
	stderr, code := interruptedAt(t, "waiting for the store", "instance", "authorize", "shop")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "the request stays open")

	stub.on("GET /instances/shop/authorization", gen.Authorization{State: gen.AuthorizationStateGranted, Scope: gen.ReadWrite, ExpiresAt: time.Now()})
	_, stderr, code = program(t, "instance", "authorize", "shop")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "asked for again meanwhile")

	stub.missing("GET /instances/shop/authorization")
	_, _, code = program(t, "instance", "authorize", "shop")
	require.Equal(t, exitFailure, code, "the store is gone")

	stub.refuse("POST /instances/shop/authorization", http.StatusConflict, fault.Conflict, "permalinks are plain")
	_, stderr, code = program(t, "instance", "authorize", "shop")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "permalinks are plain")
}

func TestKeysAreAskedForWithoutWaiting(t *testing.T) {
	stub := requestForKeys(t, gen.AuthorizationStateGranted)
	stdout, _, code := program(t, "instance", "authorize", "shop", "--no-wait", "--scope", "read")
	require.Zero(t, code)
	require.Contains(t, stdout, "https://shop.example.com/wc-auth/v1/authorize?user_id=TOKEN")
	require.JSONEq(t, `{"scope": "read"}`, string(stub.body))
	require.NotContains(t, stub.asked, "GET /instances/shop/authorization")
}
