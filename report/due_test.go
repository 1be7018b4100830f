package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func names(periods []Period) []string {
	list := []string{}
	for _, p := range periods {
		list = append(list, p.Name)
	}
	return list
}

func TestDuePeriods(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	long := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		by        Dimension
		now       string // UTC
		scheduled time.Time
		want      []string
	}{
		{Day, "2026-03-29T00:30:00Z", long, []string{"2026-03-26", "2026-03-27", "2026-03-28"}},
		{Day, "2026-03-29T22:30:00Z", long, []string{"2026-03-27", "2026-03-28", "2026-03-29"}}, // past midnight in Paris, after a day of 23 hours
		{Day, "2026-03-30T04:00:00Z", long, []string{"2026-03-27", "2026-03-28", "2026-03-29"}},
		{Day, "2026-10-25T00:30:00Z", long, []string{"2026-10-22", "2026-10-23", "2026-10-24"}}, // half past two, for the first time
		{Day, "2026-10-25T01:30:00Z", long, []string{"2026-10-22", "2026-10-23", "2026-10-24"}}, // and for the second
		{Day, "2026-03-30T04:00:00Z", time.Date(2026, 3, 30, 3, 0, 0, 0, time.UTC), []string{"2026-03-29"}},
		{Week, "2026-03-30T04:00:00Z", long, []string{"2026-W12", "2026-W13"}},
		{Week, "2026-03-29T04:00:00Z", long, []string{"2026-W11", "2026-W12"}}, // on a Sunday without half past two nothing fires
		{Week, "2026-03-30T04:00:00Z", time.Date(2026, 3, 25, 3, 0, 0, 0, time.UTC), []string{"2026-W13"}},
		{Week, "2026-03-26T04:00:00Z", time.Date(2026, 3, 25, 3, 0, 0, 0, time.UTC), []string{}},
		{Month, "2026-03-31T22:30:00Z", long, []string{"2026-03"}},
		{Month, "2026-03-31T21:30:00Z", long, []string{"2026-02"}},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		require.NoError(t, err)
		require.Equal(t, test.want, names(DuePeriods(test.by, now, paris, test.scheduled)), "%s at %s", test.by, test.now)
	}
}

func TestAPeriodIsOver(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	for _, test := range []struct {
		period, now string // UTC
		want        bool
	}{
		{"2026-03-29", "2026-03-29T21:59:00Z", false}, {"2026-03-29", "2026-03-29T22:00:00Z", true},
		{"2026-W13", "2026-03-29T21:59:00Z", false}, {"2026-W13", "2026-03-29T22:00:00Z", true},
		{"2026-03", "2026-03-31T21:59:00Z", false}, {"2026-03", "2026-03-31T22:00:00Z", true},
	} {
		p, err := ParsePeriod(test.period)
		require.NoError(t, err)
		now, err := time.Parse(time.RFC3339, test.now)
		require.NoError(t, err)
		require.Equal(t, test.want, p.Over(now, paris), "%s at %s", test.period, test.now)
	}
}

func TestParsePeriod(t *testing.T) {
	for name, days := range map[string][2]string{
		"2026-03-29": {"2026-03-29", "2026-03-29"}, "2026-W13": {"2026-03-23", "2026-03-29"}, "2026-02": {"2026-02-01", "2026-02-28"},
		"2026-W53": {"2026-12-28", "2027-01-03"},
	} {
		p, err := ParsePeriod(name)
		require.NoError(t, err)
		require.Equal(t, days, [2]string{p.From.Format(time.DateOnly), p.To.Format(time.DateOnly)})
		require.Equal(t, name, p.Name)
	}
	for _, name := range []string{"", "2026", "2025-W53", "2026-W1", "2026-13", "2026-02-30", "29.03.2026"} {
		_, err := ParsePeriod(name)
		require.ErrorContains(t, err, "period", name)
	}
}
