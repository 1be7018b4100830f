package db

import (
	"context"
	"strconv"
	"time"

	"github.com/lib/pq"

	"tandem/fault"
	"tandem/flow"
)

// States of a queue job.
const (
	JobWaiting    = "waiting"     // what it was parked for has landed: it may be tried again
	JobInProgress = "in_progress" // its page is being landed
	JobDone       = "done"
	JobFailed     = "failed" // trying again unchanged will not help
	JobParked     = "parked" // waits for a person or for other records
)

// Superseded is the outcome of a job that was open when a newer job brought a result for the same record.
const Superseded = "superseded"

// Job is one record's unit of work within an operation.
type Job struct {
	ID        int64
	Operation string
	Instance  string
	Entity    string
	Direction flow.Direction
	WooID     string // empty for an export of a record that the store does not have yet
	ERPID     string // empty for an import that has not landed
	State     string // one of the Job… states
	Outcome   string // Created, Updated, Unchanged, Parked, Failed or Superseded; empty before the first result
	Code      string
	Reason    string
	Waits     []string // for JobParked: keys "instance/entity/id"
	// Differences are what of the record differs between the two sides, when a person has to choose; Subject names what that is about.
	Differences []flow.Difference
	Subject     string
	Attempts    int
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Duration    time.Duration // the record's share of its page's
}

// JobFilter picks jobs; empty fields match all.
type JobFilter struct {
	Instance  string
	Entity    string
	State     string
	Operation string
	WooID     string // needs Instance and Entity to be found fast
	Code      string // why it is parked or failed, e.g. "unknown_currency"
}

const jobColumns = `id, operation, instance, entity, direction, coalesce(woo_id, '') AS wooid, coalesce(erp_id, '') AS erpid, state, outcome, code, reason, waits, subject, differences, attempts,
	created_at AS createdat, updated_at AS updatedat, duration_us * 1000 AS duration`

// jobRow is a job whose list is read as PostgreSQL's.
type jobRow struct {
	Job
	Waits       pq.StringArray
	Differences fromJSON[[]flow.Difference]
}

func (r jobRow) job() Job {
	job := r.Job
	job.Differences = r.Differences.value
	job.Waits, job.CreatedAt, job.UpdatedAt = r.Waits, job.CreatedAt.UTC(), job.UpdatedAt.UTC()
	return job
}

// Jobs lists jobs, newest first, and gives the cursor of the rest.
func (d *DB) Jobs(ctx context.Context, f JobFilter, p Page) ([]Job, string, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	var rows []jobRow
	err = d.pool.SelectContext(ctx, &rows, `
		SELECT `+jobColumns+` FROM tandem.queue_jobs
		WHERE ($1 = '' OR instance = $1) AND ($2 = '' OR entity = $2) AND ($3 = '' OR state = $3)
		  AND ($4 = '' OR operation = nullif($4, '')::uuid) AND ($5 = '' OR woo_id = $5) AND ($6 = '' OR code = $6) AND id < $7
		ORDER BY id DESC LIMIT $8`, f.Instance, f.Entity, f.State, f.Operation, f.WooID, f.Code, before, p.size()+1)
	if err != nil {
		return nil, "", classify(err, "listing queue jobs")
	}
	rows, next := cut(rows, p.size(), func(r jobRow) string { return strconv.FormatInt(r.ID, 10) })
	return collect(rows, jobRow.job), next, nil
}

// Job gives one job; NotFound when there is none.
func (d *DB) Job(ctx context.Context, id int64) (Job, error) {
	var row jobRow
	err := d.pool.GetContext(ctx, &row, `SELECT `+jobColumns+` FROM tandem.queue_jobs WHERE id = $1`, id)
	return row.job(), named(classify(err, "reading the queue job"), fault.NotFound, "there is no queue job %d", id)
}

// InstancesWithWoken lists, by id, the instances that have jobs WokenJobs would list.
func (d *DB) InstancesWithWoken(ctx context.Context) ([]string, error) {
	ids := []string{}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT i.id FROM tandem.instances i WHERE EXISTS (
		  SELECT 1 FROM tandem.queue_jobs j WHERE j.instance = i.id AND j.state = 'waiting' AND j.claimed_at IS NULL)
		ORDER BY i.id`)
	return ids, classify(err, "listing instances with woken jobs")
}

// WokenJobs lists an instance's jobs of a direction and some entities that may be tried again and that no running operation has taken,
// oldest first.
func (d *DB) WokenJobs(ctx context.Context, direction flow.Direction, instance string, entities []string, limit int) ([]Job, error) {
	var rows []jobRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+jobColumns+` FROM tandem.queue_jobs
		WHERE instance = $1 AND direction = $4 AND state = 'waiting' AND claimed_at IS NULL AND entity = ANY($3) ORDER BY id LIMIT $2`,
		instance, limit, pq.Array(orEmpty(entities)), direction)
	return collect(rows, jobRow.job), classify(err, "listing woken jobs")
}
