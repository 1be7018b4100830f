package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestWatermarksOnlyMoveForward(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	mark := func(entity string) time.Time {
		at, err := d.Watermark(t.Context(), "demo", entity)
		require.NoError(t, err)
		return at
	}
	require.True(t, mark("order").IsZero())

	noon := time.Date(2025, 1, 2, 12, 0, 0, 0, time.UTC)
	for _, at := range []time.Time{noon.Add(-time.Hour), noon, noon.Add(-time.Minute)} {
		require.NoError(t, d.SetWatermark(t.Context(), "demo", "order", at))
	}
	require.Equal(t, noon, mark("order"))
	require.True(t, mark("product").IsZero(), "each entity has its own")

	requireKind(t, fault.Conflict, d.SetWatermark(t.Context(), "missing", "order", noon))
}
