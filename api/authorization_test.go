package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

const (
	madeKey    = "ck_11111111111111111111111111111111111111ab"
	madeSecret = "cs_22222222222222222222222222222222222222cd"
)

// asked begins an authorization and gives the query of the address that a person opens.
func (h *harness) asked() url.Values {
	h.t.Helper()
	begun := decode[gen.Authorization](h.call("POST", "/instances/demo/authorization", map[string]string{"return_url": "https://tandem.example.com/start"}).is(http.StatusCreated))
	require.Equal(h.t, gen.AuthorizationStateWaiting, begun.State)
	address, err := url.Parse(begun.URL)
	require.NoError(h.t, err)
	require.Equal(h.t, "https://shop.example.com/wc-auth/v1/authorize", strings.Split(begun.URL, "?")[0])
	return address.Query()
}

func keysFor(token string) string {
	return fmt.Sprintf(`{"key_id": 7, "user_id": %q, "consumer_key": %q, "consumer_secret": %q, "key_permissions": "read_write"}`, token, madeKey, madeSecret)
}

func (h *harness) authorization() gen.Authorization {
	h.t.Helper()
	return decode[gen.Authorization](h.call("GET", "/instances/demo/authorization", nil).is(http.StatusOK))
}

// A store makes keys once a person has approved, and posts them to Tandem. They count as if they had been entered, once.
func TestAStoreMakesKeys(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	h.call("GET", "/instances/demo/authorization", nil).problem(http.StatusNotFound)
	q := h.asked()
	require.Equal(t, "https://tandem.example.com/wc-auth/demo", q.Get("callback_url"))
	require.Equal(t, []string{"Tandem", "read_write", "https://tandem.example.com/start"}, []string{q.Get("app_name"), q.Get("scope"), q.Get("return_url")})
	token := q.Get("user_id")
	require.GreaterOrEqual(t, len(token), 26)
	require.Empty(t, h.authorization().URL, "the token is not shown again")

	require.Equal(t, http.StatusOK, h.deliver("/wc-auth/demo", keysFor(token), "").Code)
	kept, err := h.db.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, []string{madeKey, madeSecret}, []string{kept.ConsumerKey, kept.ConsumerSecret})
	require.Equal(t, gen.AuthorizationStateGranted, h.authorization().State)
	require.Equal(t, gen.ReadWrite, h.authorization().Permissions)

	again := h.deliver("/wc-auth/demo", strings.ReplaceAll(keysFor(token), madeKey, "ck_other"), "")
	require.Equal(t, http.StatusNotFound, again.Code, "once")
	kept, err = h.db.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, madeKey, kept.ConsumerKey)
}

func TestKeysOfNobodyWhoWasAskedAreRefused(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	before, err := h.db.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	old := h.asked().Get("user_id")
	token := h.asked().Get("user_id")
	for name, c := range map[string]struct {
		path, body string
		status     int
	}{
		"no request":        {"/wc-auth/other", keysFor(token), http.StatusNotFound},
		"another token":     {"/wc-auth/demo", keysFor("AAAAAAAAAAAAAAAAAAAAAAAAAA"), http.StatusNotFound},
		"no token":          {"/wc-auth/demo", keysFor(""), http.StatusNotFound},
		"an older request":  {"/wc-auth/demo", keysFor(old), http.StatusNotFound},
		"no keys":           {"/wc-auth/demo", `{"user_id": "` + token + `", "key_permissions": "read"}`, http.StatusBadRequest},
		"another scope":     {"/wc-auth/demo", strings.Replace(keysFor(token), "read_write", "all", 1), http.StatusBadRequest},
		"no JSON":           {"/wc-auth/demo", "consumer_key=1", http.StatusBadRequest},
		"far too much":      {"/wc-auth/demo", keysFor(token) + strings.Repeat(" ", 5000), http.StatusRequestEntityTooLarge},
		"a strange address": {"/wc-auth/De%00mo", keysFor(token), http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			answer := h.in(t).deliver(c.path, c.body, "")
			require.Equal(t, c.status, answer.Code, answer.Body.String())
			require.NotContains(t, answer.Body.String(), madeSecret)
		})
	}

	h.exec(`UPDATE tandem.authorizations SET expires_at = now() - interval '1 second'`)
	require.Equal(t, http.StatusNotFound, h.deliver("/wc-auth/demo", keysFor(token), "").Code, "too late")
	require.Equal(t, gen.AuthorizationStateExpired, h.authorization().State)

	token = h.asked().Get("user_id")
	h.call("PATCH", "/instances/demo", map[string]any{"store_url": "https://new.example.com"}).is(http.StatusOK)
	moved, err := h.db.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, h.deliver("/wc-auth/demo", keysFor(token), "").Code, "keys of the store before")
	kept, err := h.db.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, moved, kept)
	require.NotEqual(t, madeKey, before.ConsumerKey)
}

// A store that cannot make keys is told apart before a person is sent there.
func TestAStoreIsAskedBeforeAPersonIsSentThere(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	h.store.err = &fault.Error{Kind: fault.Conflict, Code: "plain_permalinks", Message: "its permalinks are plain"}
	refused := h.call("POST", "/instances/demo/authorization", nil).problem(http.StatusConflict)
	require.Equal(t, "its permalinks are plain", refused.Detail)
	h.store.err = fault.Field("url", "no WooCommerce REST API answers there")
	refused = h.call("POST", "/instances/demo/authorization", nil).problem(http.StatusUnprocessableEntity)
	require.Equal(t, "store_url", refused.Errors[0].Field)
	h.call("GET", "/instances/demo/authorization", nil).problem(http.StatusNotFound)
	h.store.err = nil
	h.asked()
}

// back is what a person gets whom the store sends back after they denied or approved.
func (h *harness) back(success, token string) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.fetch("GET", "/wc-auth/demo?success="+success+"&user_id="+token, "Sec-Fetch-Site", "cross-site")
}

// A request that a person denies in the store ends, and its token counts no more.
func TestKeysAreDenied(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	begun := decode[gen.Authorization](h.call("POST", "/instances/demo/authorization", nil).is(http.StatusCreated))
	address, err := url.Parse(begun.URL)
	require.NoError(t, err)
	token, back := address.Query().Get("user_id"), address.Query().Get("return_url")
	require.Equal(t, "https://tandem.example.com/wc-auth/demo", back, "unless a page says where to")

	require.Equal(t, http.StatusNotFound, h.back("0", "another").Code)
	require.Equal(t, http.StatusOK, h.back("1", token).Code)
	require.Equal(t, gen.AuthorizationStateWaiting, h.authorization().State, "only the keys themselves say that they were made")
	denied := h.back("0", token)
	require.Equal(t, http.StatusOK, denied.Code)
	require.Contains(t, denied.Body.String(), "Access was denied")
	require.Equal(t, gen.AuthorizationStateDenied, h.authorization().State)
	require.Equal(t, http.StatusNotFound, h.back("0", token).Code, "once")
	require.Equal(t, http.StatusNotFound, h.deliver("/wc-auth/demo", keysFor(token), "").Code)

	again := h.asked().Get("user_id")
	require.Equal(t, gen.AuthorizationStateWaiting, h.authorization().State)
	require.Equal(t, http.StatusOK, h.deliver("/wc-auth/demo", keysFor(again), "").Code)
	require.Equal(t, http.StatusNotFound, h.back("0", again).Code, "what was granted is not denied")
	require.Equal(t, gen.AuthorizationStateGranted, h.authorization().State)
}
