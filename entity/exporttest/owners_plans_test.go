package exporttest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/flow"
)

// By hand, what is kept back is said beforehand, in both directions, and forcing writes it.
func TestPlansSayWhatIsKeptBackAndForceWritesIt(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"store"}}`)
	l.inERP("70")
	kept := []flow.Difference{{Field: "Regular price", ERP: "70", Store: "50"}}
	planned := l.planOf("product", l.id)[l.id]
	require.Equal(t, []any{mapping.PlanUnchanged, kept}, []any{planned.Action, planned.Kept})
	pull := l.pullPlan(l.wooID)
	require.Equal(t, []any{mapping.PlanUpdate, kept, 0}, []any{pull.Action, pull.Differences, len(pull.Kept)})
	l.ec.Force = true
	require.Equal(t, kept, l.planOf("product", l.id)[l.id].Differences)
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requirePrices("70", "70")
	l.ec.Force = false

	l.giveOwners(`{"product":{"price":"erp"}}`)
	l.inStore("60")
	kept = []flow.Difference{{Field: "Regular price", ERP: "70", Store: "60"}}
	pull = l.pullPlan(l.wooID)
	require.Equal(t, []any{mapping.PlanUnchanged, kept}, []any{pull.Action, pull.Kept})
	l.ec.Overwrite, l.ec.Force = true, true
	require.Equal(t, kept, l.pullPlan(l.wooID).Differences)
	require.Equal(t, flow.Updated, l.imported().Status)
	l.ec.Overwrite, l.ec.Force = false, false
	l.requirePrices("60", "60")

	l.giveOwners(`{"product":{"price":"ask"}}`)
	l.inStore("61")
	l.inERP("71")
	kept = []flow.Difference{{Field: "Regular price", ERP: "71", Store: "61"}}
	for _, planned := range []mapping.Planned{l.planOf("product", l.id)[l.id], l.pullPlan(l.wooID)} {
		require.Equal(t, []any{"parked", mapping.BothChanged, kept}, []any{planned.Action, planned.Code, planned.Kept})
	}
}

// pullPlan says what a pull of a product would write.
func (l lamp) pullPlan(id string) mapping.Planned {
	l.t.Helper()
	planner, err := entity.Planner(flow.Import, "product")
	require.NoError(l.t, err)
	plan, err := planner.Plan(context.Background(), l.ec, []string{id})
	require.NoError(l.t, err)
	require.Len(l.t, plan, 1)
	return plan[0]
}
