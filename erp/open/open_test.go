package open_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

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
		settings open.Settings
		kind     fault.Kind
		field    string
	}{
		"ledger":       {open.Settings{Backend: open.Ledger}, "", ""},
		"odoo":         {open.Settings{Backend: open.Odoo, Remote: open.Remote{URL: odooOf(t, "14.0"), Database: "acme", Login: "bot", Secret: "key"}}, "", ""},
		"no login":     {open.Settings{Backend: open.Odoo, Remote: open.Remote{URL: odooOf(t, "14.0"), Database: "acme", Secret: "key"}}, fault.Invalid, "login"},
		"protocol":     {open.Settings{Backend: open.Odoo, Remote: open.Remote{URL: odooOf(t, "14.0"), Database: "acme", Secret: "key", Protocol: "json2"}}, fault.Invalid, "protocol"},
		"too old":      {open.Settings{Backend: open.Odoo, Remote: open.Remote{URL: odooOf(t, "13.0"), Database: "acme", Login: "bot", Secret: "key"}}, fault.Unsupported, ""},
		"no such name": {open.Settings{Backend: "abacus"}, fault.Invalid, "backend"},
	} {
		t.Run(name, func(t *testing.T) {
			backend, err := open.Open(t.Context(), c.settings)
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
