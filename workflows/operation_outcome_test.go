package workflows

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"tandem/activities"
	"tandem/fault"
)

// markedParked is the search attribute that an operation with trouble ends with.
var markedParked = temporal.NewSearchAttributes(AttrParked.ValueSet(true))

func TestOperationWithTroubleIsMarked(t *testing.T) {
	for name, c := range map[string]struct {
		order Counts
		says  string
	}{
		"parked": {Counts{Read: 5, Created: 1, Parked: 4}, "**order: 4 parked:**"},
		"failed": {Counts{Read: 5, Created: 4, Failed: 1}, "**order: 1 failed:**"},
		"both":   {Counts{Read: 5, Parked: 4, Failed: 1}, "**order: 4 parked, 1 failed:**"},
	} {
		t.Run(name, func(t *testing.T) {
			env := newOperationTest(t, [][]string{{"product"}, {"order"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
				if in.Entity == "order" {
					return activities.ChunkState{Done: true, Counts: c.order}, nil
				}
				return wholeScan(in)
			})
			env.OnUpsertTypedSearchAttributes(markedParked).Return(nil).Once()
			env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "product", "order"))
			require.NoError(t, env.GetWorkflowError())
			env.AssertExpectations(t)
			require.Equal(t, activities.StateDone, env.lastState())
		})
		o := operation{}
		o.take("product", Counts{Created: 10})
		o.take("order", c.order)
		require.True(t, strings.HasPrefix(o.outcome(), c.says), o.outcome())
	}
}

func TestOperationThatFailsIsMarkedToo(t *testing.T) {
	env := newOperationTest(t, [][]string{{"product"}, {"order"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
		if in.Entity == "product" {
			return activities.ChunkState{Done: true, Counts: Counts{Read: 2, Parked: 2}}, nil
		}
		return activities.ChunkState{}, temporal.NewNonRetryableApplicationError("the store refuses the key", string(fault.Unauthorized), nil,
			activities.Failure{Kind: fault.Unauthorized, Message: "the store refuses the key"})
	})
	env.OnUpsertTypedSearchAttributes(markedParked).Return(nil).Once()
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "product", "order"))
	require.ErrorContains(t, env.GetWorkflowError(), "the store refuses the key")
	env.AssertExpectations(t)

	o := operation{failure: &activities.Failure{Message: "the store refuses the key"}}
	o.take("product", Counts{Parked: 2})
	require.Equal(t, "**failed:** the store refuses the key\n\n"+
		"**product: 2 parked:** `tandem jobs` lists the records that still wait, and why\n\n"+
		"**in all:** 0 created, 0 updated, 0 unchanged, 2 parked, 0 failed", o.outcome())
}

func TestOperationWithoutTroubleIsNotMarked(t *testing.T) {
	env := newOperationTest(t, [][]string{{"order"}}, wholeScan)
	marked := 0
	env.OnUpsertTypedSearchAttributes(mock.Anything).Run(func(mock.Arguments) { marked++ }).Return(nil).Maybe()
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "order"))
	require.NoError(t, env.GetWorkflowError())
	require.Zero(t, marked)
	o := operation{}
	o.take("order", Counts{Created: 10})
	require.Equal(t, "**in all:** 10 created, 0 updated, 0 unchanged, 0 parked, 0 failed", o.outcome())
}
