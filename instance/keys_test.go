package instance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/open"
	"tandem/instance"
)

func TestKeysAfter(t *testing.T) {
	all := instance.Credentials{ConsumerKey: "ck", ConsumerSecret: "cs", ERPSecret: "key"}
	storeOnly, erpOnly := instance.Credentials{ConsumerKey: "ck", ConsumerSecret: "cs"}, instance.Credentials{ERPSecret: "key"}
	for name, c := range map[string]struct {
		store, erp string
		kept       instance.Credentials
	}{
		"nothing":         {"https://shop.example.com", "https://acme.odoo.com", all},
		"path":            {"https://shop.example.com/sub", "https://acme.odoo.com/erp", all},
		"implied port":    {"https://shop.example.com:443", "https://acme.odoo.com:443", all},
		"store's scheme":  {"http://shop.example.com", "https://acme.odoo.com", erpOnly},
		"store's port":    {"https://shop.example.com:444", "https://acme.odoo.com", erpOnly},
		"store's host":    {"https://shop.example.com.evil.com", "https://acme.odoo.com", erpOnly},
		"ERP's scheme":    {"https://shop.example.com", "http://acme.odoo.com", storeOnly},
		"ERP's port":      {"https://shop.example.com", "https://acme.odoo.com:8069", storeOnly},
		"ERP's host":      {"https://shop.example.com", "https://evil.odoo.com", storeOnly},
		"both":            {"https://a.example.com", "https://b.example.com", instance.Credentials{}},
		"capital letters": {"https://SHOP.example.com", "https://Acme.odoo.com", all},
	} {
		on := func(store, address string) instance.Instance {
			return instance.Instance{Backend: "odoo", StoreURL: store, ERPConnection: erp.Connection{"url": address}}
		}
		before := on("https://shop.example.com", "https://acme.odoo.com")
		require.Equal(t, c.kept, before.KeysAfter(on(c.store, c.erp), all, open.Drivers()), name)
	}
}

func TestWarnings(t *testing.T) {
	in := instance.Instance{}
	require.Empty(t, in.Warnings())
	in.Store.Currency, in.Store.OrderCurrencies, in.Config.General.Currency = "EUR", "CHF,EUR,GBP", "EUR"
	require.Len(t, in.Warnings(), 1)
	require.Contains(t, in.Warnings()[0], "CHF, GBP")
	in.Config.General.Currencies = []string{"CHF", "GBP"}
	require.Empty(t, in.Warnings())
	in.Store.SubOrders = true
	require.Len(t, in.Warnings(), 1)
	require.Contains(t, in.Warnings()[0], "config.order.sub_orders")
	in.Config.Order.SubOrders = instance.SubOrdersParents
	require.Empty(t, in.Warnings())
}
