package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
)

// PeriodicJobType is the workflow type of what workers do from time to time, each started by a Temporal schedule.
const PeriodicJobType = "PeriodicJob"

const periodicPrefix = "tandem-periodic/"

// PeriodicScheduleID is the Temporal schedule of a periodic job. Unlike those of IsScheduleID, nobody configures it.
func PeriodicScheduleID(job string) string { return periodicPrefix + job }

// PeriodicJobID is what the workflows of a periodic job are called; the time each was due is added to it.
func PeriodicJobID(job string) string { return "periodic/" + job }

var periodicActs *activities.PeriodicJobs

// PeriodicJob runs a job once. It fails after a few tries, for people to see; the next run follows all the same.
func PeriodicJob(ctx workflow.Context, in activities.PeriodicJobInput) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueControl,
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    45 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 5 * time.Second, BackoffCoefficient: 2, MaximumAttempts: 3},
		Summary:             in.Job,
	})
	return workflow.ExecuteActivity(ctx, periodicActs.RunPeriodicJob, in).Get(ctx, nil)
}
