package odoodev

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFindKey(t *testing.T) {
	tests := []struct{ name, printed, want string }{
		{"alone", "api_key:abc123\n", "abc123"},
		{"among other lines", "loading…\napi_key:abc123\nbye\n", "abc123"},
		{"no line end", "api_key:abc123", "abc123"},
		{"missing", "Traceback\n", ""},
		{"empty", "api_key:\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			key, err := findKey(test.printed)
			require.Equal(t, test.want, key)
			require.Equal(t, test.want == "", err != nil)
		})
	}
}

// A template that was made as this program makes it is not made again: that would need a root, which is not there.
func TestTemplateIsMadeOnce(t *testing.T) {
	p := newTestPlace(t, "19")
	silent := func(string) { t.Error("nothing takes long") }
	require.NoError(t, writeJSON(p.path("template.json"), template{Recipe: p.release.recipe(), APIKey: "abc"}))
	key, err := p.provideTemplate(t.Context(), silent)
	require.NoError(t, err)
	require.Equal(t, "abc", key)
}
