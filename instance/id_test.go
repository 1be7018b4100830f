package instance_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

func TestValidID(t *testing.T) {
	for id, valid := range map[string]bool{
		"demo": true, "a": true, "7-up": true, strings.Repeat("x", 32): true,
		"": false, "-demo": false, "Demo": false, "de mo": false, "a/b": false, "é": false, "a_b": false, "demo\n": false,
		strings.Repeat("x", 33): false,
	} {
		require.Equal(t, valid, instance.ValidID(id), "%q", id)
	}
}

func TestNormalizeStoreURL(t *testing.T) {
	for _, test := range []struct{ name, raw, want string }{
		{"as it is", "https://shop.example.com", "https://shop.example.com"},
		{"no scheme", "shop.example.com", "https://shop.example.com"},
		{"capitals, blanks and slash", "  HTTPS://Shop.Example.com/ ", "https://shop.example.com"},
		{"sub-folder keeps its capitals", "https://example.com/Shop//", "https://example.com/Shop"},
		{"API address", "https://example.com/shop/wp-json/wc/v3/", "https://example.com/shop"},
		{"admin address", "https://example.com/wp-admin/", "https://example.com"},
		{"default port", "https://example.com:443/", "https://example.com"},
		{"default port of http", "http://example.com:80", "http://example.com"},
		{"other port", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"},
		{"query and fragment", "https://example.com/shop?lang=fr#top", "https://example.com/shop"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := instance.NormalizeStoreURL(test.raw)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
			again, err := instance.NormalizeStoreURL(got)
			require.NoError(t, err)
			require.Equal(t, got, again)
		})
	}
}

func TestNormalizeStoreURLRefuses(t *testing.T) {
	for _, raw := range []string{"", "  ", "https://", "ftp://example.com", "https://me:secret@example.com", "https://exa mple.com", "http://%zz"} {
		_, err := instance.NormalizeStoreURL(raw)
		require.Equal(t, "store_url", fault.From(err).Field, "%q", raw)
		require.NotContains(t, err.Error(), "secret")
	}
}
