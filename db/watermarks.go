package db

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/flow"
)

// Position says up to where the source of an entity was read.
type Position struct {
	SeenUntil time.Time   // the watermark, by the source's clock; zero when it was never read
	Cursor    flow.Cursor // for sources that tell changes by a place of their own; nil when there is none
}

// Position returns up to where an entity was read in a direction. It is empty when it never was, and when its time lies in the
// future: nothing can be known of that.
func (d *DB) Position(ctx context.Context, instance, entity string, direction flow.Direction) (Position, error) {
	var row struct {
		SeenUntil time.Time `db:"seen_until"`
		Cursor    []byte
	}
	err := d.pool.GetContext(ctx, &row, `
		SELECT seen_until, cursor FROM tandem.positions
		WHERE instance = $1 AND entity = $2 AND direction = $3 AND seen_until <= now()`, instance, entity, direction)
	if errors.Is(err, sql.ErrNoRows) {
		return Position{}, nil
	}
	return Position{SeenUntil: row.SeenUntil.UTC(), Cursor: row.Cursor}, classify(err, "reading the watermark")
}

// Watermark says up to when an instance's records of an entity were imported, by the store's clock; zero when never.
func (d *DB) Watermark(ctx context.Context, instance, entity string) (time.Time, error) {
	at, err := d.Position(ctx, instance, entity, flow.Import)
	return at.SeenUntil, err
}

// ResetWatermarks forgets an instance's watermarks of imports, or that of one entity, and returns whose: the next import of changes
// reads everything. A scan for changes under way sets none again.
func (d *DB) ResetWatermarks(ctx context.Context, instance, entity string) ([]string, error) {
	reset := []string{}
	err := d.pool.SelectContext(ctx, &reset, `
		WITH gone AS (DELETE FROM tandem.positions
		  WHERE instance = $1 AND ($2 = '' OR entity = $2) AND direction = 'import' RETURNING entity)
		SELECT entity FROM gone ORDER BY entity`, instance, entity)
	return reset, classify(err, "resetting the watermarks")
}

// ScanEnd is a scan that was read to its end.
type ScanEnd struct {
	Position string      // whose the watermark is; empty for the entity
	Began    time.Time   // by the database's clock
	Until    time.Time   // the new watermark, by the source's clock; zero leaves it as it is
	Cursor   flow.Cursor // where the source's changes go on; nil where it has no such place
	Whole    bool        // everything was read, not only changes
	Note     string      // what people are to know of it, e.g. that the store has no such list; empty for nothing
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
		INSERT INTO tandem.positions AS w (instance, entity, direction, seen_until, scan_began, cursor)
		SELECT $1, $2, $6, least($3, now()), $4, $7::jsonb
		WHERE $5 OR EXISTS (SELECT FROM tandem.positions WHERE instance = $1 AND entity = $2 AND direction = $6)
		ON CONFLICT (instance, entity, direction) DO UPDATE SET scan_began = greatest(w.scan_began, excluded.scan_began),
		  seen_until = CASE WHEN $5 AND excluded.scan_began >= w.scan_began THEN excluded.seen_until
		    ELSE greatest(w.seen_until, excluded.seen_until) END,
		  cursor = CASE WHEN excluded.scan_began >= w.scan_began THEN excluded.cursor ELSE w.cursor END`,
		l.Instance, cmp.Or(s.Position, l.Entity), s.Until.UTC(), s.Began.UTC(), s.Whole, orImport(l.Direction), jsonOrNull(s.Cursor))
	return err
}

// jsonOrNull gives JSON as a parameter; NULL for none.
func jsonOrNull(text json.RawMessage) *string {
	if len(text) == 0 {
		return nil
	}
	value := string(text)
	return &value
}
