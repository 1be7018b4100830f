package db

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/lib/pq"
)

// ImageDigests reports to found, by their place in the list, the digest ("sha256:…"), media type and size in bytes of the
// pictures that were fetched before and that the store has not changed since (modified).
func (d *DB) ImageDigests(ctx context.Context, urls []string, modified []time.Time, found func(i int, digest, mediaType string, size int64)) error {
	var rows []struct {
		Place  int
		Digest string
		Type   string
		Size   int64
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT i.place - 1 AS place, known.digest, known.type, known.size
		FROM unnest($1::bytea[], $2::timestamptz[]) WITH ORDINALITY AS i (url_hash, modified, place)
		JOIN tandem.image_digests known USING (url_hash, modified)`,
		pq.ByteaArray(collect(urls, urlHash)),
		pq.StringArray(collect(modified, func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) })))
	for _, row := range rows {
		found(row.Place, row.Digest, row.Type, row.Size)
	}
	return classify(err, "reading the digests of images")
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
