package instance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

// onOdoo is an instance on an Odoo that validates.
func onOdoo() instance.Instance {
	return instance.Instance{
		ID: "demo", Name: "Demo", StoreURL: "https://shop.example.com", Backend: instance.Odoo,
		Connection:    instance.DefaultConnection(),
		ERPConnection: instance.ERPConnection{URL: "https://acme.odoo.com", Database: "acme"},
	}
}

func TestERPConnectionValidate(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(*instance.Instance)
		want  []string
	}{
		{"whole", func(*instance.Instance) {}, nil},
		{"all of it", func(i *instance.Instance) {
			i.ERPConnection.Login, i.ERPConnection.Protocol, i.ERPConnection.Language = "bot", instance.JSONRPC, "es_419"
		}, nil},
		{"nothing", func(i *instance.Instance) { i.ERPConnection = instance.ERPConnection{} },
			[]string{"erp_connection.url", "erp_connection.database"}},
		{"address", func(i *instance.Instance) { i.ERPConnection.URL = "ftp://acme" }, []string{"erp_connection.url"}},
		{"protocol", func(i *instance.Instance) { i.ERPConnection.Protocol = "xmlrpc" }, []string{"erp_connection.protocol"}},
		{"no login for JSON-RPC", func(i *instance.Instance) { i.ERPConnection.Protocol = instance.JSONRPC }, []string{"erp_connection.login"}},
		{"language", func(i *instance.Instance) { i.ERPConnection.Language = "French" }, []string{"erp_connection.language"}},
		{"no such ERP", func(i *instance.Instance) { i.Backend = "abacus" }, []string{"backend"}},
		{"no ERP", func(i *instance.Instance) { i.Backend = "" }, []string{"backend"}},
		{"a way to the ledger", func(i *instance.Instance) { i.Backend = instance.Ledger }, []string{"erp_connection"}},
		{"the ledger", func(i *instance.Instance) {
			i.Backend, i.ERPConnection = instance.Ledger, instance.ERPConnection{}
		}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := onOdoo()
			test.spoil(&in)
			require.Equal(t, test.want, fields(t, in.Validate()))
		})
	}
}

func TestNormalizeERPURL(t *testing.T) {
	for raw, want := range map[string]string{
		"acme.odoo.com":                          "https://acme.odoo.com",
		"https://ACME.odoo.com/web#action=menu":  "https://acme.odoo.com",
		"https://acme.odoo.com/odoo/":            "https://acme.odoo.com",
		"http://127.0.0.1:8069/web/login?db=x":   "http://127.0.0.1:8069",
		"https://erp.example.com/sub/":           "https://erp.example.com/sub",
		"https://erp.example.com:443/web/login/": "https://erp.example.com",
	} {
		got, err := instance.NormalizeERPURL(raw)
		require.NoError(t, err, raw)
		require.Equal(t, want, got)
	}
	for _, raw := range []string{"", "ftp://acme", "https://me:secret@acme.odoo.com"} {
		_, err := instance.NormalizeERPURL(raw)
		require.Equal(t, "erp_connection.url", fault.From(err).Field, "%q", raw)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestSameERP(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*instance.Instance)
		same   bool
	}{
		"login":    {func(i *instance.Instance) { i.ERPConnection.Login = "other" }, true},
		"language": {func(i *instance.Instance) { i.ERPConnection.Language = "fr_FR" }, true},
		"store":    {func(i *instance.Instance) { i.StoreURL = "https://other.example.com" }, true},
		"backend":  {func(i *instance.Instance) { i.Backend = instance.Ledger }, false},
		"address":  {func(i *instance.Instance) { i.ERPConnection.URL = "https://erp.example.com" }, false},
		"database": {func(i *instance.Instance) { i.ERPConnection.Database = "other" }, false},
		"company":  {func(i *instance.Instance) { i.Config.General.Company = "2" }, false},
	} {
		other := onOdoo()
		test.change(&other)
		require.Equal(t, test.same, onOdoo().SameERP(other), name)
	}
	one, two := instance.Instance{Backend: instance.Ledger}, instance.Instance{Backend: instance.Ledger}
	two.Config.General.Company = "1"
	require.True(t, one.SameERP(two), "the ledger has one company")
}

func TestSameStore(t *testing.T) {
	for address, same := range map[string]bool{
		"https://shop.example.com":      true,
		"https://shop.example.com/":     true,
		"http://shop.example.com":       true,
		"http://shop.example.com:80/":   true,
		"https://SHOP.example.com:443":  true,
		"https://www.shop.example.com":  false,
		"https://shop.example.com/sub":  false,
		"https://shop.example.com:8443": false,
		"https://shop.example.org":      false,
		"not an address":                false,
	} {
		require.Equal(t, same, onOdoo().SameStore(instance.Instance{StoreURL: address}), address)
	}
}

func TestMissingCredentials(t *testing.T) {
	keys := instance.Credentials{ConsumerKey: "ck_1", ConsumerSecret: "cs_1"}
	require.NoError(t, instance.Instance{Backend: instance.Ledger}.Missing(keys))
	require.Equal(t, []string{"erp_secret"}, fields(t, onOdoo().Missing(keys)))
	require.Equal(t, []string{"consumer_key", "consumer_secret", "erp_secret"}, fields(t, onOdoo().Missing(instance.Credentials{})))
	keys.ERPSecret = "key"
	require.NoError(t, onOdoo().Missing(keys))
	require.NotContains(t, keys.String(), "key")
}
