package entity

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

func TestCheckImport(t *testing.T) {
	for _, c := range []struct {
		state instance.State
		names []string
		says  string // nothing when it may be imported
	}{
		{instance.Draft, []string{"product"}, "connect it first"},
		{instance.Deactivated, []string{"order"}, "connect it first"},
		{instance.Connected, []string{"product", "customer"}, ""},
		{instance.Connected, []string{"product", "order"}, "activate it first"},
		{instance.Connected, []string{"refund"}, "activate it first"},
		{instance.Active, []string{"product", "order"}, ""},
	} {
		err := CheckImport(instance.Instance{ID: "demo", State: c.state}, c.names)
		if c.says == "" {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, fault.Conflict, fault.KindOf(err))
		require.ErrorContains(t, err, c.says, c)
	}
}

func TestImportable(t *testing.T) {
	for state, want := range map[instance.State]int{instance.Draft: 0, instance.Connected: len(List(flow.Import)) - 2, instance.Active: len(List(flow.Import))} {
		require.Len(t, Importable(instance.Instance{State: state}), want, state)
	}
	require.NotContains(t, Importable(instance.Instance{State: instance.Connected}), "order")
	require.NotContains(t, Importable(instance.Instance{State: instance.Connected}), "refund")
}
