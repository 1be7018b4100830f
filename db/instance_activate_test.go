package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

// activate makes an instance active.
func activate(t *testing.T, d *DB, in instance.Instance, allowSameStore bool) (instance.Instance, error) {
	t.Helper()
	in.State = instance.Active
	return d.ActivateInstance(t.Context(), in, allowSameStore)
}

func TestTheSameStoreIsActivatedOnce(t *testing.T) {
	d := newDB(t)
	first, second := newInstance(t, d, "first"), newInstance(t, d, "second")
	second.StoreURL = "http://shop.example/"
	second, err := d.UpdateInstance(t.Context(), second)
	require.NoError(t, err)

	first, err = activate(t, d, first, false)
	require.NoError(t, err, "the second one has not imported anything")
	require.Equal(t, instance.Active, first.State)
	_, err = activate(t, d, second, false)
	requireKind(t, fault.Conflict, err)
	require.ErrorContains(t, err, `"first" (active)`)
	require.ErrorContains(t, err, "allow_same_store")
	unchanged, err := d.Instance(t.Context(), "second")
	require.NoError(t, err)
	require.Equal(t, second, unchanged)

	second, err = activate(t, d, second, true)
	require.NoError(t, err)
	require.Equal(t, instance.Active, second.State)
	second.State = instance.Deactivated
	second, err = d.UpdateInstance(t.Context(), second)
	require.NoError(t, err)
	_, err = activate(t, d, second, false)
	requireKind(t, fault.Conflict, err)
}

func TestADeactivatedInstanceKeepsItsStoreOnceItHasImported(t *testing.T) {
	d := newDB(t)
	first, second := newInstance(t, d, "first"), newInstance(t, d, "second")
	first.State = instance.Deactivated
	first, err := d.UpdateInstance(t.Context(), first)
	require.NoError(t, err)
	_, err = d.SetLink(t.Context(), Link{Instance: "first", Entity: "order", WooID: "7", ERPID: "9"})
	require.NoError(t, err)
	_, err = activate(t, d, second, false)
	requireKind(t, fault.Conflict, err)
	require.ErrorContains(t, err, `"first" (deactivated)`)

	_, err = activate(t, d, first, false)
	require.NoError(t, err, "its own links are no reason")
}

func TestOtherStoresAndERPsAreActivatedBeside(t *testing.T) {
	d := newDB(t)
	_, err := activate(t, d, newInstance(t, d, "first"), false)
	require.NoError(t, err)
	for id, change := range map[string]func(*instance.Instance){
		"store": func(in *instance.Instance) { in.StoreURL = "https://www.shop.example" },
		"erp":   func(in *instance.Instance) { in.Backend = "odoo" },
	} {
		other := newInstance(t, d, id)
		change(&other)
		_, err := activate(t, d, other, false)
		require.NoError(t, err, id)
	}
}

func TestTheSameStoreIsActivatedOnceAtTheSameTime(t *testing.T) {
	d := newDB(t)
	errs := make(chan error)
	both := []instance.Instance{newInstance(t, d, "first"), newInstance(t, d, "second")}
	for _, in := range both {
		in.State = instance.Active
		go func() {
			_, err := d.ActivateInstance(t.Context(), in, false)
			errs <- err
		}()
	}
	refused := 0
	for range both {
		if err := <-errs; err != nil {
			requireKind(t, fault.Conflict, err)
			refused++
		}
	}
	require.Equal(t, 1, refused)
}
