package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

func TestMetaMappings(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	newInstance(t, d, "other")
	vat := instance.MetaMapping{Instance: "demo", Model: instance.MetaCustomer, Key: "vat_number", Field: "tax_id", Type: "text", Active: true}

	created, err := d.CreateMetaMapping(t.Context(), vat)
	require.NoError(t, err)
	vat.ID = created.ID
	require.Equal(t, vat, created)

	created.Type, created.Active, created.Instance = "integer", false, "other"
	updated, err := d.UpdateMetaMapping(t.Context(), created)
	require.NoError(t, err)
	require.Equal(t, "demo", updated.Instance, "a mapping stays with its instance")

	got, err := d.MetaMapping(t.Context(), vat.ID)
	require.NoError(t, err)
	require.Equal(t, updated, got)

	list, err := d.MetaMappings(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, []instance.MetaMapping{updated}, list)
	list, err = d.MetaMappings(t.Context(), "other")
	require.NoError(t, err)
	require.Empty(t, list)

	require.NoError(t, d.DeleteMetaMapping(t.Context(), vat.ID))
	requireKind(t, fault.NotFound, d.DeleteMetaMapping(t.Context(), vat.ID))
	_, err = d.MetaMapping(t.Context(), vat.ID)
	requireKind(t, fault.NotFound, err)
	_, err = d.UpdateMetaMapping(t.Context(), vat)
	requireKind(t, fault.NotFound, err)
}

func TestMetaMappingRefuses(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	good := instance.MetaMapping{Instance: "demo", Model: instance.MetaOrder, Key: "k", Field: "x_k", Type: "text"}
	_, err := d.CreateMetaMapping(t.Context(), good)
	require.NoError(t, err)

	for name, tt := range map[string]struct {
		change func(*instance.MetaMapping)
		kind   fault.Kind
	}{
		"the same twice":   {func(*instance.MetaMapping) {}, fault.Conflict},
		"unknown instance": {func(m *instance.MetaMapping) { m.Instance = "missing" }, fault.Conflict},
		"unknown model":    {func(m *instance.MetaMapping) { m.Model = "coupon" }, fault.Invalid},
		"unknown type":     {func(m *instance.MetaMapping) { m.Type = "blob" }, fault.Invalid},
		"no key":           {func(m *instance.MetaMapping) { m.Key = "" }, fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			m := good
			tt.change(&m)
			_, err := d.CreateMetaMapping(t.Context(), m)
			requireKind(t, tt.kind, err)
		})
	}
}
