package db

import (
	"context"
	"time"
)

// pruneBatch bounds a delete, so that it never holds many locks or writes for long.
const pruneBatch = 5000

// PrunePolicy says how long what is kept. Zero keeps for ever.
type PrunePolicy struct {
	Logs time.Duration
	Jobs time.Duration // done and failed ones; waiting and parked ones stay. Also ends operations without jobs
	Raw  time.Duration // since it was last fetched again
}

// Pruned counts what was deleted.
type Pruned struct {
	Logs       int
	Jobs       int
	Raw        int
	Operations int
	Keys       int // expired idempotency keys
	Images     int // whose addresses for stores have ended
	Sessions   int // that have ended
	Audit      int // older than auditLife
	SignIns    int // failed attempts to sign in that count no more
	Mails      int // reports and notices that were sent or given up, as old as jobs and mailLife
	Alerts     int // that are over, of the same age
	Deliveries int // of webhooks, with the same age as jobs; waiting ones and those under way stay
}

// Prune deletes what is older than the policy allows, in batches. It may be interrupted and run again at any time.
func (d *DB) Prune(ctx context.Context, policy PrunePolicy) (Pruned, error) {
	var done Pruned
	for _, part := range []struct {
		count *int
		age   time.Duration
		query string
	}{
		{&done.Logs, policy.Logs, pruneLogs},
		{&done.Jobs, policy.Jobs, pruneJobs},
		{&done.Operations, policy.Jobs, pruneOperations},
		{&done.Raw, policy.Raw, pruneRaw},
		{&done.Keys, idempotencyLife, pruneKeys},
		{&done.Images, time.Minute, pruneOfferedImages},
		{&done.Sessions, SessionIdle, pruneSessions},
		{&done.Audit, auditLife, pruneAudit},
		{&done.SignIns, forgetFailures, pruneSignIns},
		{&done.Deliveries, policy.Jobs, pruneDeliveries},
		{&done.Mails, mailAge(policy.Jobs), pruneMails},
		{&done.Alerts, mailAge(policy.Jobs), pruneAlerts},
	} {
		if part.age == 0 {
			continue
		}
		deleted, err := d.deleteInBatches(ctx, part.query, time.Now().Add(-part.age))
		*part.count = deleted
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// mailLife is how long mails are kept at least: a report that is not known any more would be sent again while its schedule makes up for it.
const mailLife = 90 * 24 * time.Hour

// mailAge gives how long mails are kept where jobs are kept for some time.
func mailAge(jobs time.Duration) time.Duration {
	if jobs == 0 {
		return 0
	}
	return max(jobs, mailLife)
}

// Parameters of the prune queries: the time before which rows go, and how many at most. Logs grow with their ids, so
// the oldest are the first ones.
const (
	pruneLogs = `
		DELETE FROM tandem.logs WHERE at < $1 AND id IN (SELECT id FROM tandem.logs ORDER BY id LIMIT $2)`
	pruneJobs = `
		DELETE FROM tandem.queue_jobs WHERE id IN (
		  SELECT id FROM tandem.queue_jobs WHERE state IN ('done', 'failed') AND updated_at < $1 LIMIT $2)`
	pruneOperations = `
		DELETE FROM tandem.operations WHERE id IN (
		  SELECT id FROM tandem.operations o
		  WHERE state IN ('done', 'failed', 'cancelled') AND finished_at < $1
		    AND NOT EXISTS (SELECT 1 FROM tandem.queue_jobs j WHERE j.operation = o.id)
		  ORDER BY created_at LIMIT $2)`
	pruneRaw = `
		DELETE FROM tandem.raw_records WHERE (instance, entity, woo_id) IN (
		  SELECT instance, entity, woo_id FROM tandem.raw_records WHERE fetched_at < $1 ORDER BY fetched_at LIMIT $2)`
	pruneDeliveries = `
		DELETE FROM tandem.inbox WHERE id IN (
		  SELECT id FROM tandem.inbox WHERE state IN ('done', 'failed', 'parked') AND received_at < $1 AND last_at < $1 LIMIT $2)`
	pruneMails = `
		DELETE FROM tandem.report_mails WHERE id IN (SELECT id FROM tandem.report_mails WHERE ended_at < $1 LIMIT $2)`
	pruneAlerts = `
		DELETE FROM tandem.alerts WHERE id IN (SELECT id FROM tandem.alerts WHERE over_at < $1 LIMIT $2)`
	pruneSessions = `
		DELETE FROM tandem.sessions WHERE id IN (SELECT id FROM tandem.sessions WHERE last_used_at < $1 OR expires_at < now() LIMIT $2)`
	pruneAudit = `
		DELETE FROM tandem.audit WHERE at < $1 AND id IN (SELECT id FROM tandem.audit ORDER BY id LIMIT $2)`
	pruneSignIns = `
		DELETE FROM tandem.sign_in_failures WHERE email_hash IN (
		  SELECT email_hash FROM tandem.sign_in_failures WHERE last_at < $1 ORDER BY last_at LIMIT $2)`
	pruneOfferedImages = `
		DELETE FROM tandem.offered_images WHERE file IN (
		  SELECT file FROM tandem.offered_images WHERE until < $1 ORDER BY until LIMIT $2)`
	pruneKeys = `
		DELETE FROM tandem.idempotency_keys WHERE (principal, key) IN (
		  SELECT principal, key FROM tandem.idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2)`
)

// deleteInBatches repeats a delete until it finds less than a batch.
func (d *DB) deleteInBatches(ctx context.Context, query string, before time.Time) (int, error) {
	total := 0
	for {
		result, err := d.pool.ExecContext(ctx, query, before.UTC(), pruneBatch)
		if err != nil {
			return total, classify(err, "deleting old records")
		}
		rows, err := result.RowsAffected()
		total += int(rows)
		if err != nil || rows < pruneBatch {
			return total, classify(err, "deleting old records")
		}
	}
}
