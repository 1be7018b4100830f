package instance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestCalendarsAreChecked(t *testing.T) {
	good := Calendar{Times: []string{"06:30", "18:00"}, Weekdays: []string{"mon", "sun"}, TimeZone: "Europe/Paris"}
	require.NoError(t, good.Check())
	moments, err := good.Moments()
	require.NoError(t, err)
	require.Equal(t, []int{6, 30, 18, 0}, []int{moments[0].Hour(), moments[0].Minute(), moments[1].Hour(), moments[1].Minute()})
	days, err := good.Days()
	require.NoError(t, err)
	require.Equal(t, []time.Weekday{time.Monday, time.Sunday}, days)

	for field, change := range map[string]func(*Calendar){
		"calendar.times":     func(c *Calendar) { c.Times = nil },
		"calendar.weekdays":  func(c *Calendar) { c.Weekdays = []string{"monday"} },
		"calendar.time_zone": func(c *Calendar) { c.TimeZone = "Paris" },
	} {
		bad := good
		change(&bad)
		require.Equal(t, field, fault.From(bad.Check()).Field)
	}
	for _, text := range []string{"24:00", "6:30", "06:30:00", "noon", ""} {
		bad := good
		bad.Times = []string{text}
		require.Equal(t, "calendar.times", fault.From(bad.Check()).Field, text)
	}
	for _, zone := range []string{"", "Local"} {
		bad := good
		bad.TimeZone = zone
		require.Equal(t, "calendar.time_zone", fault.From(bad.Check()).Field, zone)
	}
}
