package db

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCounters(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	landPage(t, d, op, "tag", Created, "1", "2")
	landPage(t, d, op, "brand", Unchanged, "1")
	landPage(t, d, op, "brand", Parked, "2")
	seedRuns(t, d, `{}`, "1")

	counters, err := d.Counters(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, Counters{
		Links:     map[string]int{"tag": 2, "brand": 1, "order": 1},
		Jobs:      map[string]int{JobParked: 1},
		OrderRuns: map[string]int{RunDue: 1},
	}, counters)

	none, err := d.Counters(t.Context(), "other")
	require.NoError(t, err)
	require.Empty(t, none.Links)
}
