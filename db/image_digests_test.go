package db

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestImageDigests(t *testing.T) {
	d := newDB(t)
	url := "https://shop.example/" + strings.Repeat("long/", 1000) + "a.jpg"
	modified := time.Date(2025, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	get := func(url string, modified time.Time) string {
		return imageDigests(t, d, []string{url}, modified)[0]
	}
	require.Empty(t, get(url, modified))

	require.NoError(t, d.SetImageDigest(t.Context(), url, modified, "sha256:a", "image/jpeg", 1234))
	err := d.ImageDigests(t.Context(), []string{url}, []time.Time{modified.UTC()}, func(i int, digest, mediaType string, size int64) {
		require.Equal(t, []any{0, "sha256:a", "image/jpeg", int64(1234)}, []any{i, digest, mediaType, size})
	})
	require.NoError(t, err)
	require.Equal(t, "sha256:a", get(url, modified))
	require.Empty(t, get(url+"x", modified))

	later := modified.Add(time.Second)
	require.Empty(t, get(url, later), "the store changed it")
	require.NoError(t, d.SetImageDigest(t.Context(), url, later, "sha256:b", "image/png", 1))
	require.Equal(t, "sha256:b", get(url, later))
	require.Empty(t, get(url, modified), "only the newest is remembered")
}

func TestImageDigestOfAnImageWithoutDate(t *testing.T) {
	d := newDB(t)
	require.NoError(t, d.SetImageDigest(t.Context(), "https://shop.example/a.jpg", time.Time{}, "sha256:a", "image/jpeg", 1))

	require.Equal(t, []string{"sha256:a"}, imageDigests(t, d, []string{"https://shop.example/a.jpg"}, time.Time{}))
}

func TestImageDigestsOfAPage(t *testing.T) {
	d := newDB(t)
	modified := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	require.NoError(t, d.SetImageDigest(t.Context(), "a", modified, "sha256:a", "image/jpeg", 1))
	require.NoError(t, d.SetImageDigest(t.Context(), "c", modified, "sha256:c", "image/jpeg", 1))
	require.NoError(t, d.SetImageDigest(t.Context(), "d", modified.Add(time.Second), "sha256:d", "image/jpeg", 1))

	require.Equal(t, []string{"sha256:c", "", "sha256:a", "", "sha256:c"}, imageDigests(t, d, []string{"c", "b", "a", "d", "c"}, modified))
	require.Empty(t, imageDigests(t, d, nil, modified))
}

// imageDigests gives the digests of images that were all last modified at one time; "" for those not known.
func imageDigests(t *testing.T, d *DB, urls []string, modified time.Time) []string {
	t.Helper()
	digests := make([]string, len(urls))
	err := d.ImageDigests(t.Context(), urls, slices.Repeat([]time.Time{modified}, len(urls)), func(i int, digest, _ string, _ int64) {
		digests[i] = digest
	})
	require.NoError(t, err)
	return digests
}
