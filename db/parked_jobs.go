package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// takeLimit bounds how many woken jobs one operation takes.
const takeLimit = 1000

// A record may park for a key at the very moment that key lands: each page would miss the other's rows. Pages that park
// something therefore exclude all others of their instance while they finish; pages that only land share the lock.
const (
	lockLanding = `SELECT pg_advisory_xact_lock_shared(hashtextextended('tandem waits ' || $1, 0))`
	lockParking = `SELECT pg_advisory_xact_lock(hashtextextended('tandem waits ' || $1, 0))`
)

func lockWaits(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	lock := lockLanding
	for _, r := range p.Results {
		if len(r.Outcome.Waits) > 0 {
			lock = lockParking
		}
	}
	_, err := tx.ExecContext(ctx, lock, p.Instance)
	return err
}

// wakeAndWait registers what this page's parked jobs wait for, and wakes the jobs, its own too, that waited for what it
// landed. A job is also woken when a record it waits for landed since it was started: it may have been mapped just before
// that.
func wakeAndWait(ctx context.Context, tx *sqlx.Tx, p PageResult, jobs []finishedJob) error {
	parked := parkedJobs(p.Results, jobs)
	if err := registerWaits(ctx, tx, parked); err != nil {
		return err
	}
	if _, err := wakeKeys(ctx, tx, p.Instance, landedKeys(p.Results)); err != nil {
		return err
	}
	if err := wakeRuns(ctx, tx, p); err != nil {
		return err
	}
	return releaseIfLandedMeanwhile(ctx, tx, p.Instance, parked)
}

// landedKeys gives the keys that exist now: those of the records, unless they were refused, and those that came with them.
func landedKeys(results []flow.Result) []string {
	var keys []flow.Key
	for _, r := range results {
		if r.Outcome.Landed() && r.Outcome.Key.ID != "" {
			keys = append(keys, r.Outcome.Key)
		}
		keys = append(keys, r.Outcome.Also...)
	}
	return keyTexts(keys)
}

// wakeKeys looks first, since nearly always nothing waits. OFFSET 0 keeps the look-up one key at a time.
func wakeKeys(ctx context.Context, tx *sqlx.Tx, instance string, keys []string) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	var waiting []int64
	err := tx.SelectContext(ctx, &waiting, `
		SELECT w.job FROM unnest($1::text[]) k
		CROSS JOIN LATERAL (SELECT job FROM tandem.job_waits WHERE key = k OFFSET 0) w`, pq.Array(keys))
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE tandem.queue_jobs SET state = 'waiting', woken_at = now(), claimed_at = NULL, updated_at = now()
		WHERE id = ANY ($1) AND instance = $2 AND state = 'parked'`, pq.Array(waiting), instance)
	if err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM tandem.job_waits WHERE job = ANY ($1) AND key = ANY ($2)`,
		pq.Array(waiting), pq.Array(keys)); err != nil {
		return 0, err
	}
	woken, err := result.RowsAffected()
	return int(woken), err
}

// registerWaits makes parked jobs findable by what they wait for.
func registerWaits(ctx context.Context, tx *sqlx.Tx, parked []int64) error {
	if len(parked) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.job_waits (key, job)
		SELECT DISTINCT k, j.id FROM tandem.queue_jobs j, unnest(j.waits) k WHERE j.id = ANY ($1) ORDER BY 1, 2
		ON CONFLICT DO NOTHING`, pq.Array(parked))
	return err
}

// releaseIfLandedMeanwhile wakes the parked jobs whose wait may have ended between their mapping and now. Of a record without a link of its
// own, such as a variation, it is not known whether it landed: its jobs are woken once when anything of the entity did, and
// not with every page that lands while they wait.
func releaseIfLandedMeanwhile(ctx context.Context, tx *sqlx.Tx, instance string, parked []int64) error {
	if len(parked) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.queue_jobs j SET state = 'waiting', woken_at = now(), claimed_at = NULL
		WHERE j.id = ANY ($1) AND j.state = 'parked' AND EXISTS (
		  SELECT 1 FROM unnest(j.waits) k
		  JOIN tandem.links l ON l.instance = $2 AND l.entity = split_part(k, '/', 2) AND l.woo_id = split_part(k, '/', 3)
		  WHERE greatest(l.created_at, l.last_synced_at) >= j.started_at
		  UNION ALL
		  SELECT 1 FROM unnest(j.waits) k
		  JOIN tandem.operation_progress p ON p.instance = $2 AND p.entity = split_part(k, '/', 2) AND p.landed_at >= j.started_at
		  WHERE j.woken_at IS NULL AND NOT EXISTS (SELECT FROM tandem.links l
		    WHERE l.instance = $2 AND l.entity = split_part(k, '/', 2) AND l.woo_id = split_part(k, '/', 3)))`,
		pq.Array(parked), instance)
	return err
}

// parkedJobs lists the jobs that wait for other records.
func parkedJobs(results []flow.Result, jobs []finishedJob) []int64 {
	waits := make(map[string]bool)
	for _, r := range results {
		waits[r.Record.ID] = r.Outcome.Status == flow.Parked && len(r.Outcome.Waits) > 0
	}
	var parked []int64
	for _, job := range jobs {
		if waits[job.Record] {
			parked = append(parked, job.ID)
		}
	}
	return parked
}

// Wake moves the parked jobs of an instance that wait for any of the keys to waiting, and says how many there were. It
// is for what a person solved by hand, such as a mapping; landed pages wake by themselves.
func (d *DB) Wake(ctx context.Context, instance string, keys []string) (woken int, err error) {
	err = d.tx(ctx, "waking parked jobs", func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, lockLanding, instance); err != nil {
			return err
		}
		woken, err = wakeKeys(ctx, tx, instance, keys)
		return err
	})
	return woken, err
}

// Claimant is an operation that takes the woken jobs of an instance.
type Claimant struct {
	Operation string
	Instance  string
	Direction flow.Direction // empty is flow.Import
	Entities  []string       // those that it may take
}

// ClaimReadyJobs hands woken jobs to an operation of their direction, at most 1,000, and gives the ids of their records, those of
// its source, by entity. The jobs belong to that operation from then on. Jobs another running operation has taken are left to it. Asking
// again gives the same jobs until they are started.
func (d *DB) ClaimReadyJobs(ctx context.Context, c Claimant) (map[string][]string, error) {
	const doing = "taking woken jobs"
	var taken []struct {
		Entity string `db:"entity"`
		ID     string `db:"id"`
	}
	by := identityOf(c.Direction)
	err := d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		if err := claimWoken(ctx, tx, c); err != nil {
			return err
		}
		return tx.SelectContext(ctx, &taken, `
			SELECT entity, `+by.id+` AS id FROM tandem.queue_jobs
			WHERE instance = $2 AND state = 'waiting' AND operation = $1 ORDER BY id LIMIT $3`, c.Operation, c.Instance, takeLimit)
	})
	ids := make(map[string][]string)
	for _, job := range taken {
		ids[job.Entity] = append(ids[job.Entity], job.ID)
	}
	return ids, err
}

// claimWoken gives the operation all it may still take. A record the operation already has a job for stays behind.
func claimWoken(ctx context.Context, tx *sqlx.Tx, c Claimant) error {
	by := identityOf(c.Direction)
	_, err := tx.ExecContext(ctx, `
		WITH room AS (
		  SELECT $3 - count(*) AS jobs FROM tandem.queue_jobs WHERE instance = $2 AND state = 'waiting' AND operation = $1
		), free AS (
		  SELECT j.id FROM tandem.queue_jobs j
		  WHERE j.instance = $2 AND j.direction = $5 AND j.state = 'waiting' AND j.claimed_at IS NULL AND j.operation <> $1 AND j.entity = ANY($4) AND NOT EXISTS (
		    SELECT 1 FROM tandem.queue_jobs own
		    WHERE own.instance = $2 AND own.entity = j.entity AND own.`+by.id+` = j.`+by.id+` AND own.operation = $1)
		  ORDER BY j.id LIMIT (SELECT greatest(jobs, 0) FROM room) FOR UPDATE SKIP LOCKED
		)
		UPDATE tandem.queue_jobs j SET operation = $1, counted = '', claimed_at = now(), updated_at = now()
		FROM free WHERE j.id = free.id`, c.Operation, c.Instance, takeLimit, pq.Array(orEmpty(c.Entities)), orImport(c.Direction))
	return err
}
