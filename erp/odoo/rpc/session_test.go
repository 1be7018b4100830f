package rpc

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// bareError is how version 14 answers a failed call that names no database by a session.
var bareError = answer{status: http.StatusInternalServerError, body: "<title>500 Internal Server Error</title>"}

func cookie(value string) answer {
	return answer{status: http.StatusFound, header: map[string]string{"Set-Cookie": "session_id=" + value + "; HttpOnly; Path=/"}}
}

func TestASessionNamesTheDatabase(t *testing.T) {
	url, requests := serve(t, cookie("s1"), result("2"), result("7"))
	api := &jsonRPC{wire: wireTo(t, url), database: "shop & co", login: "bot", secret: "k1", session: &session{}}

	require.NoError(t, api.Call(t.Context(), Call{Model: "res.partner", Method: "search_count"}, nil))

	require.Len(t, *requests, 3)
	require.Equal(t, "/erp/web/login", (*requests)[0].path)
	require.Equal(t, "shop & co", (*requests)[0].query.Get("db"))
	for _, r := range (*requests)[1:] {
		require.Equal(t, "session_id=s1", r.header.Get("Cookie"))
	}
}

func TestASessionThatEndedIsMadeAgain(t *testing.T) {
	url, requests := serve(t, cookie("s1"), result("2"), bareError, cookie("s2"), raised("odoo.exceptions.UserError", "No."))
	api := &jsonRPC{wire: wireTo(t, url), database: "shop", login: "bot", secret: "k1", session: &session{}}
	confirm := Call{Model: "sale.order", Method: "action_confirm", IDs: []int64{1}}

	require.Equal(t, fault.Unavailable, fault.KindOf(api.Call(t.Context(), confirm, nil)), "which has the call repeated")
	require.Equal(t, fault.Invalid, fault.KindOf(api.Call(t.Context(), confirm, nil)))
	require.Equal(t, "session_id=s2", (*requests)[4].header.Get("Cookie"))
}

func TestCallsAreMadeWithoutASessionThatIsKeptFromUs(t *testing.T) {
	url, requests := serve(t, answer{status: http.StatusForbidden}, result("2"), result("7"))
	api := &jsonRPC{wire: wireTo(t, url), database: "shop", login: "bot", secret: "k1", session: &session{}}
	require.NoError(t, api.Call(t.Context(), Call{Model: "res.partner", Method: "search_count"}, nil))
	require.Empty(t, (*requests)[2].header.Get("Cookie"))
}
