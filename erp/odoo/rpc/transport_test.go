package rpc

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// seen is one request a fake server was sent.
type seen struct {
	path   string
	query  url.Values
	header http.Header
	body   map[string]any
}

// answer is what it says to it.
type answer struct {
	status int
	body   string
	header map[string]string
}

// serve runs a server under a folder, so that addresses are joined and not replaced. It gives its answers in turn, the
// last one again and again, and keeps what it was asked.
func serve(t *testing.T, answers ...answer) (url string, requests *[]seen) {
	t.Helper()
	requests = &[]seen{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := seen{path: r.URL.Path, query: r.URL.Query(), header: r.Header}
		if r.Method == http.MethodPost {
			if err := json.NewDecoder(r.Body).Decode(&request.body); err != nil {
				http.Error(w, "no JSON", http.StatusBadRequest)
				return
			}
		}
		a := answers[min(len(*requests), len(answers)-1)]
		*requests = append(*requests, request)
		for name, value := range a.header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.body))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/erp", requests
}

func wireTo(t *testing.T, url string) *wire {
	t.Helper()
	w, err := newWire(Settings{URL: url + "/", Secret: "key"})
	require.NoError(t, err)
	return w
}

func result(body string) answer {
	return answer{status: http.StatusOK, body: `{"jsonrpc":"2.0","result":` + body + `}`}
}

func raised(name, message string) answer {
	return answer{status: http.StatusOK, body: `{"error":{"message":"Odoo Server Error","data":{"name":"` + name +
		`","message":"` + message + `","debug":"Traceback: secret"}}}`}
}

func TestJSON2NamesAllArguments(t *testing.T) {
	url, requests := serve(t, answer{status: http.StatusOK, body: `[7]`})
	api := &json2{wire: wireTo(t, url), database: "shop", key: "k1"}
	var got []int64

	err := api.Call(t.Context(), Call{Model: "res.partner", Method: "write", IDs: []int64{3}, Args: map[string]any{"vals": 1},
		Context: map[string]any{"lang": "fr_FR"}}, &got)

	require.NoError(t, err)
	require.Equal(t, []int64{7}, got)
	request := (*requests)[0]
	require.Equal(t, "/erp/json/2/res.partner/write", request.path)
	require.Equal(t, "bearer k1", request.header.Get("Authorization"))
	require.Equal(t, "shop", request.header.Get("X-Odoo-Database"))
	require.Equal(t, map[string]any{"ids": []any{3.0}, "vals": 1.0, "context": map[string]any{"lang": "fr_FR"}}, request.body)
}

func TestJSONRPCLogsInOnceAndPlacesWhatMustBePlaced(t *testing.T) {
	url, requests := serve(t, result("9"), result("[1,2]"), result("true"))
	api := &jsonRPC{wire: wireTo(t, url), database: "shop", login: "bot", secret: "k1"}

	for _, c := range []Call{
		{Model: "res.partner", Method: "create", Args: map[string]any{"vals_list": []any{"a"}}},
		{Model: "res.partner", Method: "search_read", IDs: []int64{4}, Args: map[string]any{"domain": "d"}},
	} {
		require.NoError(t, api.Call(t.Context(), c, nil))
	}

	require.Len(t, *requests, 3)
	args := func(i int) []any { return (*requests)[i].body["params"].(map[string]any)["args"].([]any) }
	require.Equal(t, []any{"shop", "bot", "k1", map[string]any{}}, args(0))
	require.Equal(t, []any{"shop", 9.0, "k1", "res.partner", "create", []any{[]any{"a"}}, map[string]any{}}, args(1))
	require.Equal(t, []any{"shop", 9.0, "k1", "res.partner", "search_read", []any{[]any{4.0}}, map[string]any{"domain": "d"}}, args(2))
}

func TestAWrongLoginIsUnauthorized(t *testing.T) {
	url, _ := serve(t, result("false"))
	api := &jsonRPC{wire: wireTo(t, url), login: "bot", secret: "wrong"}
	require.Equal(t, fault.Unauthorized, fault.KindOf(api.Call(t.Context(), Call{Model: "m", Method: "read"}, nil)))
}

func TestExceptionsAreClassifiedByName(t *testing.T) {
	for name, kind := range map[string]fault.Kind{
		"odoo.exceptions.AccessDenied":                 fault.Unauthorized,
		"odoo.exceptions.AccessError":                  fault.Unauthorized,
		"werkzeug.exceptions.Unauthorized":             fault.Unauthorized,
		"odoo.exceptions.UserError":                    fault.Invalid,
		"odoo.exceptions.ValidationError":              fault.Invalid,
		"odoo.exceptions.MissingError":                 fault.Unavailable,
		"psycopg2.errors.SerializationFailure":         fault.Unavailable,
		"psycopg2.extensions.TransactionRollbackError": fault.Unavailable,
		"psycopg2.errors.DeadlockDetected":             fault.Unavailable,
		"psycopg2.errors.LockNotAvailable":             fault.Unavailable,
		"psycopg2.OperationalError":                    fault.Unavailable,
		"builtins.ValueError":                          fault.Invalid,
		"builtins.ZeroDivisionError":                   fault.Internal,
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := serve(t, result("2"), raised(name, "Jane Doe <jane@shop.example> is wrong"))
			rpc := (&jsonRPC{wire: wireTo(t, url), login: "bot"}).Call(t.Context(), Call{Model: "sale.order", Method: "write"}, nil)
			url, _ = serve(t, answer{status: 422, body: `{"name":"` + name + `","message":"Jane Doe","debug":"Traceback: secret"}`})
			json2 := (&json2{wire: wireTo(t, url)}).Call(t.Context(), Call{Model: "sale.order", Method: "write"}, nil)
			for _, err := range []error{rpc, json2} {
				require.Equal(t, kind, fault.KindOf(err))
				require.Contains(t, err.Error(), "sale.order.write")
				require.NotContains(t, err.Error(), "Jane")
				require.NotContains(t, err.Error(), "secret")
			}
		})
	}
}

func TestALostRaceIsTriedAgainWhateverItIsWrappedIn(t *testing.T) {
	url, _ := serve(t, result("2"), raised("odoo.exceptions.UserError", "could not serialize access due to concurrent update"))
	err := (&jsonRPC{wire: wireTo(t, url), login: "bot"}).Call(t.Context(), Call{Model: "m", Method: "write"}, nil)
	require.True(t, fault.Retryable(err))
}

func TestRepliesThatAreNotOdoos(t *testing.T) {
	for name, c := range map[string]struct {
		answer
		kind  fault.Kind
		after time.Duration
	}{
		"a proxy's error page": {answer{status: 502, body: "<html>Bad Gateway</html>"}, fault.Unavailable, 0},
		"slow down":            {answer{status: 429, header: map[string]string{"Retry-After": "70"}}, fault.RateLimited, 70 * time.Second},
		"a wait that is none":  {answer{status: 429, header: map[string]string{"Retry-After": "soon"}}, fault.RateLimited, 0},
		"no key":               {answer{status: 401, body: "no"}, fault.Unauthorized, 0},
		"a proxy in a restart": {answer{status: 404, body: "no"}, fault.Unavailable, 0},
		"a cut reply":          {answer{status: 200, body: `[{"id": 1`}, fault.Unavailable, 0},
		"a redirect's page":    {answer{status: 418, body: "<html>"}, fault.Unavailable, 0},
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := serve(t, c.answer)
			var rows []Row
			err := (&json2{wire: wireTo(t, url)}).Call(t.Context(), Call{Model: "m", Method: "read"}, &rows)
			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, c.after, fault.From(err).After)
		})
	}
}

func TestAServerThatIsGoneIsUnavailable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	err := (&json2{wire: wireTo(t, server.URL)}).Call(t.Context(), Call{Model: "m", Method: "read"}, nil)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.NotContains(t, err.Error(), server.URL)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = (&json2{wire: wireTo(t, server.URL)}).Call(ctx, Call{Model: "m", Method: "read"}, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestALostReplyIsNamed(t *testing.T) {
	lost := lostAt(Call{Model: "sale.order", Method: "write"}, Unreachable(io.EOF, time.Second))
	require.ErrorContains(t, lost, "sale.order.write")
	require.Equal(t, CodeLost, fault.From(lost).Code)
	answered := Exception{Name: "builtins.TypeError"}.Fault(Call{Model: "sale.order", Method: "write"})
	require.Equal(t, answered, lostAt(Call{}, answered), "which was answered")
}

func TestSettingsThatLeadNowhere(t *testing.T) {
	for field, s := range map[string]Settings{
		"url":    {URL: "odoo.example", Secret: "k"},
		"secret": {URL: "https://odoo.example"},
	} {
		_, err := Dial(t.Context(), s)
		require.Equal(t, field, fault.From(err).Field)
	}
	for _, s := range []Settings{{URL: "ftp://odoo.example", Secret: "k"}, {URL: "http://%zz", Secret: "k"}} {
		_, err := newWire(s)
		require.Equal(t, "url", fault.From(err).Field)
	}
}

func TestDialChoosesTheProtocol(t *testing.T) {
	v19, v14 := answer{status: 200, body: `{"version": "19.0"}`}, result(`{"server_version": "14.0"}`)
	for name, c := range map[string]struct {
		answer   answer
		settings Settings
		json2    bool
		field    string
	}{
		"19":                        {v19, Settings{}, true, ""},
		"19 over JSON-RPC":          {v19, Settings{Protocol: JSONRPC, Login: "bot", Database: "shop"}, false, ""},
		"14":                        {v14, Settings{Login: "bot", Database: "shop"}, false, ""},
		"14 without a database":     {v14, Settings{Login: "bot"}, false, "database"},
		"14 without a login":        {v14, Settings{}, false, "login"},
		"14 has no JSON-2":          {v14, Settings{Protocol: JSON2}, false, "protocol"},
		"JSON-RPC without a login":  {v19, Settings{Protocol: JSONRPC}, false, "login"},
		"14 whatever is asked else": {v14, Settings{Protocol: JSONRPC, Login: "bot", Database: "shop"}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.settings.URL, _ = serve(t, c.answer)
			c.settings.Secret = "key"
			client, err := Dial(t.Context(), c.settings)
			if c.field != "" {
				require.Equal(t, c.field, fault.From(err).Field)
				return
			}
			require.NoError(t, err)
			_, is := client.Caller.(*json2)
			require.Equal(t, c.json2, is)
			client.Close()
		})
	}
}

func TestAHugeReplyIsNotRead(t *testing.T) {
	url, _ := serve(t, answer{status: 200, body: `"` + strings.Repeat("x", maxReply+1) + `"`})
	err := (&json2{wire: wireTo(t, url)}).Call(t.Context(), Call{Model: "m", Method: "read"}, nil)
	require.Equal(t, fault.Unsupported, fault.KindOf(err))
}
