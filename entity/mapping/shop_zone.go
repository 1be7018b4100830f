package mapping

import (
	"time"
	_ "time/tzdata" // the shop's zone must be known on machines without a zone database too
)

// ShopZone finds the zone that a store names, by an IANA name or by an offset like "UTC+02:00"; UTC when it is unknown.
func ShopZone(name string) *time.Location {
	if offset, err := time.Parse("UTC-07:00", name); err == nil {
		_, seconds := offset.Zone()
		return time.FixedZone(name, seconds)
	}
	if zone, err := time.LoadLocation(name); err == nil && name != "Local" {
		return zone
	}
	return time.UTC
}
