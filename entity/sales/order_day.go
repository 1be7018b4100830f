package sales

import (
	"time"
	_ "time/tzdata" // the shop's zone must be known on machines without a zone database too
)

// shopDay gives the day a moment falls on where the shop is, as midnight UTC of that day: what was ordered late in the
// evening belongs in the shop's books of that day. Zero stays zero.
func shopDay(zone string, at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	year, month, day := at.In(shopZone(zone)).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// shopZone finds the zone that a store names, by an IANA name or by an offset like "UTC+02:00"; UTC when it is unknown.
func shopZone(name string) *time.Location {
	if offset, err := time.Parse("UTC-07:00", name); err == nil {
		_, seconds := offset.Zone()
		return time.FixedZone(name, seconds)
	}
	if zone, err := time.LoadLocation(name); err == nil && name != "Local" {
		return zone
	}
	return time.UTC
}
