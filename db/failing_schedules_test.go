package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A schedule fails when its last runs failed, and not for one of many.
func TestFailingSchedules(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	orders, err := d.CreateSchedule(t.Context(), Schedule{Instance: "demo", Kind: OrderImport, Every: 5 * time.Minute, Active: true})
	require.NoError(t, err)
	nightly, err := d.CreateSchedule(t.Context(), Schedule{Instance: "demo", Kind: "catalogue_import", Every: 24 * time.Hour, Active: true})
	require.NoError(t, err)
	run := func(s Schedule, state, message string) {
		t.Helper()
		op, _, err := d.CreateOperation(t.Context(), Operation{
			Kind: "import", Direction: "import", Instances: []string{"demo"}, Entities: []string{"order"}, Trigger: "schedule", RequestedBy: s.ID})
		require.NoError(t, err)
		require.NoError(t, d.SetOperationState(t.Context(), op.ID, state, "invalid", message))
	}
	failing := func() []FailingSchedule {
		t.Helper()
		found, err := d.FailingSchedules(t.Context(), "demo")
		require.NoError(t, err)
		return found
	}
	require.Empty(t, failing())
	run(orders, OperationDone, "")
	run(orders, OperationFailed, "the store has moved")
	run(nightly, OperationFailed, "the list cannot be read")
	require.Equal(t, []FailingSchedule{{"catalogue_import", "the list cannot be read"}}, failing())
	run(orders, OperationFailed, "the store has moved again")
	require.Equal(t, []FailingSchedule{{"catalogue_import", "the list cannot be read"}, {OrderImport, "the store has moved again"}}, failing())
	run(orders, OperationRunning, "")
	require.Len(t, failing(), 2, "a run under way says nothing yet")
	run(orders, OperationDone, "")
	nightly.Active = false
	_, err = d.UpdateSchedule(t.Context(), nightly)
	require.NoError(t, err)
	require.Empty(t, failing())
}
