package wootest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/woo"
	"tandem/woo/wootest"
)

// TestPlainPermalinksEndToEnd: the client gets in without pretty permalinks, signing over http and in a sub-folder too.
func TestPlainPermalinksEndToEnd(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "/shop"} {
		o := wootest.Demo()
		o.BasePath = base
		store := wootest.Start(t, o)
		client, err := woo.New(woo.Config{URL: store.URL, ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret, RestRoute: true})
		require.NoError(t, err)
		info, err := client.Probe(t.Context())
		require.NoError(t, err, base)
		require.Equal(t, "EUR", info.Currency)
	}
}
