package sales

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestShopDay(t *testing.T) {
	for _, test := range []struct{ name, zone, at, want string }{
		{"Paris in winter, before midnight", "Europe/Paris", "2026-01-31T22:59:59Z", "2026-01-31"},
		{"Paris in winter, at midnight", "Europe/Paris", "2026-01-31T23:00:00Z", "2026-02-01"},
		{"Paris in summer, before midnight", "Europe/Paris", "2026-06-30T21:59:59Z", "2026-06-30"},
		{"Paris in summer, at midnight", "Europe/Paris", "2026-06-30T22:00:00Z", "2026-07-01"},
		{"the day summer time begins still starts by winter time", "Europe/Paris", "2026-03-28T22:30:00Z", "2026-03-28"},
		{"the evening of the day it begins", "Europe/Paris", "2026-03-29T22:00:00Z", "2026-03-30"},
		{"the day summer time ends starts by summer time", "Europe/Paris", "2026-10-24T22:00:00Z", "2026-10-25"},
		{"the evening of the day it ends", "Europe/Paris", "2026-10-25T22:30:00Z", "2026-10-25"},
		{"west of Greenwich, the day before", "America/New_York", "2026-01-01T04:59:59Z", "2025-12-31"},
		{"east by offset", "UTC+05:30", "2026-01-31T18:30:00Z", "2026-02-01"},
		{"west by offset", "UTC-03:00", "2026-02-01T02:59:59Z", "2026-01-31"},
		{"offset of nothing", "UTC+00:00", "2026-01-31T23:59:59Z", "2026-01-31"},
		{"unknown zone", "Mars/Olympus", "2026-01-31T23:30:00Z", "2026-01-31"},
		{"the zone of this machine is not the shop's", "Local", "2026-01-31T23:30:00Z", "2026-01-31"},
		{"no zone", "", "2026-01-31T23:59:59Z", "2026-01-31"},
	} {
		t.Run(test.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, test.at)
			require.NoError(t, err)
			want, err := time.Parse(time.DateOnly, test.want)
			require.NoError(t, err)
			require.Equal(t, want.UTC(), shopDay(test.zone, at))
		})
	}
	require.True(t, shopDay("Europe/Paris", time.Time{}).IsZero())
}
