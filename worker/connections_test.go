package worker

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo/wootest"
)

func TestConnectKeepsOneClientPerStore(t *testing.T) {
	d := newDB(t, instance.Active)
	c := newConnections(d)
	first, err := c.Connect(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, "demo", first.Instance.ID)
	require.Len(t, first.Workflows, 1)

	c.contexts = map[string]*cachedContext{} // as after two seconds
	second, err := c.Connect(t.Context(), "demo")
	require.NoError(t, err)
	require.Same(t, first.Store, second.Store, "all readers share one request budget")

	require.NoError(t, d.SetCredentials(t.Context(), "demo", instance.Credentials{ConsumerKey: "ck_2", ConsumerSecret: "cs_2"}))
	c.contexts = map[string]*cachedContext{}
	third, err := c.Connect(t.Context(), "demo")
	require.NoError(t, err)
	require.NotSame(t, first.Store, third.Store, "new keys, new client")
}

func TestConnectToNothing(t *testing.T) {
	c := newConnections(newDB(t, instance.Active))
	_, err := c.Connect(t.Context(), "nobody")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = c.Backend(t.Context(), instance.Instance{ID: "demo", Backend: "abacus"})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestProbeTellsWhatTheStoreIs(t *testing.T) {
	store := wootest.Start(t, wootest.Demo())
	c := newConnections(newDB(t, instance.Draft))
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

// A store with plain permalinks is read, but makes no keys.
func TestWhetherAStoreMakesKeys(t *testing.T) {
	plain := wootest.Demo()
	plain.PlainPermalinks = true
	c := newConnections(newDB(t, instance.Draft))
	in := instance.Instance{ID: "demo", StoreURL: wootest.Start(t, wootest.Demo()).URL, Connection: instance.DefaultConnection()}
	require.NoError(t, c.CheckAuthorization(t.Context(), in))

	in.StoreURL = wootest.Start(t, plain).URL
	err := c.CheckAuthorization(t.Context(), in)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.ErrorContains(t, err, "Settings → Permalinks")
	keys := instance.Credentials{ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret}
	_, err = c.Probe(t.Context(), in, keys)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	in.Connection.RestRoute = true
	_, err = c.Probe(t.Context(), in, keys)
	require.NoError(t, err)
}

func TestConnectOpensTheInstancesOwnERP(t *testing.T) {
	d := newDB(t, instance.Active)
	odoo := startOdoo(t)
	addOdoo(t, d, "shop", odoo.URL)
	c := newConnections(d)
	ledger, err := c.Connect(t.Context(), "demo")
	require.NoError(t, err)
	first, err := c.Connect(t.Context(), "shop")
	require.NoError(t, err)
	require.NotSame(t, ledger.Backend, first.Backend)
	alone, err := c.Backend(t.Context(), first.Instance)
	require.NoError(t, err)
	require.Same(t, first.Backend, alone)

	require.NoError(t, d.SetCredentials(t.Context(), "shop", instance.Credentials{ERPSecret: "new"}))
	c.contexts = map[string]*cachedContext{}
	second, err := c.Connect(t.Context(), "shop")
	require.NoError(t, err)
	require.NotSame(t, first.Backend, second.Backend, "a new key, a new backend")
	require.Same(t, first.Store, second.Store, "the store's keys are the same")
}

func TestSettingsHoldNoSecretInLogs(t *testing.T) {
	access := erp.Access{Connection: erp.Connection{"url": "https://erp.example.com"}, Secret: erpSecret}
	require.NotContains(t, fmt.Sprintf("%v %+v", access, access), erpSecret)
}
