package db

import (
	"context"

	"tandem/flow"
)

// JobGroup counts the queue jobs that need a person for the same reason.
type JobGroup struct {
	Instance  string
	Entity    string
	Direction flow.Direction
	State     string // JobParked or JobFailed
	Code      string
	Count     int
}

// jobGroupLimit bounds how many reasons are told apart: those with most jobs come first.
const jobGroupLimit = 200

// JobCounts counts jobs by state. State and code of the filter are not looked at.
func (d *DB) JobCounts(ctx context.Context, f JobFilter) (map[string]int, error) {
	return d.counts(ctx, "counting queue jobs", `
		SELECT state AS name, count(*) FROM tandem.queue_jobs
		WHERE ($1 = '' OR instance = $1) AND ($2 = '' OR entity = $2) AND ($3 = '' OR operation = nullif($3, '')::uuid)
		GROUP BY state`, f.Instance, f.Entity, f.Operation)
}

// JobGroups counts parked and failed jobs by reason, the largest group first. State and code of the filter are not looked at.
func (d *DB) JobGroups(ctx context.Context, f JobFilter) ([]JobGroup, error) {
	var groups []JobGroup
	err := d.pool.SelectContext(ctx, &groups, `
		SELECT instance, entity, direction, state, code, count(*) FROM tandem.queue_jobs
		WHERE state <> 'done' AND state IN ('parked', 'failed')
		  AND ($1 = '' OR instance = $1) AND ($2 = '' OR entity = $2) AND ($3 = '' OR operation = nullif($3, '')::uuid)
		GROUP BY instance, entity, direction, state, code
		ORDER BY count(*) DESC, instance, entity, direction, state, code LIMIT $4`, f.Instance, f.Entity, f.Operation, jobGroupLimit)
	return groups, classify(err, "counting queue jobs by reason")
}
