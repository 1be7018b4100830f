package db

import "context"

// FailingSchedule is a schedule whose runs fail as a whole, such as those of a store that has moved.
type FailingSchedule struct {
	Kind  string
	Error string // of the last run
}

// FailingSchedules gives the active schedules of an instance whose last run failed as a whole; of one that runs every hour or more often, the
// last two. What fails for a passing reason is retried within its run.
func (d *DB) FailingSchedules(ctx context.Context, instance string) ([]FailingSchedule, error) {
	failing := []FailingSchedule{}
	err := d.pool.SelectContext(ctx, &failing, `
		SELECT s.kind, r.error
		FROM (
		  SELECT id, kind, CASE WHEN calendar IS NULL AND every_s <= 3600 THEN 2 ELSE 1 END AS runs,
		    now() - CASE WHEN calendar IS NULL THEN greatest(3 * every_s, 7200) ELSE 8 * 86400 END * interval '1 second' AS since
		  FROM tandem.schedules WHERE instance = $1 AND active) s
		CROSS JOIN LATERAL (
		  SELECT count(*) AS runs, bool_and(o.state = 'failed') AS failed, (array_agg(o.error ORDER BY o.created_at DESC, o.id DESC))[1] AS error
		  FROM (
		    SELECT state, error, created_at, id FROM tandem.operations
		    WHERE created_at > s.since AND trigger = 'schedule' AND requested_by = s.id::text AND state IN ('done', 'failed')
		    ORDER BY created_at DESC, id DESC LIMIT s.runs) o) r
		WHERE r.runs = s.runs AND r.failed ORDER BY s.kind`, instance)
	return failing, classify(err, "looking for schedules that fail")
}
