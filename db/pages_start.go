package db

import (
	"context"
	"math"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// StartPage notes that a page of records is being landed: a queue job in progress for each, one attempt more when there
// is one already, and the raw record unless the stored one is equal or newer. It is refused, with CodeSuperseded or CodeEnded,
// when the attempt no longer counts.
//
// It does not wait for the disk. When the database server crashes before FinishPage, FinishPage refuses the page as
// Unavailable and the page is read and started again.
func (d *DB) StartPage(ctx context.Context, p PageStart) (PageStarted, error) {
	p.Records = latest(p.Records, func(r flow.Record) string { return r.ID })
	var started PageStarted
	err := d.tx(ctx, "starting the page", func(tx *sqlx.Tx) (err error) {
		if _, err := tx.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
			return err
		}
		if err := checkLease(ctx, tx, p.Operation, p.Instance, p.Entity, p.Epoch); err != nil {
			return err
		}
		ids := append(collect(p.Records, func(r flow.Record) string { return r.ID }),
			collect(p.Missing, func(m flow.Missing) string { return m.ID })...)
		if err := startJobs(ctx, tx, p, ids); err != nil {
			return err
		}
		if started, err = storeRaw(ctx, tx, p); err != nil {
			return err
		}
		return announceTotal(ctx, tx, p)
	})
	return started, err
}

// startJobs makes or restarts the page's jobs, in the order of their ids so that two pages never wait for each other.
func startJobs(ctx context.Context, tx *sqlx.Tx, p PageStart, ids []string) error {
	by := identityOf(p.Direction)
	_, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.queue_jobs AS j (operation, instance, entity, direction, `+by.id+`, state, attempts)
		SELECT DISTINCT $1::uuid, $2, $3, $5, id, 'in_progress', 1 FROM unnest($4::text[]) id ORDER BY id
		ON CONFLICT `+by.unique+` DO UPDATE SET state = 'in_progress', attempts = j.attempts + 1,
		  outcome = '', code = '', reason = '', waits = '{}', started_at = now(), updated_at = now(), claimed_at = NULL`,
		p.Operation, p.Instance, p.Entity, pq.Array(ids), orImport(p.Direction))
	return err
}

// announceTotal notes how many records there are, making the progress when nobody started it. The largest number counts:
// a round that reads a few ids again after the scan says nothing about the whole.
func announceTotal(ctx context.Context, tx *sqlx.Tx, p PageStart) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.operation_progress AS p (operation, instance, entity, direction, state, total, started_at)
		VALUES ($1, $2, $3, $5, 'running', $4, now())
		ON CONFLICT (operation, instance, entity) DO UPDATE SET total = $4 WHERE $4 > p.total`,
		p.Operation, p.Instance, p.Entity, min(p.Total, math.MaxInt32), orImport(p.Direction))
	return err
}
