package open_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/open"
	"tandem/fault"
)

// odooOf answers as an Odoo of a version does when it is asked for it.
func odooOf(t *testing.T, version string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/jsonrpc" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, `{"result":{"server_version":"`+version+`"}}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestOpen(t *testing.T) {
	for name, c := range map[string]struct {
		backend    string
		connection erp.Connection
		kind       fault.Kind
		field      string
	}{
		"ledger":   {"ledger", nil, "", ""},
		"odoo":     {"odoo", erp.Connection{"url": odooOf(t, "14.0"), "database": "acme", "login": "bot"}, "", ""},
		"no login": {"odoo", erp.Connection{"url": odooOf(t, "14.0"), "database": "acme"}, fault.Invalid, "login"},
		"protocol": {"odoo", erp.Connection{"url": odooOf(t, "14.0"), "database": "acme", "protocol": "json2"}, fault.Invalid, "protocol"},
		"too old":  {"odoo", erp.Connection{"url": odooOf(t, "13.0"), "database": "acme", "login": "bot"}, fault.Unsupported, ""},
		"unknown":  {"abacus", nil, fault.Invalid, "backend"},
	} {
		t.Run(name, func(t *testing.T) {
			backend, err := open.Drivers().Open(t.Context(), c.backend, erp.Access{Connection: c.connection, Secret: "key"})
			require.Equal(t, c.kind, fault.KindOf(err))
			if c.kind != "" {
				require.Nil(t, backend)
				require.Equal(t, c.field, fault.From(err).Field)
				return
			}
			require.NoError(t, err)
			require.NoError(t, backend.Close())
		})
	}
}

// What is made of a driver (forms, flags, fields of requests, rows) relies on this.
func TestDriversAreComplete(t *testing.T) {
	names := map[string]bool{}
	for _, d := range open.Drivers() {
		require.Regexp(t, "^[a-z][a-z0-9]{1,31}$", d.Name)
		require.False(t, names[d.Name], "%s is listed twice", d.Name)
		names[d.Name] = true
		require.NotEmpty(t, d.Title, d.Name)
		require.NotNil(t, d.Open, d.Name)
		settings := map[string]bool{"secret": true, "company": true} // which errors name otherwise
		for _, s := range d.Settings {
			require.Regexp(t, "^[a-z][a-z0-9_]{1,31}$", s.Name, d.Name)
			require.False(t, settings[s.Name], "%s has the setting %s twice, or its name is taken", d.Name, s.Name)
			settings[s.Name] = true
			require.NotEmpty(t, s.Label, "%s %s", d.Name, s.Name)
			require.NotEmpty(t, s.Help, "%s %s", d.Name, s.Name)
			require.Positive(t, s.MaxLength, "%s %s", d.Name, s.Name)
			require.LessOrEqual(t, s.MaxLength, 2048, "%s %s: the API takes no more", d.Name, s.Name)
		}
		require.Equal(t, d.Settings == nil, d.BuiltIn(), d.Name)
	}
	require.True(t, open.Drivers()[0].BuiltIn(), "the default needs no connection")
}
