package wootest

import "time"

// siteInstant reads a date a client wrote, in the site's time zone or in UTC; an empty one clears it and an absent one
// keeps the old value.
func (s *Server) siteInstant(local, gmt *text, old int64) int64 {
	switch {
	case gmt != nil:
		return parseInstant(string(*gmt), time.UTC)
	case local != nil:
		return parseInstant(string(*local), s.opts.Zone)
	}
	return old
}

// parseInstant accepts a date with or without time; anything else is no date.
func parseInstant(value string, zone *time.Location) int64 {
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return t.Unix()
	}
	for _, layout := range []string{stamp, "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, value, zone); err == nil {
			return t.Unix()
		}
	}
	return 0
}
