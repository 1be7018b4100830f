package worker

import (
	"fmt"
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
	c := NewConnections(newDB(t, instance.Active), open.Settings{}, "test")
	_, err := c.Connect(t.Context(), "nobody")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = c.Backend(t.Context(), instance.Instance{ID: "demo", Backend: "abacus"})
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

func TestConnectOpensTheInstancesOwnERP(t *testing.T) {
	d := newDB(t, instance.Active)
	odoo := startOdoo(t)
	addOdoo(t, d, "shop", odoo.URL)
	c := NewConnections(d, open.Settings{}, "test")
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

// Both packages name the backends: neither may import the other.
func TestBackendNamesAgree(t *testing.T) {
	require.Equal(t, []string{instance.Ledger, instance.Odoo}, []string{open.Ledger, open.Odoo})
}

func TestSettingsHoldNoSecretInLogs(t *testing.T) {
	s := open.Settings{Backend: open.Odoo, Remote: open.Remote{URL: "https://erp.example.com", Secret: erpSecret}}
	require.NotContains(t, fmt.Sprintf("%v %+v", s, s), erpSecret)
}
