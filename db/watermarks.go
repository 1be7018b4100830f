package db

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Watermark says up to when an instance's records of an entity were read, by the store's clock; zero when never.
func (d *DB) Watermark(ctx context.Context, instance, entity string) (time.Time, error) {
	var seen time.Time
	err := d.pool.GetContext(ctx, &seen, `
		SELECT seen_until FROM tandem.watermarks WHERE instance = $1 AND entity = $2`, instance, entity)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return seen.UTC(), classify(err, "reading the watermark")
}

// SetWatermark moves a watermark forward. It never goes back: of two operations that end in any order the later reading
// counts.
func (d *DB) SetWatermark(ctx context.Context, instance, entity string, seenUntil time.Time) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.watermarks AS w (instance, entity, seen_until) VALUES ($1, $2, $3)
		ON CONFLICT (instance, entity) DO UPDATE SET seen_until = greatest(w.seen_until, excluded.seen_until)`,
		instance, entity, seenUntil.UTC())
	return classify(err, "moving the watermark")
}
