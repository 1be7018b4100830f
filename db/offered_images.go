package db

import (
	"context"
	"time"
)

// expiredAtOnce bounds how many images whose addresses have ended are removed when another is offered.
const expiredAtOnce = 10

// OfferImage keeps a file for stores to fetch until a time, and removes some that no store may fetch any more.
func (d *DB) OfferImage(ctx context.Context, file string, content []byte, until time.Time) error {
	_, err := d.pool.ExecContext(ctx, `
		WITH expired AS (
		  DELETE FROM tandem.offered_images WHERE file IN (
		    SELECT file FROM tandem.offered_images WHERE until < now() AND file <> $1 ORDER BY until LIMIT $4 FOR UPDATE SKIP LOCKED)
		)
		INSERT INTO tandem.offered_images (file, content, until) VALUES ($1, $2, $3)
		ON CONFLICT (file) DO UPDATE SET content = excluded.content, until = greatest(offered_images.until, excluded.until), offered_at = now()`,
		file, content, until.UTC(), expiredAtOnce)
	return classify(err, "keeping an image for stores")
}

// OfferedImage gives the bytes of a file that stores may fetch. NotFound when there is none, or not any more.
func (d *DB) OfferedImage(ctx context.Context, file string) ([]byte, error) {
	var content []byte
	err := d.pool.GetContext(ctx, &content, `SELECT content FROM tandem.offered_images WHERE file = $1 AND until > now()`, file)
	return content, classify(err, "reading an image for a store")
}

// NoteImageFetched notes that a file was fetched.
func (d *DB) NoteImageFetched(ctx context.Context, file string) error {
	_, err := d.pool.ExecContext(ctx, `UPDATE tandem.offered_images SET fetched_at = clock_timestamp() WHERE file = $1`, file)
	return classify(err, "noting that an image was fetched")
}

// ImageFetched reports whether a file was fetched since it was offered last.
func (d *DB) ImageFetched(ctx context.Context, file string) (bool, error) {
	var fetched bool
	err := d.pool.GetContext(ctx, &fetched, `
		SELECT coalesce(bool_or(fetched_at >= offered_at), false) FROM tandem.offered_images WHERE file = $1`, file)
	return fetched, classify(err, "asking whether an image was fetched")
}
