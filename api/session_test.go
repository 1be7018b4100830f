package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api"
	"tandem/api/gen"
	"tandem/db"
)

const userPassword = "correct horse battery"

// newUser adds a user with userPassword.
func (h *harness) newUser(email, role string) gen.User {
	h.t.Helper()
	return decode[gen.CreatedUser](h.call("POST", "/users", map[string]string{"email": email, "role": role, "password": userPassword}).is(http.StatusCreated)).User
}

// signIn gives the cookie of a new session, as a header's value.
func (h *harness) signIn(email string) string {
	h.t.Helper()
	r := h.without().call("POST", "/session", map[string]string{"email": email, "password": userPassword}, "Origin", "https://tandem.example.com", "Sec-Fetch-Site", "same-origin").is(http.StatusOK)
	cookie, _, _ := strings.Cut(r.Header().Get("Set-Cookie"), ";")
	return cookie
}

// without gives the harness of a caller who has no token.
func (h *harness) without() *harness {
	sub := *h
	sub.token = ""
	return &sub
}

func TestSignIn(t *testing.T) {
	h := newHarness(t)
	made := h.newUser("ada@example.com", "operator")
	page := h.without()
	credentials := map[string]string{"email": "ada@example.com", "password": userPassword}

	r := page.call("POST", "/session", credentials, "Origin", "https://tandem.example.com", "Sec-Fetch-Site", "same-origin").is(http.StatusOK)
	session := decode[gen.Session](r)
	require.Equal(t, gen.Session{Kind: "user", Name: "ada@example.com", Email: "ada@example.com", User: made.ID, Role: "operator", ExpiresAt: session.ExpiresAt}, session)
	set := r.Header().Get("Set-Cookie")
	require.Regexp(t, `^__Host-tandem_session=[A-Za-z0-9_-]{43}; Path=/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$`, set)
	cookie, _, _ := strings.Cut(set, ";")

	require.Equal(t, session, decode[gen.Session](page.call("GET", "/session", nil, "Cookie", cookie).is(http.StatusOK)))
	page.call("GET", "/instances", nil, "Cookie", cookie).is(http.StatusOK)
	page.call("GET", "/users", nil, "Cookie", cookie).is(http.StatusForbidden)
	page.call("GET", "/session", nil).is(http.StatusUnauthorized)
	require.NotContains(t, h.log.String(), userPassword)

	r = page.call("DELETE", "/session", nil, "Cookie", cookie).is(http.StatusNoContent)
	require.Contains(t, r.Header().Get("Set-Cookie"), "Max-Age=0")
	page.call("GET", "/session", nil, "Cookie", cookie).is(http.StatusUnauthorized)
}

func TestSignInIsRefused(t *testing.T) {
	h := newHarness(t)
	h.newUser("ada@example.com", "operator")
	page := h.without()
	wrong := map[string]string{"email": "ada@example.com", "password": "wrong"}
	right := map[string]string{"email": "ada@example.com", "password": userPassword}

	for _, origin := range []string{"http://tandem.example.com", "http://192.0.2.1:8080"} {
		r := page.call("POST", "/session", right, "Origin", origin, "Sec-Fetch-Site", "same-origin").is(http.StatusUnprocessableEntity)
		require.Contains(t, r.Body.String(), "HTTPS")
	}
	r := page.call("POST", "/session", right, "Origin", "http://127.0.0.1", "Sec-Fetch-Site", "same-origin").is(http.StatusOK)
	require.Regexp(t, `^tandem_session=[^;]+; Path=/; Expires=[^;]+; HttpOnly; SameSite=Strict$`, r.Header().Get("Set-Cookie"))

	for range 5 {
		r := page.call("POST", "/session", wrong).is(http.StatusUnauthorized)
		require.Empty(t, r.Header().Get("Set-Cookie"))
	}
	r = page.call("POST", "/session", right).is(http.StatusTooManyRequests)
	require.NotEmpty(t, r.Header().Get("Retry-After"))
	page.call("POST", "/session", map[string]string{"email": "ada@example.com"}).is(http.StatusUnprocessableEntity)
}

func TestSignOutEverywhere(t *testing.T) {
	h := newHarness(t)
	h.newUser("ada@example.com", "viewer")
	here, there := h.signIn("ada@example.com"), h.signIn("ada@example.com")
	page := h.without()
	page.call("DELETE", "/session?everywhere=true", nil, "Cookie", here).is(http.StatusNoContent)
	for _, cookie := range []string{here, there} {
		page.call("GET", "/session", nil, "Cookie", cookie).is(http.StatusUnauthorized)
	}
	h.call("DELETE", "/session", nil).is(http.StatusNoContent) // of a token: there is nothing to end
	h.call("GET", "/session", nil).is(http.StatusOK)
}

func TestChangeOnesOwnPassword(t *testing.T) {
	h := newHarness(t)
	h.newUser("ada@example.com", "viewer")
	cookie := h.signIn("ada@example.com")
	page := h.without()
	change := map[string]string{"current": "wrong", "password": "another password"}
	r := page.call("PUT", "/session/password", change, "Cookie", cookie).is(http.StatusUnprocessableEntity)
	require.Equal(t, "current", decode[gen.Problem](r).Errors[0].Field)
	change["current"] = userPassword
	page.call("PUT", "/session/password", change, "Cookie", cookie).is(http.StatusNoContent)
	page.call("GET", "/session", nil, "Cookie", cookie).is(http.StatusOK)
	h.call("PUT", "/session/password", change).is(http.StatusConflict)
}

// TestPagesOfOtherOriginsAreRefused sends what a browser would send with the cookie of somebody who is signed in.
func TestPagesOfOtherOriginsAreRefused(t *testing.T) {
	h := newHarness(t)
	h.newUser("ada@example.com", "admin")
	cookie := h.signIn("ada@example.com")
	page := h.without()
	for name, headers := range map[string][]string{
		"cross-site":        {"Sec-Fetch-Site", "cross-site"},
		"same-site":         {"Sec-Fetch-Site", "same-site"}, // another host of the same domain
		"an older browser":  {"Origin", "https://evil.example.com"},
		"a page of no site": {"Origin", "null"},
	} {
		t.Run(name, func(t *testing.T) {
			headers = append(headers, "Cookie", cookie)
			page.in(t).call("POST", "/tokens", map[string]string{"name": "x", "scope": "admin"}, headers...).is(http.StatusForbidden)
			page.in(t).call("POST", "/session", map[string]string{"email": "ada@example.com", "password": userPassword}, headers...).is(http.StatusForbidden)
		})
	}
	page.call("POST", "/tokens", map[string]string{"name": "x", "scope": "admin"}, "Cookie", cookie, "Sec-Fetch-Site", "same-origin").is(http.StatusCreated)
	h.call("POST", "/tokens", map[string]string{"name": "y", "scope": "admin"}, "Origin", "https://elsewhere.example.com", "Sec-Fetch-Site", "cross-site").is(http.StatusCreated)
}

func TestLocalCallerIsAnAdmin(t *testing.T) {
	h := newHarness(t, func(o *api.Options) { o.NoAuth = true }).without()
	require.Equal(t, gen.Session{Kind: "local", Name: "local", Role: "admin"}, decode[gen.Session](h.call("GET", "/session", nil).is(http.StatusOK)))
}

func TestUsers(t *testing.T) {
	h := newHarness(t)
	made := decode[gen.CreatedUser](h.call("POST", "/users", map[string]string{"email": "ada@example.com", "role": "admin"}).is(http.StatusCreated))
	require.NotEmpty(t, made.Password, "without a password one is made")
	given := decode[gen.CreatedUser](h.call("POST", "/users", map[string]string{"email": "grace@example.com", "role": "viewer", "password": userPassword}).is(http.StatusCreated))
	require.Empty(t, given.Password)
	h.call("POST", "/users", map[string]string{"email": "ADA@example.com", "role": "viewer"}).is(http.StatusConflict)
	h.call("POST", "/users", map[string]string{"email": "eve@example.com", "role": "viewer", "password": "short"}).is(http.StatusUnprocessableEntity)

	h.call("PATCH", "/users/"+made.User.ID, map[string]any{"disabled": true}).is(http.StatusConflict) // the last admin
	changed := decode[gen.User](h.call("PATCH", "/users/"+given.User.ID, map[string]any{"role": "admin", "name": "Grace"}).is(http.StatusOK))
	require.Equal(t, "Grace", changed.Name)
	disabled := decode[gen.User](h.call("PATCH", "/users/"+made.User.ID, map[string]any{"disabled": true}).is(http.StatusOK))
	require.False(t, disabled.DisabledAt.IsZero())
	enabled := decode[gen.User](h.call("PATCH", "/users/"+made.User.ID, map[string]any{"disabled": false}).is(http.StatusOK))
	require.True(t, enabled.DisabledAt.IsZero())

	h.call("DELETE", "/users/"+made.User.ID, nil).is(http.StatusNoContent)
	h.call("DELETE", "/users/"+made.User.ID, nil).is(http.StatusNotFound)
	require.Equal(t, []gen.User{changed}, decode[gen.UserList](h.call("GET", "/users", nil).is(http.StatusOK)).Items)
}

// TestAuditSaysWhoDidWhat covers a user, a token, somebody who is refused, and somebody who fails to sign in.
func TestAuditSaysWhoDidWhat(t *testing.T) {
	h := newHarness(t)
	ada := h.newUser("ada@example.com", "operator")
	cookie := h.signIn("ada@example.com")
	page := h.without()
	page.call("POST", "/session", map[string]string{"email": "ada@example.com", "password": "wrong"}).is(http.StatusUnauthorized)
	page.call("POST", "/instances/demo/activate", nil, "Cookie", cookie, "X-Request-Id", "request-1").is(http.StatusForbidden)
	page.call("GET", "/instances", nil, "Cookie", cookie).is(http.StatusOK)
	page.call("POST", "/instances/demo/activate", nil).is(http.StatusUnauthorized)

	list := decode[gen.AuditPage](h.call("GET", "/audit", nil).is(http.StatusOK)).Items
	var lines []string
	for _, e := range list {
		lines = append(lines, strings.Join([]string{e.ActorKind, e.Actor, e.Action, e.Target, e.Instance, http.StatusText(e.Status)}, "|"))
	}
	require.Equal(t, []string{
		"user|ada@example.com|ActivateInstance|/instances/demo/activate|demo|Forbidden",
		"anonymous||SignIn|/session||Unauthorized",
		"user|ada@example.com|SignIn|/session||OK",
		"token|test admin|CreateUser|/users||Created",
	}, lines)
	require.Equal(t, "192.0.2.1", list[0].Address) // what httptest calls the client
	require.Equal(t, "request-1", list[0].RequestID)
	require.Equal(t, ada.ID, list[0].ActorID)
	require.Len(t, decode[gen.AuditPage](h.call("GET", "/audit?instance=demo&actor="+ada.ID+"&action=ActivateInstance", nil).is(http.StatusOK)).Items, 1)
}

func TestTrustedProxiesSayWhoTheClientIs(t *testing.T) {
	for name, test := range map[string]struct {
		trusted []string
		address string
	}{
		"none":    {nil, "192.0.2.1"},
		"another": {[]string{"10.0.0.0/8"}, "192.0.2.1"},
		"this":    {[]string{"192.0.2.0/24"}, "203.0.113.9"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, func(o *api.Options) { o.TrustedProxies = test.trusted })
			h.call("POST", "/users", map[string]string{"email": "ada@example.com", "role": "viewer"}, "X-Forwarded-For", "203.0.113.9").is(http.StatusCreated)
			list, _, err := h.db.Audit(t.Context(), db.AuditFilter{}, db.Page{})
			require.NoError(t, err)
			require.Equal(t, test.address, list[0].Address)
		})
	}
}
