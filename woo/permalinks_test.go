package woo

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// permalinks is how a store answers for its index at the pretty and at the plain address.
type permalinks struct{ pretty, plain func(http.ResponseWriter) }

func shown(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { answer(w, status, body) }
}

func TestWhetherAStoreCanMakeKeys(t *testing.T) {
	page, missing, listed := shown(200, "<html>Shop</html>"), shown(404, "<html>Not found</html>"), shown(200, index)
	home := func(w http.ResponseWriter) { w.Header().Set("Location", "/"); w.WriteHeader(http.StatusFound) }
	closed := shown(401, `{"code":"rest_not_logged_in","message":"x"}`)
	for name, c := range map[string]struct {
		permalinks
		kind fault.Kind
		code string
	}{
		"pretty":                               {permalinks{listed, listed}, "", ""},
		"pretty, the index needs a user":       {permalinks{closed, closed}, "", ""},
		"plain, other paths lead to the front": {permalinks{page, listed}, fault.Conflict, CodePlainPermalinks},
		"plain, other paths lead nowhere":      {permalinks{missing, listed}, fault.Conflict, CodePlainPermalinks},
		"plain, other paths are redirected":    {permalinks{home, listed}, fault.Conflict, CodePlainPermalinks},
		"plain, the index needs a user":        {permalinks{missing, closed}, fault.Conflict, CodePlainPermalinks},
		"no WordPress":                         {permalinks{page, page}, fault.Invalid, ""},
		"another address":                      {permalinks{home, home}, fault.Invalid, ""},
		"no WooCommerce":                       {permalinks{shown(200, `{"namespaces":["wp/v2"]}`), listed}, fault.Invalid, ""},
		"a firewall":                           {permalinks{shown(403, "<html>No</html>"), listed}, fault.Unavailable, ""},
		"maintenance":                          {permalinks{shown(503, "<html>Later</html>"), listed}, fault.Unavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client, mux := setup(t)
			for path, serve := range map[string]func(http.ResponseWriter){"/wp-json/{$}": c.pretty, "/index.php": c.plain} {
				mux.HandleFunc("GET "+shopPath+path, func(w http.ResponseWriter, r *http.Request) {
					require.Empty(t, r.Header.Get("Authorization"), "the question needs no keys")
					require.NotContains(t, r.URL.RawQuery, "oauth_")
					serve(w)
				})
			}
			cfg := client.cfg
			cfg.ConsumerKey, cfg.ConsumerSecret = "", ""
			err := CheckAuthorization(t.Context(), cfg)
			require.Equal(t, c.kind, fault.KindOf(err), "%v", err)
			if c.kind == "" {
				return
			}
			require.Equal(t, c.code, fault.From(err).Code)
		})
	}
}

func TestAStoreWithoutAnAddressIsNotAsked(t *testing.T) {
	requireField(t, CheckAuthorization(t.Context(), Config{URL: "shop"}), "url")
}
