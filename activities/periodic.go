package activities

import (
	"context"
	"time"

	"tandem/fault"
)

// PeriodicJob is something to do at intervals, whatever else happens.
type PeriodicJob struct {
	Name  string // stable: schedules, metrics and rows are named after it
	Title string // for people
	Every time.Duration
	Do    func(context.Context) error
}

// run does the job. A panic fails this job only.
func (j PeriodicJob) run(ctx context.Context) (err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	return j.Do(ctx)
}

// jobStore is what PeriodicJobs needs of the database.
type jobStore interface {
	RecordPeriodicJob(ctx context.Context, name string, err error) error
}

// PeriodicJobs runs periodic jobs as activities, so that they are done by one worker at a time, tried again, and seen.
type PeriodicJobs struct {
	Jobs  []PeriodicJob
	Store jobStore
}

// PeriodicJobInput names the job to run.
type PeriodicJobInput struct {
	Job string `json:"job"`
}

// RunPeriodicJob runs a job and records how that went.
func (p *PeriodicJobs) RunPeriodicJob(ctx context.Context, in PeriodicJobInput) error {
	beat := newPulse(ctx, nil)
	defer beat.stop()
	for _, job := range p.Jobs {
		if job.Name != in.Job {
			continue
		}
		err := job.run(ctx)
		if recordErr := p.Store.RecordPeriodicJob(context.WithoutCancel(ctx), job.Name, err); err == nil {
			err = recordErr
		}
		return classify(ctx, err)
	}
	return classify(ctx, fault.New(fault.NotFound, "there is no periodic job %q: this worker is of another version", in.Job))
}
