package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// Watermark says up to when an instance's records of an entity were read, by the store's clock.
type Watermark struct {
	Entity    string
	SeenUntil time.Time
}

// Watermark says up to when an instance's records of an entity were read, by the store's clock; zero when never, and when it
// lies in the future: nothing can be known of that.
func (d *DB) Watermark(ctx context.Context, instance, entity string) (time.Time, error) {
	var seen time.Time
	err := d.pool.GetContext(ctx, &seen, `
		SELECT seen_until FROM tandem.watermarks WHERE instance = $1 AND entity = $2 AND seen_until <= now()`, instance, entity)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return seen.UTC(), classify(err, "reading the watermark")
}

// Watermarks lists those of an instance by entity.
func (d *DB) Watermarks(ctx context.Context, instance string) ([]Watermark, error) {
	marks := []Watermark{}
	err := d.pool.SelectContext(ctx, &marks, `
		SELECT entity, seen_until AS seenuntil FROM tandem.watermarks WHERE instance = $1 ORDER BY entity`, instance)
	for i := range marks {
		marks[i].SeenUntil = marks[i].SeenUntil.UTC()
	}
	return marks, classify(err, "listing the watermarks")
}

// ResetWatermarks forgets an instance's watermarks, or that of one entity, and returns whose: the next import of changes reads
// everything. A scan for changes under way sets none again.
func (d *DB) ResetWatermarks(ctx context.Context, instance, entity string) ([]string, error) {
	reset := []string{}
	err := d.pool.SelectContext(ctx, &reset, `
		WITH gone AS (DELETE FROM tandem.watermarks WHERE instance = $1 AND ($2 = '' OR entity = $2) RETURNING entity)
		SELECT entity FROM gone ORDER BY entity`, instance, entity)
	return reset, classify(err, "resetting the watermarks")
}

// ScanEnd is a scan that was read to its end.
type ScanEnd struct {
	Began time.Time // by the database's clock
	Until time.Time // the new watermark, by the store's clock; zero leaves it as it is
	Whole bool      // everything was read, not only changes
	Note  string    // what people are to know of it, e.g. that the store has no such list; empty for nothing
}

// CompleteScan ends the progress of an entity that was read to its end and moves its watermark, never beyond now. It goes back
// only when everything was read by a scan that began later than the one which set it: of two operations that end in any order
// the later reading counts. It is refused, with CodeSuperseded or CodeEnded, when the attempt no longer counts.
func (d *DB) CompleteScan(ctx context.Context, l Lease, s ScanEnd) error {
	return d.tx(ctx, "ending the scan", func(tx *sqlx.Tx) error {
		if err := checkLease(ctx, tx, l.Operation, l.Instance, l.Entity, l.Epoch); err != nil {
			return err
		}
		if err := moveWatermark(ctx, tx, l, s); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE tandem.operation_progress SET state = 'done', error_kind = '', error = $4, waiting = NULL,
			  finished_at = coalesce(finished_at, now())
			WHERE operation = $1 AND instance = $2 AND entity = $3`, l.Operation, l.Instance, l.Entity, s.Note)
		return err
	})
}

func moveWatermark(ctx context.Context, tx *sqlx.Tx, l Lease, s ScanEnd) error {
	if s.Until.IsZero() {
		return nil
	}
	// A scan for changes began at a watermark: when that is gone, somebody wants everything to be read.
	_, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.watermarks AS w (instance, entity, seen_until, scan_began)
		SELECT $1, $2, least($3, now()), $4
		WHERE $5 OR EXISTS (SELECT FROM tandem.watermarks WHERE instance = $1 AND entity = $2)
		ON CONFLICT (instance, entity) DO UPDATE SET scan_began = greatest(w.scan_began, excluded.scan_began),
		  seen_until = CASE WHEN $5 AND excluded.scan_began >= w.scan_began THEN excluded.seen_until
		    ELSE greatest(w.seen_until, excluded.seen_until) END`,
		l.Instance, l.Entity, s.Until.UTC(), s.Began.UTC(), s.Whole)
	return err
}
