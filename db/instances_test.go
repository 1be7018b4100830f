package db

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
	"tandem/schema/schematest"
)

func TestInstanceRoundTrip(t *testing.T) {
	d := newDB(t)
	in := instance.Instance{
		ID: "demo", Name: "Demo", StoreURL: "https://shop.example/sub", State: instance.Connected, Backend: "ledger",
		Connection:  instance.Connection{APIVersion: "wc/v3", ForceQuery: true, Readers: 3},
		Store:       instance.StoreInfo{WooCommerce: "10.0.2", Currency: "EUR", Decimals: 2, HPOS: true},
		ERP:         instance.ERPInfo{Name: "Tandem ledger", Version: "schema 2", Warnings: []string{"no bank journal"}},
		ConnectedAt: time.Date(2025, 3, 1, 12, 0, 0, 0, time.FixedZone("", 7200)),
	}
	in.Config.General.Currency = "EUR"
	in.Config.Order.Workflows = []instance.WorkflowRule{{Match: "processing", Workflow: "default"}}

	created, err := d.CreateInstance(t.Context(), in, instance.Credentials{})
	require.NoError(t, err)
	require.Equal(t, 1, created.Version)
	requireRecent(t, created.CreatedAt)

	got, err := d.Instance(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, created, got)
	in.Version, in.CreatedAt, in.UpdatedAt, in.ConnectedAt = 1, got.CreatedAt, got.UpdatedAt, in.ConnectedAt.UTC()
	require.Equal(t, in, got)
}

func TestCreateInstanceRefuses(t *testing.T) {
	d := newDB(t)
	in := newInstance(t, d, "demo")
	for id, kind := range map[string]fault.Kind{"demo": fault.Conflict, "": fault.Invalid, "a/b": fault.Invalid, "a b": fault.Invalid} {
		t.Run(id, func(t *testing.T) {
			in.ID = id
			_, err := d.CreateInstance(t.Context(), in, instance.Credentials{})
			requireKind(t, kind, err)
		})
	}
}

func TestInstancesAreOrderedByID(t *testing.T) {
	d := newDB(t)
	empty, err := d.Instances(t.Context())
	require.NoError(t, err)
	require.Empty(t, empty)

	b, a := newInstance(t, d, "b"), newInstance(t, d, "a")
	all, err := d.Instances(t.Context())
	require.NoError(t, err)
	require.Equal(t, []instance.Instance{a, b}, all)
}

func TestCredentials(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")

	cred, err := d.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, instance.Credentials{ConsumerKey: "ck_demo", ConsumerSecret: "cs_demo"}, cred)

	changed := instance.Credentials{ConsumerKey: "ck_new", ConsumerSecret: "cs_new"}
	require.NoError(t, d.SetCredentials(t.Context(), "demo", changed))
	cred, err = d.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, changed, cred)

	in, err := d.Instance(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, 1, in.Version, "the version guards the configuration only")

	_, err = d.Credentials(t.Context(), "missing")
	requireKind(t, fault.NotFound, err)
	requireKind(t, fault.NotFound, d.SetCredentials(t.Context(), "missing", changed))
}

func TestCredentialsAreSealedAtRest(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")

	var dump string
	require.NoError(t, d.pool.GetContext(t.Context(), &dump, `SELECT string_agg(i::text || encode(credentials, 'escape'), '') FROM tandem.instances i`))
	require.NotContains(t, dump, "ck_demo")
	require.NotContains(t, dump, "cs_demo")
}

func TestCredentialsWithAnotherKey(t *testing.T) {
	url := schematest.URL(t)
	former, err := Open(t.Context(), url, Options{SecretKeys: [][]byte{testKey}, MaxConns: 1})
	require.NoError(t, err)
	newInstance(t, former, "demo")
	require.NoError(t, former.Close())

	now, err := Open(t.Context(), url, Options{SecretKeys: [][]byte{[]byte(strings.Repeat("x", keyLength))}, MaxConns: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, now.Close()) }()

	_, err = now.Credentials(t.Context(), "demo")
	requireKind(t, fault.Unauthorized, err)
	require.ErrorContains(t, err, "TANDEM_SECRET_KEY")
	require.NotContains(t, fmt.Sprint(err), "ck_")
}
