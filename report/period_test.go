package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loaded, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loaded
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.DateOnly, text)
	require.NoError(t, err)
	return parsed
}

// Days have 23 and 25 hours where the clock is changed, also where it is changed at midnight.
func TestDaysBeginAtMidnight(t *testing.T) {
	for _, c := range []struct {
		zone, day, begins string
		length            string
	}{
		{"Europe/Berlin", "2026-03-28", "2026-03-27T23:00:00Z", "24h0m0s"},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "23h0m0s"},
		{"Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z", "24h0m0s"},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "25h0m0s"},
		{"Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z", "24h0m0s"},
		{"UTC", "2026-03-29", "2026-03-29T00:00:00Z", "24h0m0s"},
		{"America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", "23h0m0s"},    // 0:00 is 1:00
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "25h0m0s"},    // 1:00 is 0:00 again
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "23h0m0s"}, // 0:00 is 1:00
		{"America/Sao_Paulo", "2019-02-16", "2019-02-16T02:00:00Z", "25h0m0s"}, // the next midnight is 23:00 again
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", "24h30m0s"},
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", "24h0m0s"}, // there was no 30th
	} {
		t.Run(c.zone+" "+c.day, func(t *testing.T) {
			place := zone(t, c.zone)
			begins, ends := midnight(date(t, c.day), place), midnight(date(t, c.day).AddDate(0, 0, 1), place)
			require.Equal(t, c.begins, begins.UTC().Format(time.RFC3339))
			require.Equal(t, c.length, ends.Sub(begins).String())
			require.Equal(t, date(t, c.day), dayOf(begins, place))
			require.NotEqual(t, date(t, c.day), dayOf(begins.Add(-time.Second), place))
		})
	}
}

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		by       Dimension
		from, to string
		names    []string
	}{
		{Day, "2026-03-28", "2026-03-30", []string{"2026-03-28", "2026-03-29", "2026-03-30"}},
		{Week, "2025-12-28", "2026-01-05", []string{"2025-W52", "2026-W01", "2026-W02"}},
		{Week, "2026-12-31", "2027-01-04", []string{"2026-W53", "2027-W01"}},
		{Month, "2025-12-31", "2026-02-01", []string{"2025-12", "2026-01", "2026-02"}},
		{Quarter, "2025-12-31", "2026-04-01", []string{"2025-Q4", "2026-Q1", "2026-Q2"}},
		{Year, "2025-12-31", "2026-01-01", []string{"2025", "2026"}},
	} {
		t.Run(string(c.by), func(t *testing.T) {
			firsts, err := c.by.periods(date(t, c.from), date(t, c.to))
			require.NoError(t, err)
			var names []string
			for _, first := range firsts {
				names = append(names, c.by.name(first))
			}
			require.Equal(t, c.names, names)
		})
	}
	_, err := Day.periods(date(t, "1700-01-01"), date(t, "2026-01-01"))
	require.True(t, fault.Is(err, fault.Invalid))
}
