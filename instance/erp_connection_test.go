package instance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/open"
	"tandem/instance"
)

// onOdoo is an instance on an Odoo that validates.
func onOdoo() instance.Instance {
	return instance.Instance{
		ID: "demo", Name: "Demo", StoreURL: "https://shop.example.com", Backend: "odoo",
		Connection:    instance.DefaultConnection(),
		ERPConnection: erp.Connection{"url": "https://acme.odoo.com", "database": "acme"},
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
			i.ERPConnection["login"], i.ERPConnection["protocol"], i.ERPConnection["language"] = "bot", "jsonrpc", "es_419"
		}, nil},
		{"nothing", func(i *instance.Instance) { i.ERPConnection = nil },
			[]string{"erp_connection.url", "erp_connection.database"}},
		{"address", func(i *instance.Instance) { i.ERPConnection["url"] = "ftp://acme" }, []string{"erp_connection.url"}},
		{"protocol", func(i *instance.Instance) { i.ERPConnection["protocol"] = "xmlrpc" }, []string{"erp_connection.protocol"}},
		{"no login for JSON-RPC", func(i *instance.Instance) { i.ERPConnection["protocol"] = "jsonrpc" }, []string{"erp_connection.login"}},
		{"language", func(i *instance.Instance) { i.ERPConnection["language"] = "French" }, []string{"erp_connection.language"}},
		{"no such ERP", func(i *instance.Instance) { i.Backend = "abacus" }, []string{"backend"}},
		{"no ERP", func(i *instance.Instance) { i.Backend = "" }, []string{"backend"}},
		{"a way to the ledger", func(i *instance.Instance) { i.Backend = "ledger" }, []string{"erp_connection"}},
		{"the ledger", func(i *instance.Instance) {
			i.Backend, i.ERPConnection = "ledger", nil
		}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := onOdoo()
			test.spoil(&in)
			require.Equal(t, test.want, fields(t, in.Validate(open.Drivers())))
		})
	}
}

func TestSameERP(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*instance.Instance)
		same   bool
	}{
		"login":    {func(i *instance.Instance) { i.ERPConnection["login"] = "other" }, true},
		"language": {func(i *instance.Instance) { i.ERPConnection["language"] = "fr_FR" }, true},
		"store":    {func(i *instance.Instance) { i.StoreURL = "https://other.example.com" }, true},
		"backend":  {func(i *instance.Instance) { i.Backend = "ledger" }, false},
		"address":  {func(i *instance.Instance) { i.ERPConnection["url"] = "https://erp.example.com" }, false},
		"database": {func(i *instance.Instance) { i.ERPConnection["database"] = "other" }, false},
		"company":  {func(i *instance.Instance) { i.Config.General.Company = "2" }, false},
	} {
		other := onOdoo()
		test.change(&other)
		require.Equal(t, test.same, onOdoo().SameERP(other, open.Drivers()), name)
	}
	one, two := instance.Instance{Backend: "ledger"}, instance.Instance{Backend: "ledger"}
	two.Config.General.Company = "1"
	require.True(t, one.SameERP(two, open.Drivers()), "the ledger has one company")
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
	require.NoError(t, instance.Instance{Backend: "ledger"}.Missing(keys, open.Drivers()))
	require.Equal(t, []string{"erp_secret"}, fields(t, onOdoo().Missing(keys, open.Drivers())))
	require.Equal(t, []string{"consumer_key", "consumer_secret", "erp_secret"}, fields(t, onOdoo().Missing(instance.Credentials{}, open.Drivers())))
	keys.ERPSecret = "key"
	require.NoError(t, onOdoo().Missing(keys, open.Drivers()))
	require.NotContains(t, keys.String(), "key")
}
