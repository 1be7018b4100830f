package report

import (
	"fmt"
	"time"

	"tandem/fault"
)

// maxPeriods bounds how many periods a report may lie over: a day for each of a hundred years.
const maxPeriods = 36_600

// Zone is the time zone of an instance: its days begin at midnight there.
type Zone struct {
	Instance string
	Location *time.Location
}

// beginning gives the first day of the period that a day lies in. Days are midnight UTC.
func (d Dimension) beginning(day time.Time) time.Time {
	year, month, _ := day.Date()
	switch d {
	case Week:
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case Month:
		return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	case Quarter:
		return time.Date(year, (month-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	case Year:
		return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
	default:
		return day
	}
}

// next gives the first day of the period after the one that begins on a day.
func (d Dimension) next(first time.Time) time.Time {
	switch d {
	case Week:
		return first.AddDate(0, 0, 7)
	case Month:
		return first.AddDate(0, 1, 0)
	case Quarter:
		return first.AddDate(0, 3, 0)
	case Year:
		return first.AddDate(1, 0, 0)
	default:
		return first.AddDate(0, 0, 1)
	}
}

// name is what the period that begins on a day is called: 2026-03-29, 2026-W13, 2026-03, 2026-Q1, 2026.
func (d Dimension) name(first time.Time) string {
	switch d {
	case Week:
		year, week := first.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	case Month:
		return first.Format("2006-01")
	case Quarter:
		return fmt.Sprintf("%04d-Q%d", first.Year(), (int(first.Month())+2)/3)
	case Year:
		return first.Format("2006")
	default:
		return first.Format(time.DateOnly)
	}
}

// periods lists the first days of the periods that the days from one to another lie in.
func (d Dimension) periods(from, to time.Time) ([]time.Time, error) {
	var firsts []time.Time
	for first := d.beginning(from); !first.After(to); first = d.next(first) {
		if len(firsts) == maxPeriods {
			return nil, fault.Field("from", "is too long before to for a report by %s: choose a shorter range or longer periods", d)
		}
		firsts = append(firsts, first)
	}
	if len(firsts) == 0 {
		return nil, fault.New(fault.Internal, "a report from %s to %s has no periods", from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	return firsts, nil
}

// midnight gives the moment at which a day begins in a time zone. Where the clock is put on at midnight, that is a quarter past or one
// o'clock; where it is put back over midnight, the first of the two.
func midnight(day time.Time, zone *time.Location) time.Time {
	year, month, date := day.Date()
	begins := time.Date(year, month, date, 0, 0, 0, 0, zone)
	if begins.Day() != date { // there is no midnight, and what was taken for it is on the day before
		_, begins = begins.ZoneBounds()
	}
	for _, earlier := range []time.Time{begins.Add(-time.Hour), begins.Add(-30 * time.Minute)} {
		if earlier.Day() == date {
			return earlier
		}
	}
	return begins
}

// dayOf gives the day that a moment lies on in a time zone.
func dayOf(at time.Time, zone *time.Location) time.Time {
	year, month, date := at.In(zone).Date()
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}
