//go:build odoo

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// The page is driven as by people whose ERP is Odoo: it works as on the ledger, and leads into Odoo where the ledger has pages here.
func TestThePageWithOdooInABrowser(t *testing.T) {
	b := needBrowser(t)
	store := openShop(t, wootest.Options{Products: 12, Variable: 2, Customers: 5, Orders: 8})
	access := odooDatabase(t)
	x := serve(t)
	// The ledger came first, and went: what it left is another ERP's.
	post[gen.Instance](x, "/instances", gen.NewInstance{ID: "first", Name: "First", StoreURL: store.URL, ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret})
	post[gen.Instance](x, "/instances/first/connect", nil)
	require.NoError(t, x.api.Delete(t.Context(), "/instances/first?confirm=first", nil))
	env := append(x.addUser("admin@example.com", "admin"), "STORE_URL="+store.URL, "STORE_KEY="+wootest.DefaultKey, "STORE_SECRET="+wootest.DefaultSecret,
		"ODOO_VERSION="+access.Version, "ODOO_URL="+access.URL, "ODOO_DATABASE="+access.Database, "ODOO_LOGIN="+access.Login, "ODOO_KEY="+access.APIKey,
		"ODOO_ADMIN_PASSWORD="+access.AdminPassword)
	b.run(t, "odoo", env...)
	require.Equal(t, "odoo", get[gen.Instance](x, "/instances/my-shop").Backend)

	orders, products := get[gen.LinkPage](x, "/links?entity=order&limit=1").Items, get[gen.LinkPage](x, "/links?entity=product&limit=1").Items
	b.run(t, "pages", append(env, "BACKEND=odoo", "ORDER_ID="+orders[0].WooID, "PRODUCT_ID="+products[0].WooID)...)
}
