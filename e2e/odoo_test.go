//go:build odoo

package e2e

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/erp/odoo/odoodev"
	"tandem/erp/open"
	"tandem/woo/wootest"
)

// TestImportIntoOdoo imports a store into a real Odoo, runs the sale workflows there, compares both sides to the cent, and
// imports the store again.
func TestImportIntoOdoo(t *testing.T) {
	store := openShop(t, wootest.Sized(80, 50, 100))
	var sold []string
	for _, o := range store.orders() {
		if o.sold() {
			sold = append(sold, strconv.Itoa(o.ID))
		}
	}
	require.Greater(t, len(sold), 50, "too few orders are sold to prove anything")
	x := serve(t)
	access := odooDatabase(t)
	x.connectOdoo(store.URL, access)

	op := x.importAll(everything)
	require.Empty(t, x.parked(), "held back")
	require.Equal(t, map[string]int{"done": len(sold)}, x.salesMoved())
	t.Run("counts", func(t *testing.T) { requireCounts(t, x, store, op) })
	t.Run("orders", func(t *testing.T) { requireOrders(t, x, store.orders()) })
	t.Run("stock", func(t *testing.T) { requireStock(t, x, store.stock()) })
	t.Run("images", func(t *testing.T) { requireImages(t, x, store) })
	t.Run("a refund", func(t *testing.T) { requirePartRefunded(t, x, store, sold[len(sold)-1]) })
	t.Run("again", func(t *testing.T) {
		before, err := x.backend.Totals(t.Context(), instanceID)
		require.NoError(t, err)
		requireNothingNew(t, x.importAll(everything))
		after, err := x.backend.Totals(t.Context(), instanceID)
		require.NoError(t, err)
		require.Equal(t, before, after)
	})
	t.Run("a credit note", func(t *testing.T) { requireCreditNoteSent(t, x, store, clerk{t, access}, sold) })
}

// requireImages asks the ERP to be given the image of each product, and requires that it has all of them.
func requireImages(t *testing.T, x *tandem, store *shop) {
	var batch []erp.ShownImage
	for _, p := range store.products() {
		if len(p.Images) == 0 {
			continue
		}
		image := &erp.Image{URL: p.Images[0].Src, Digest: digestAt(t, store, p.Images[0].Src)}
		batch = append(batch, erp.ShownImage{Key: erp.Key{Instance: instanceID, Entity: "product", ID: strconv.Itoa(p.ID)}, Image: image})
	}
	require.NotEmpty(t, batch)
	keeper, err := erp.Images.Of(x.backend)
	require.NoError(t, err)
	outcomes, err := keeper.UpsertImages(t.Context(), batch, func(_ context.Context, image erp.Image) ([]byte, error) {
		return nil, fmt.Errorf("%s is missing", image.URL)
	})
	require.NoError(t, err)
	for _, outcome := range outcomes {
		require.Equal(t, erp.Unchanged, outcome.Status, outcome)
	}
}

// digestAt gives the digest of an image of the store, which names itself as it was called when it was asked.
func digestAt(t *testing.T, store *shop, src string) string {
	t.Helper()
	address, err := url.Parse(src)
	require.NoError(t, err)
	response, err := http.Get(store.URL + address.Path)
	require.NoError(t, err)
	defer response.Body.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, response.Body)
	require.NoError(t, err)
	return fmt.Sprintf("sha256:%x", sum.Sum(nil))
}

// odooDatabase gives access to a database of its own in the Odoo that TANDEM_ODOO names, or to the one that is named
// there where none can be made.
func odooDatabase(t testing.TB) odoodev.Access {
	t.Helper()
	content, err := os.ReadFile(os.Getenv("TANDEM_ODOO"))
	require.NoError(t, err, "TANDEM_ODOO names a file that tells how to reach an Odoo: see docs/odoo.md")
	var access odoodev.Access
	require.NoError(t, json.Unmarshal(content, &access))
	if access.MasterPassword == "" {
		return access
	}
	fresh, err := access.CreateDatabase(t.Context(), "import_"+strings.ToLower(rand.Text()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, access.DeleteDatabase(context.Background(), fresh.Database)) })
	return fresh
}

// connectOdoo makes, connects, configures and activates the instance of a store with an Odoo behind it.
func (x *tandem) connectOdoo(storeURL string, target odoodev.Access) {
	x.t.Helper()
	var err error
	connection := erp.Connection{"url": target.URL, "database": target.Database, "login": target.Login}
	x.backend, err = open.Drivers().Open(x.t.Context(), "odoo", erp.Access{Connection: connection, Secret: target.APIKey})
	require.NoError(x.t, err)
	reach, err := json.Marshal(connection)
	require.NoError(x.t, err)
	post[gen.Instance](x, "/instances", gen.NewInstance{
		ID: instanceID, Name: "Shop", StoreURL: storeURL,
		ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret,
		Backend: "odoo", ERPSecret: target.APIKey, ERPConnection: reach,
	})
	x.activate(instanceID)
}
