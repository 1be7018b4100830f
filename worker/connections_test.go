package worker

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/open"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo/wootest"
)

func TestConnectKeepsOneClientPerStore(t *testing.T) {
	d := newDB(t, instance.Active)
	c := NewConnections(d, open.Settings{}, "test")
	first, err := c.Connect(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, "demo", first.Instance.ID)
	require.Len(t, first.Workflows, 1)

	c.contexts = map[string]cachedContext{} // as after two seconds
	second, err := c.Connect(t.Context(), "demo")
	require.NoError(t, err)
	require.Same(t, first.Store, second.Store, "all readers share one request budget")

	require.NoError(t, d.SetCredentials(t.Context(), "demo", instance.Credentials{ConsumerKey: "ck_2", ConsumerSecret: "cs_2"}))
	c.contexts = map[string]cachedContext{}
	third, err := c.Connect(t.Context(), "demo")
	require.NoError(t, err)
	require.NotSame(t, first.Store, third.Store, "new keys, new client")
}

func TestConnectToNothing(t *testing.T) {
	c := NewConnections(newDB(t, instance.Active), open.Settings{}, "test")
	_, err := c.Connect(t.Context(), "nobody")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = c.Backend(t.Context(), "abacus")
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestProbeTellsWhatTheStoreIs(t *testing.T) {
	store := wootest.Start(t, wootest.Demo())
	c := NewConnections(newDB(t, instance.Draft), open.Settings{}, "test")
	in := instance.Instance{ID: "demo", StoreURL: store.URL, Connection: instance.DefaultConnection()}
	keys := instance.Credentials{ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret}
	found, err := c.Probe(t.Context(), in, keys)
	require.NoError(t, err)
	require.Equal(t, "EUR", found.Currency)
	require.NotEmpty(t, found.WooCommerce)

	keys.ConsumerSecret = "cs_wrong"
	_, err = c.Probe(t.Context(), in, keys)
	require.Equal(t, fault.Unauthorized, fault.KindOf(err))
}
