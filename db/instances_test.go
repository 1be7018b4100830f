package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

func TestInstanceRoundTrip(t *testing.T) {
	d := newDB(t)
	in := instance.Instance{
		ID: "demo", Name: "Demo", StoreURL: "https://shop.example/sub", State: instance.Connected, Backend: "ledger",
		Connection:    instance.Connection{APIVersion: "wc/v3", ForceQuery: true, Readers: 3},
		Store:         instance.StoreInfo{WooCommerce: "10.0.2", Currency: "EUR", Decimals: 2, HPOS: true},
		ERP:           instance.ERPInfo{Name: "Tandem ledger", Version: "schema 2", Warnings: []string{"no bank journal"}},
		ERPConnection: erp.Connection{"url": "https://erp.example", "database": "acme", "login": "bot"},
		ConnectedAt:   time.Date(2025, 3, 1, 12, 0, 0, 0, time.FixedZone("", 7200)),
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
