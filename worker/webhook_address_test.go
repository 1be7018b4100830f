package worker

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestParsePublicURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "https://tandem.example.com/": "https://tandem.example.com", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
		"https://example.com/tandem": "https://example.com/tandem"} {
		got, err := ParsePublicURL(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"tandem.example.com", "ftp://x.example", "https://", "https://user@x.example", "https://x.example?a=b", "https://x.example#a", "://"} {
		_, err := ParsePublicURL(text)
		require.Equal(t, fault.Invalid, fault.KindOf(err), text)
	}
}

func TestPublicURLWarnings(t *testing.T) {
	t.Parallel()
	require.Empty(t, publicURLWarnings("https://tandem.example.com"))
	for text, part := range map[string]string{
		"": "not set", "http://tandem.example.com": "not https", "https://127.0.0.1": "private network", "https://10.1.2.3": "private network",
		"https://[::1]": "private network", "https://localhost": "private network", "https://tandem": "private network",
		"https://tandem.internal": "private network", "https://tandem.example.com:8443": "ports",
	} {
		require.Contains(t, publicURLWarnings(text)[0], part, text)
	}
}

// TestReachPublicURL (N12): an address that redirects is refused, one that does not answer is told.
func TestReachPublicURL(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		warning string
		refused string
	}{
		"answers": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200) }, "", ""},
		"another": {http.NotFound, "answers 404", ""},
		"redirects": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://www.example.com/x?key=1", http.StatusMovedPermanently)
		}, "", "redirects to https://www.example.com/x:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.answer)
			defer server.Close()
			warning, err := reachPublicURL(t.Context(), server.URL)
			require.Contains(t, warning, c.warning)
			require.Equal(t, c.warning == "", warning == "")
			if c.refused == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.ErrorContains(t, err, c.refused)
		})
	}
	warning, err := reachPublicURL(t.Context(), "http://127.0.0.1:1")
	require.NoError(t, err)
	require.Contains(t, warning, "called from Tandem itself")
}
