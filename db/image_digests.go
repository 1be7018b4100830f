package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"
)

// ImageDigest gives the digest ("sha256:…"), media type and size in bytes of a picture's content when it was last
// fetched; "" when it never was, or the store changed it since (modified).
func (d *DB) ImageDigest(ctx context.Context, url string, modified time.Time) (digest, mediaType string, size int64, err error) {
	row := d.pool.QueryRowxContext(ctx, `
		SELECT digest, type, size FROM tandem.image_digests WHERE url_hash = $1 AND modified = $2`,
		urlHash(url), modified.UTC())
	err = row.Scan(&digest, &mediaType, &size)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", 0, nil
	}
	return digest, mediaType, size, classify(err, "reading the image's digest")
}

// SetImageDigest remembers them, in place of what was known before.
func (d *DB) SetImageDigest(ctx context.Context, url string, modified time.Time, digest, mediaType string, size int64) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.image_digests (url_hash, modified, digest, type, size) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (url_hash) DO UPDATE SET modified = excluded.modified, digest = excluded.digest, type = excluded.type,
		  size = excluded.size`, urlHash(url), modified.UTC(), digest, mediaType, size)
	return classify(err, "storing the image's digest")
}

func urlHash(url string) []byte {
	sum := sha256.Sum256([]byte(url))
	return sum[:]
}
