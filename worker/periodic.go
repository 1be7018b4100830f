package worker

import (
	"context"
	"errors"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"tandem/activities"
	"tandem/db"
	"tandem/workflows"
)

// periodicJobs lists what is done from time to time, beside what people and schedules ask for. Each job is started by a
// Temporal schedule, so that one worker does it at a time, and it is seen, tried again and counted.
func (w *Worker) periodicJobs() []activities.PeriodicJob {
	return []activities.PeriodicJob{
		{Name: "start-waiting-work", Title: "Start operations and sale workflows that wait", Every: 15 * time.Second, Do: w.startWaiting},
		{Name: "read-deliveries", Title: "Read what webhooks reported and nobody has read yet", Every: 15 * time.Second, Do: w.readDeliveries},
		{Name: "process-woken-records", Title: "Process parked records and blocked orders whose obstacle is gone", Every: time.Minute, Do: w.processWoken},
		{Name: "check-links", Title: "Look for records that were changed in the ERP", Every: 45 * time.Second, Do: w.checkLinks},
		{Name: "heal-operations", Title: "Settle operations whose workflow is gone", Every: time.Minute, Do: w.healOperations},
		{Name: "heal-orders", Title: "Settle orders whose workflow is gone", Every: 2 * time.Minute, Do: w.healOrders},
		{Name: "apply-schedules", Title: "Make Temporal's schedules what is configured", Every: 2 * time.Minute, Do: w.schedules.Reconcile},
		{Name: "check-erps", Title: "Check the ERPs' keys and rights", Every: 15 * time.Minute, Do: w.checkERPs},
		{Name: "watch-webhooks", Title: "Mend webhooks that stores have disabled or lost", Every: 2 * time.Minute, Do: w.watchWebhooks},
		{Name: "sweep-refunds", Title: "Look for refunds that stores deleted", Every: 24 * time.Hour, Do: w.sweepRefunds},
		{Name: "count-sales", Title: "Make what landed before there were reports count", Every: time.Hour, Do: w.countSales},
		{Name: "tell-alerts", Title: "Tell people by e-mail what is wrong, and when it is over", Every: 5 * time.Minute, Do: w.tellAlerts},
		{Name: "prune", Title: "Delete old logs, jobs, deliveries and raw records", Every: time.Hour, Do: w.prune},
	}
}

// startWaiting starts what was accepted but never began.
func (w *Worker) startWaiting(ctx context.Context) error {
	return errors.Join(w.startOrphanedOperations(ctx), w.startDue(ctx))
}

// processWoken takes up what waited for records that landed, and refunds that waited for their orders.
func (w *Worker) processWoken(ctx context.Context) error {
	_, err := w.db.WakeHeldRefunds(ctx)
	return errors.Join(err, w.startWoken(ctx), w.wakeOrders(ctx))
}

// prune deletes what is older than it may be.
func (w *Worker) prune(ctx context.Context) error {
	if w.options.Keep < 0 {
		return nil
	}
	_, err := w.db.Prune(ctx, db.PrunePolicy{Logs: w.options.Keep, Jobs: w.options.Keep, Raw: w.options.Keep})
	return err
}

// schedulePeriodicJobs makes Temporal start the periodic jobs. It reports whether any had to be scheduled: Temporal is new,
// or has lost its data.
func (w *Worker) schedulePeriodicJobs(ctx context.Context) (created bool, err error) {
	for _, job := range w.periodicJobs() {
		_, err := w.temporal.ScheduleClient().Create(ctx, client.ScheduleOptions{
			ID:   workflows.PeriodicScheduleID(job.Name),
			Spec: client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: job.Every}}},
			Action: &client.ScheduleWorkflowAction{
				ID: workflows.PeriodicJobID(job.Name), Workflow: workflows.PeriodicJobType, TaskQueue: workflows.QueueControl,
				Args: []any{activities.PeriodicJobInput{Job: job.Name}}, StaticSummary: job.Title,
			},
			Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: catchUp, TriggerImmediately: true, Note: job.Title,
		})
		if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
			continue
		}
		if err != nil {
			return created, unavailable(err, "create")
		}
		created = true
	}
	return created, nil
}
