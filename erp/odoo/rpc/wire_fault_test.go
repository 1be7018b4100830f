package rpc

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestWhatAnswersIsNotOdoo(t *testing.T) {
	for name, c := range map[string]struct {
		answer
		kind fault.Kind
		says string
	}{
		"no such page":      {answer{status: 404, body: "<html>"}, fault.Unavailable, "not Odoo"},
		"a password needed": {answer{status: 401, body: "no"}, fault.Invalid, "keeps its API from the outside"},
		"a wrong method":    {answer{status: 405, body: "no"}, fault.Invalid, "not Odoo"},
		"a web page":        {answer{status: 200, body: " <!doctype html>"}, fault.Unavailable, "web page"},
		"a cut reply":       {answer{status: 200, body: `{"result": {`}, fault.Unavailable, "cannot be understood"},
		"a broken proxy":    {answer{status: 502, body: "<html>"}, fault.Unavailable, "status 502"},
		"too many calls":    {answer{status: 429}, fault.RateLimited, "slow down"},
		"another version":   {result(`{"server_version": "12.0"}`), fault.Unsupported, "too old"},
		"another service":   {result(`{}`), fault.Unsupported, "does not say"},
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := serve(t, c.answer)
			_, err := Dial(t.Context(), Settings{URL: url, Secret: "key", Login: "bot", Database: "shop"})
			require.Equal(t, c.kind, fault.KindOf(err))
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestARedirectIsNamedAndNotFollowed(t *testing.T) {
	for location, says := range map[string]string{
		"https://odoo.example/jsonrpc?session=secret": "give that address",
		"/web/login": "opened with in a browser",
		"":           "opened with in a browser",
	} {
		url, requests := serve(t, answer{status: 301, header: map[string]string{"Location": location}})
		own := &http.Client{}
		_, err := Dial(t.Context(), Settings{URL: url, Secret: "key", Login: "bot", Database: "shop", HTTP: own})
		require.Equal(t, "url", fault.From(err).Field)
		require.ErrorContains(t, err, says)
		require.NotContains(t, err.Error(), "secret")
		require.Len(t, *requests, 2, "one for each way to ask for the version")
		require.Nil(t, own.CheckRedirect, "the caller's client stays as it is")
	}
}

func TestDatabasesThatAreNotThere(t *testing.T) {
	broken := raised("psycopg2.OperationalError", "database does not exist")
	for name, c := range map[string]struct {
		database string
		answers  []answer
		json2    bool
		field    string
		kind     fault.Kind
		says     string
	}{
		"missing":             {"shop", []answer{broken, result("false")}, false, "database", fault.Invalid, `no database "shop"`},
		"missing on 14":       {"shop", []answer{{status: 500, body: "<html>"}, result("false")}, false, "database", fault.Invalid, `no database "shop"`},
		"not initialised":     {"shop", []answer{raised("builtins.KeyError", "res.users"), result("true")}, false, "", fault.Unavailable, "not be initialised"},
		"nobody knows":        {"shop", []answer{broken, {status: 502}}, false, "", fault.Unavailable, "does not answer"},
		"missing over JSON-2": {"shop", []answer{{status: 404, body: "<html>"}, result("false")}, true, "database", fault.Invalid, `no database "shop"`},
		"not on this host":    {"shop", []answer{{status: 404, body: "<html>"}, result("true")}, true, "url", fault.Unavailable, "under this address"},
		"not named":           {"", []answer{{status: 404, body: "<html>"}, {status: 200, body: `{"version": "19.0"}`}}, true, "database", fault.Invalid, "name it"},
		"in a restart":        {"", []answer{{status: 404, body: "<html>"}}, true, "url", fault.Unavailable, "being restarted"},
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := serve(t, c.answers...)
			var dialect Caller = &jsonRPC{wire: wireTo(t, url), database: c.database, login: "bot", secret: "key"}
			if c.json2 {
				dialect = &json2{wire: wireTo(t, url), database: c.database, key: "key"}
			}
			_, err := dialect.User(t.Context())
			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, c.field, fault.From(err).Field)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestOdooOnlineMayRefuseForThePlan(t *testing.T) {
	refused := answer{status: 401, body: `{"name":"werkzeug.exceptions.Unauthorized","message":"Invalid apikey"}`}
	forbidden := answer{status: 403, body: "<html>"}
	access := answer{status: 403, body: `{"name":"odoo.exceptions.AccessError","message":"no"}`}
	for _, c := range []struct {
		host   string
		answer answer
		hinted bool
	}{
		{"http://shop.odoo.com", refused, true},
		{"http://shop.odoo.com", forbidden, true},
		{"http://shop.odoo.com", access, false},
		{"http://odoo.example", refused, false},
		{"http://odoo.com.example", refused, false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.answer.status)
			_, _ = w.Write([]byte(c.answer.body))
		}))
		t.Cleanup(server.Close)
		w := wireTo(t, c.host)
		w.client.Transport = redirected(server.Listener.Addr().String())
		_, err := (&json2{wire: w, database: "shop", key: "key"}).User(t.Context())
		require.Equal(t, fault.Unauthorized, fault.KindOf(err))
		if c.hinted {
			require.ErrorContains(t, err, "Custom plan")
		} else {
			require.NotContains(t, err.Error(), "Custom plan")
		}
	}
}

// redirected is a transport that leads every host to one address.
func redirected(address string) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.Host = address
		return http.DefaultTransport.RoundTrip(r)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
