package entity

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Digests remembers what the images of a store are, so that a later import need not fetch their bytes again. An image
// is known by its address and the time the store says it was changed (UTC). Errors are classified with package fault.
// The parameters are plain, so that a database can implement it without knowing this package.
type Digests interface {
	// ImageDigest gives the digest ("sha256:…"), media type and size in bytes of an image; "" when it is unknown.
	ImageDigest(ctx context.Context, url string, modified time.Time) (digest, mediaType string, size int64, err error)
	// SetImageDigest remembers them.
	SetImageDigest(ctx context.Context, url string, modified time.Time, digest, mediaType string, size int64) error
}

// cachedDigests bounds the memory of CacheDigests to about 16 MiB.
const cachedDigests = 1 << 16

type imageKey struct {
	url      string
	modified int64 // Unix seconds: the store knows no finer ones
}

// digestCache answers from memory what was asked or set before. Entries never go stale: new bytes come with a new
// address or a new date.
type digestCache struct {
	Digests
	recent *lru.Cache[imageKey, picture]
}

// CacheDigests puts a memory of recent images before slower Digests. Make one per process. It is safe for concurrent use.
func CacheDigests(behind Digests) Digests {
	recent, err := lru.New[imageKey, picture](cachedDigests)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &digestCache{Digests: behind, recent: recent}
}

func (c *digestCache) ImageDigest(ctx context.Context, url string, modified time.Time) (digest, mediaType string, size int64, err error) {
	key := imageKey{url, modified.Unix()}
	if pic, ok := c.recent.Get(key); ok {
		return pic.digest, pic.mediaType, pic.size, nil
	}
	digest, mediaType, size, err = c.Digests.ImageDigest(ctx, url, modified)
	if err == nil && digest != "" {
		c.recent.Add(key, picture{digest, mediaType, size})
	}
	return digest, mediaType, size, err
}

func (c *digestCache) SetImageDigest(ctx context.Context, url string, modified time.Time, digest, mediaType string, size int64) error {
	if err := c.Digests.SetImageDigest(ctx, url, modified, digest, mediaType, size); err != nil {
		return err
	}
	c.recent.Add(imageKey{url, modified.Unix()}, picture{digest, mediaType, size})
	return nil
}
