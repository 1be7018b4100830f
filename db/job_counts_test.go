package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestJobsAreCountedByStateAndReason(t *testing.T) {
	d := newDB(t)
	first, second := newOperation(t, d, "tag"), newOperation(t, d, "tag")
	landPage(t, d, first, "tag", Created, "1", "5")
	landPage(t, d, first, "tag", Failed, "2")
	landPage(t, d, first, "brand", Parked, "1", "2")
	landPage(t, d, second, "tag", Parked, "3")

	counts, err := d.JobCounts(t.Context(), JobFilter{})
	require.NoError(t, err)
	require.Equal(t, map[string]int{JobDone: 2, JobFailed: 1, JobParked: 3}, counts)
	counts, err = d.JobCounts(t.Context(), JobFilter{Instance: "demo", Entity: "tag", Operation: second})
	require.NoError(t, err)
	require.Equal(t, map[string]int{JobParked: 1}, counts)

	groups, err := d.JobGroups(t.Context(), JobFilter{})
	require.NoError(t, err)
	require.Len(t, groups, 3)
	require.Equal(t, 2, groups[0].Count, "the largest comes first")
	require.Equal(t, "brand", groups[0].Entity)
	groups, err = d.JobGroups(t.Context(), JobFilter{Instance: "other"})
	require.NoError(t, err)
	require.Empty(t, groups)

	_, err = d.JobGroups(t.Context(), JobFilter{Operation: "not-a-uuid"})
	requireKind(t, fault.Invalid, err)
}
