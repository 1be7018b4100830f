package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestSchedules(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	newInstance(t, d, "other")

	created, err := d.CreateSchedule(t.Context(), Schedule{Instance: "demo", Kind: OrderImport, Every: 15 * time.Minute, Active: true})
	require.NoError(t, err)
	require.Equal(t, 15*time.Minute, created.Every)
	requireRecent(t, created.CreatedAt)

	created.Every, created.Active, created.Note = time.Hour, false, "the store refuses the key"
	updated, err := d.UpdateSchedule(t.Context(), created)
	require.NoError(t, err)
	got, err := d.Schedule(t.Context(), created.ID)
	require.NoError(t, err)
	require.Equal(t, updated, got)
	created.UpdatedAt = got.UpdatedAt
	require.Equal(t, created, got)

	other, err := d.CreateSchedule(t.Context(), Schedule{Instance: "other", Kind: OrderImport, Every: time.Minute})
	require.NoError(t, err)
	for instance, want := range map[string][]Schedule{"": {got, other}, "other": {other}, "missing": {}} {
		list, err := d.Schedules(t.Context(), instance)
		require.NoError(t, err)
		require.Equal(t, want, list, instance)
	}

	require.NoError(t, d.DeleteSchedule(t.Context(), created.ID))
	requireKind(t, fault.NotFound, d.DeleteSchedule(t.Context(), created.ID))
	_, err = d.Schedule(t.Context(), created.ID)
	requireKind(t, fault.NotFound, err)
	_, err = d.UpdateSchedule(t.Context(), created)
	requireKind(t, fault.NotFound, err)
}

func TestScheduleRefuses(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	good := Schedule{Instance: "demo", Kind: OrderImport, Every: time.Minute}
	_, err := d.CreateSchedule(t.Context(), good)
	require.NoError(t, err)

	_, err = d.CreateSchedule(t.Context(), good)
	requireKind(t, fault.Conflict, err)
	good.Instance = "missing"
	_, err = d.CreateSchedule(t.Context(), good)
	requireKind(t, fault.Conflict, err)
	good.Instance, good.Kind, good.Every = "demo", "other", 0
	_, err = d.CreateSchedule(t.Context(), good)
	requireKind(t, fault.Invalid, err)
	_, err = d.Schedule(t.Context(), "not-a-uuid")
	requireKind(t, fault.Invalid, err)
}
