package sales

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhereADeliveryIsFollowed(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"https://dhl.example/1": "https://dhl.example/1",
		`[["1","https://a/1"],["2","https://a/2"]]`: "https://a/1",
		`[]`:        "",
		`[not JSON`: "[not JSON",
	} {
		require.Equal(t, want, trackedAt(text))
	}
}
