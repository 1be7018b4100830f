package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// JobSelection picks parked and failed jobs of one instance. Empty fields match all.
type JobSelection struct {
	Instance  string
	Direction flow.Direction // empty is flow.Import
	States    []string       // JobParked and JobFailed
	Entity    string
	Codes     []string // reasons, e.g. "unknown_currency"
	Operation string
}

// pick is the condition of a selection. Superseded jobs are done, so a record is picked by its newest job only.
const pick = `
	FROM tandem.queue_jobs j
	WHERE j.instance = $1 AND j.direction = $6 AND j.state = ANY ($2) AND j.state IN ('parked', 'failed') AND ($3 = '' OR j.entity = $3)
	  AND (cardinality($4::text[]) = 0 OR j.code = ANY ($4)) AND ($5 = '' OR j.operation = nullif($5, '')::uuid)
	  AND NOT EXISTS (SELECT 1 FROM tandem.queue_jobs newer
	    WHERE newer.instance = j.instance AND newer.entity = j.entity AND newer.direction = j.direction AND newer.id > j.id
	      AND CASE j.direction WHEN 'import' THEN newer.woo_id = j.woo_id ELSE newer.erp_id = j.erp_id END)`

func (s JobSelection) args() []any {
	return []any{s.Instance, pq.Array(orEmpty(s.States)), s.Entity, pq.Array(orEmpty(s.Codes)), s.Operation, orImport(s.Direction)}
}

// CountJobs counts the jobs that WakeJobs would wake.
func (d *DB) CountJobs(ctx context.Context, s JobSelection) (int, error) {
	var n int
	err := d.pool.GetContext(ctx, &n, `SELECT count(*)`+pick, s.args()...)
	return n, classify(err, "counting queue jobs")
}

// WakeJobs moves the picked jobs to waiting, in one statement: what parks later is not among them. It says how many there
// were.
func (d *DB) WakeJobs(ctx context.Context, s JobSelection) (woken int, err error) {
	return d.WakeJobsFor(ctx, s, orImport(s.Direction))
}

// WakeJobsFor is WakeJobs for jobs that go on in another direction: a person chose whose values are written. They must have both ids.
func (d *DB) WakeJobsFor(ctx context.Context, s JobSelection, direction flow.Direction) (woken int, err error) {
	const doing = "waking queue jobs"
	err = d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, lockLanding, s.Instance); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `
			UPDATE tandem.queue_jobs SET direction = $7, state = 'waiting', woken_at = now(), claimed_at = NULL, updated_at = now()
			WHERE id IN (SELECT j.id`+pick+` AND (j.direction = $7 OR j.woo_id <> '' AND j.erp_id <> '') FOR UPDATE OF j SKIP LOCKED)`,
			append(s.args(), direction)...)
		if err != nil {
			return err
		}
		rows, err := result.RowsAffected()
		woken = int(rows)
		return err
	})
	return woken, err
}
