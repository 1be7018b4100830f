package sales

import (
	"time"

	"tandem/entity/mapping"
)

// shopDay gives the day a moment falls on where the shop is, as midnight UTC of that day: what was ordered late in the
// evening belongs in the shop's books of that day. Zero stays zero.
func shopDay(zone string, at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	year, month, day := at.In(mapping.ShopZone(zone)).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
