package db

import (
	"context"
	"database/sql"
	"time"

	"tandem/fault"
)

// PeriodicJob is how a job that workers do from time to time went last.
type PeriodicJob struct {
	Name        string
	RanAt       time.Time
	SucceededAt time.Time // zero when it never did
	Failures    int       // in a row
	Error       string    // of the last try
}

// RecordPeriodicJob notes how a try at a periodic job went; err is nil when it succeeded.
func (d *DB) RecordPeriodicJob(ctx context.Context, name string, err error) error {
	message := ""
	if err != nil {
		message = fault.From(err).Error()
	}
	_, stored := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.periodic_jobs AS p (name, succeeded_at, failures, error)
		VALUES ($1, CASE WHEN $2 THEN now() END, CASE WHEN $2 THEN 0 ELSE 1 END, $3)
		ON CONFLICT (name) DO UPDATE SET ran_at = now(), succeeded_at = coalesce(excluded.succeeded_at, p.succeeded_at),
		  failures = CASE WHEN $2 THEN 0 ELSE p.failures + 1 END, error = excluded.error`, name, err == nil, message)
	return classify(stored, "recording a periodic job")
}

// PeriodicJobs lists how each periodic job went last, ordered by name.
func (d *DB) PeriodicJobs(ctx context.Context) ([]PeriodicJob, error) {
	var rows []struct {
		Name        string
		RanAt       time.Time    `db:"ran_at"`
		SucceededAt sql.NullTime `db:"succeeded_at"`
		Failures    int
		Error       string
	}
	err := d.pool.SelectContext(ctx, &rows, `SELECT name, ran_at, succeeded_at, failures, error FROM tandem.periodic_jobs ORDER BY name`)
	jobs := make([]PeriodicJob, len(rows))
	for i, r := range rows {
		jobs[i] = PeriodicJob{Name: r.Name, RanAt: r.RanAt.UTC(), SucceededAt: utc(r.SucceededAt), Failures: r.Failures, Error: r.Error}
	}
	return jobs, classify(err, "listing periodic jobs")
}
