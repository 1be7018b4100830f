package worker

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/budget"
	"tandem/db"
	"tandem/erp"
	"tandem/erp/open"
	"tandem/instance"
	"tandem/schema/schematest"
)

func TestMain(m *testing.M) { schematest.Main(m) }

// newDB opens a fresh database with one instance, "demo", in the given state.
func newDB(t *testing.T, state instance.State) *db.DB {
	t.Helper()
	t.Parallel()
	d, err := db.Open(t.Context(), schematest.URL(t), db.Options{SecretKeys: [][]byte{bytes.Repeat([]byte("k"), 32)}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	_, err = d.CreateInstance(t.Context(), instance.Instance{
		ID: "demo", Name: "Demo", StoreURL: "https://shop.example.com", State: state, Backend: "ledger",
		Connection: instance.DefaultConnection(), Config: instance.DefaultConfig(),
	}, instance.Credentials{ConsumerKey: "ck_1", ConsumerSecret: "cs_1"})
	require.NoError(t, err)
	return d
}

const erpSecret = "0123456789abcdef"

// addOdoo adds an active instance on an Odoo.
func addOdoo(t *testing.T, d *db.DB, id, url string) instance.Instance {
	t.Helper()
	inst, err := d.CreateInstance(t.Context(), instance.Instance{
		ID: id, Name: id, StoreURL: "https://shop.example.com", State: instance.Active, Backend: "odoo",
		ERPConnection: erp.Connection{"url": url, "database": "acme"},
		Connection:    instance.DefaultConnection(), Config: instance.DefaultConfig(),
	}, instance.Credentials{ConsumerKey: "ck_1", ConsumerSecret: "cs_1", ERPSecret: erpSecret})
	require.NoError(t, err)
	return inst
}

// newConnections opens the ERPs of a database's instances.
func newConnections(d *db.DB) *Connections {
	return NewConnections(d, open.Drivers(), erp.Host{Budgets: &budget.Registry{}}, "test")
}
