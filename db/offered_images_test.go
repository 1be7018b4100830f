package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestImagesAreOfferedForAWhile(t *testing.T) {
	d := newDB(t)
	ctx := t.Context()
	require.NoError(t, d.OfferImage(ctx, "a.png", []byte("A"), time.Now().Add(time.Hour)))
	require.NoError(t, d.OfferImage(ctx, "old.png", []byte("old"), time.Now().Add(-time.Hour)))
	content, err := d.OfferedImage(ctx, "a.png")
	require.NoError(t, err)
	require.Equal(t, "A", string(content))
	for _, file := range []string{"old.png", "never.png"} {
		_, err = d.OfferedImage(ctx, file)
		require.Equal(t, fault.NotFound, fault.KindOf(err), file)
	}

	fetched := func() bool {
		fetched, err := d.ImageFetched(ctx, "a.png")
		require.NoError(t, err)
		return fetched
	}
	require.False(t, fetched())
	require.NoError(t, d.NoteImageFetched(ctx, "a.png"))
	require.True(t, fetched())
	require.NoError(t, d.OfferImage(ctx, "a.png", []byte("A"), time.Now().Add(time.Minute)))
	require.False(t, fetched(), "not since it was offered again")

	files := func() (files []string) {
		require.NoError(t, d.pool.Select(&files, `SELECT file FROM tandem.offered_images ORDER BY file`))
		return files
	}
	require.Equal(t, []string{"a.png"}, files(), "offering an image removes some that have ended")
	require.NoError(t, d.OfferImage(ctx, "old.png", []byte("old"), time.Now().Add(-time.Hour)))
	pruned, err := d.Prune(ctx, PrunePolicy{})
	require.NoError(t, err)
	require.Equal(t, 1, pruned.Images)
	require.Equal(t, []string{"a.png"}, files())
}
