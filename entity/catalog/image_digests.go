package catalog

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"tandem/entity/mapping"
)

// cachedDigests bounds the memory of CacheDigests to about 16 MiB.
const cachedDigests = 1 << 16

type imageKey struct {
	url      string
	modified int64 // Unix seconds: the store knows no finer ones
}

func keyOfImage(url string, modified time.Time) imageKey { return imageKey{url, modified.Unix()} }

// imageList is images by what they are known by.
type imageList struct {
	urls     []string
	modified []time.Time
}

func (l *imageList) add(url string, modified time.Time) {
	l.urls, l.modified = append(l.urls, url), append(l.modified, modified)
}

func (l *imageList) key(i int) imageKey { return keyOfImage(l.urls[i], l.modified[i]) }

// digestCache answers from memory what was asked or set before. Entries never go stale: new bytes come with a new
// address or a new date.
type digestCache struct {
	mapping.Digests
	recent *lru.Cache[imageKey, picture]
}

// CacheDigests puts a memory of recent images before slower Digests. Make one per process. It is safe for concurrent use.
func CacheDigests(behind mapping.Digests) mapping.Digests {
	recent, err := lru.New[imageKey, picture](cachedDigests)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &digestCache{Digests: behind, recent: recent}
}

func (c *digestCache) ImageDigests(ctx context.Context, urls []string, modified []time.Time, found func(i int, digest, mediaType string, size int64)) error {
	var unknown imageList
	var places []int
	for i, url := range urls {
		if pic, ok := c.recent.Get(keyOfImage(url, modified[i])); ok {
			found(i, pic.digest, pic.mediaType, pic.size)
			continue
		}
		unknown.add(url, modified[i])
		places = append(places, i)
	}
	if len(places) == 0 {
		return nil
	}
	return c.Digests.ImageDigests(ctx, unknown.urls, unknown.modified, func(i int, digest, mediaType string, size int64) {
		c.recent.Add(unknown.key(i), picture{digest: digest, mediaType: mediaType, size: size})
		found(places[i], digest, mediaType, size)
	})
}

func (c *digestCache) SetImageDigest(ctx context.Context, url string, modified time.Time, digest, mediaType string, size int64) error {
	if err := c.Digests.SetImageDigest(ctx, url, modified, digest, mediaType, size); err != nil {
		return err
	}
	c.recent.Add(keyOfImage(url, modified), picture{digest: digest, mediaType: mediaType, size: size})
	return nil
}
