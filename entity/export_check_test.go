package entity

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// Connecting a store never writes to it (U06, C20): each group has a switch that a person turns on.
func TestNothingIsExportedUntilItIsSwitchedOn(t *testing.T) {
	in := instance.Instance{ID: "myshop", State: instance.Active, Config: instance.DefaultConfig()}
	for _, e := range List(flow.Export) {
		err := CheckExport(in, []string{e.Name()})
		require.True(t, fault.Is(err, fault.Conflict), e.Name())
		require.ErrorContains(t, err, ExportSwitch(e.Name()), "it names the setting")
		require.ErrorContains(t, err, "tandem instance configure myshop")
	}
	require.Empty(t, Movable(flow.Export, in))

	in.Config.Export.Terms = true
	require.NoError(t, CheckExport(in, []string{"category", "tag"}))
	scheduled := ScheduleOf(instance.CatalogueExport)
	require.Equal(t, []string{"category", "tag", "brand", "attribute", "shipping_class"}, Allowed(flow.Export, in, scheduled.Entities))
	in.Config.Export = instance.Export{Orders: true}
	require.Equal(t, scheduled.Entities, Allowed(flow.Export, in, scheduled.Entities), "orders are exported by their ids only")
	require.ErrorContains(t, CheckExport(in, scheduled.Entities), "export.terms")
	in.State = instance.Draft
	require.ErrorContains(t, CheckExport(in, []string{"category"}), "connect it first")
}

func TestWhatHasNoExportIsRefused(t *testing.T) {
	_, err := Get(flow.Export, "tax")
	require.ErrorContains(t, err, "tax cannot be exported: there are category, tag")
	_, err = Get(flow.Export, "nonsense")
	require.ErrorContains(t, err, "there is no entity")
	require.Empty(t, ExportSwitch("tax"))
}

func TestEveryExportHasASwitchOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range exports {
		var c instance.Config
		require.False(t, e.on(c), "%s is off until a person turns it on", e.Name())
		require.NoError(t, json.Unmarshal([]byte(e.example()), &c))
		require.True(t, e.on(c), "%s is turned on as the message says", e.Name())
		for _, before := range e.After() {
			require.True(t, seen[before], "%s needs %s before it", e.Name(), before)
		}
		seen[e.Name()] = true
	}
}
