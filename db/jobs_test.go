package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestJobsFilterAndPage(t *testing.T) {
	d := newDB(t)
	first, second := newOperation(t, d, "tag"), newOperation(t, d, "tag")
	landPage(t, d, first, "tag", Created, "1")
	landPage(t, d, first, "tag", Failed, "2")
	landPage(t, d, first, "brand", Created, "1")
	landPage(t, d, second, "tag", Parked, "3")
	startPage(t, d, second, "tag", "4")

	for name, tt := range map[string]struct {
		filter JobFilter
		want   []string // entity/record, newest first
	}{
		"all":                  {JobFilter{}, []string{"tag/4", "tag/3", "brand/1", "tag/2", "tag/1"}},
		"instance":             {JobFilter{Instance: "demo"}, []string{"tag/4", "tag/3", "brand/1", "tag/2", "tag/1"}},
		"another instance":     {JobFilter{Instance: "other"}, nil},
		"entity":               {JobFilter{Instance: "demo", Entity: "brand"}, []string{"brand/1"}},
		"state":                {JobFilter{State: JobDone}, []string{"brand/1", "tag/1"}},
		"open state":           {JobFilter{Instance: "demo", State: JobParked}, []string{"tag/3"}},
		"operation":            {JobFilter{Operation: second}, []string{"tag/4", "tag/3"}},
		"operation and state":  {JobFilter{Operation: second, State: JobInProgress}, []string{"tag/4"}},
		"record":               {JobFilter{Instance: "demo", Entity: "tag", WooID: "1"}, []string{"tag/1"}},
		"record of any entity": {JobFilter{WooID: "1"}, []string{"brand/1", "tag/1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := everyPage(t, 2, func(p Page) ([]Job, string, error) { return d.Jobs(t.Context(), tt.filter, p) },
				func(j Job) string { return j.Entity + "/" + j.WooID })
			require.Equal(t, tt.want, got)
		})
	}
}

func TestJob(t *testing.T) {
	d := newDB(t)
	landPage(t, d, newOperation(t, d, "tag"), "tag", Failed, "1")
	jobs, _, err := d.Jobs(t.Context(), JobFilter{}, Page{})
	require.NoError(t, err)

	job, err := d.Job(t.Context(), jobs[0].ID)
	require.NoError(t, err)
	require.Equal(t, jobs[0], job)
	require.Equal(t, "what is wrong", job.Reason)
	requireRecent(t, job.CreatedAt)

	_, err = d.Job(t.Context(), job.ID+1)
	requireKind(t, fault.NotFound, err)
	_, _, err = d.Jobs(t.Context(), JobFilter{Operation: "not-a-uuid"}, Page{})
	requireKind(t, fault.Invalid, err)
}
