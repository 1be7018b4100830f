package db

import (
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
		digest, _, _, err := d.ImageDigest(t.Context(), url, modified)
		require.NoError(t, err)
		return digest
	}
	require.Empty(t, get(url, modified))

	require.NoError(t, d.SetImageDigest(t.Context(), url, modified, "sha256:a", "image/jpeg", 1234))
	digest, mediaType, size, err := d.ImageDigest(t.Context(), url, modified.UTC())
	require.NoError(t, err)
	require.Equal(t, "sha256:a", digest)
	require.Equal(t, "image/jpeg", mediaType)
	require.EqualValues(t, 1234, size)
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

	digest, _, _, err := d.ImageDigest(t.Context(), "https://shop.example/a.jpg", time.Time{})

	require.NoError(t, err)
	require.Equal(t, "sha256:a", digest)
}
