package report

import (
	"fmt"
	"time"

	"tandem/fault"
)

// periodsBack is for how many periods reports are sent that were missed: a schedule does not fire at a time that the day on which the clock is
// put on does not have, be it that of the week's report too.
var periodsBack = map[Dimension]int{Day: 3, Week: 2, Month: 1}

// DuePeriods gives the whole periods that have ended in a time zone and are due for a report, oldest first: the last one, and those
// before it that may have been missed. Those that were over before there was a schedule are left out.
func DuePeriods(by Dimension, now time.Time, zone *time.Location, scheduled time.Time) []Period {
	today, begins := dayOf(now, zone), dayOf(scheduled, zone)
	first := by.beginning(today)
	var due []Period
	for range periodsBack[by] {
		end := first
		first = by.beginning(first.AddDate(0, 0, -1))
		if end.Before(begins) {
			break
		}
		due = append([]Period{{Name: by.name(first), From: first, To: end.AddDate(0, 0, -1)}}, due...)
	}
	return due
}

// Over reports whether a period has ended in a time zone.
func (p Period) Over(now time.Time, zone *time.Location) bool { return dayOf(now, zone).After(p.To) }

// ParsePeriod reads the name of a day, a week or a month.
func ParsePeriod(name string) (Period, error) {
	if day, err := time.Parse(time.DateOnly, name); err == nil {
		return periodOf(Day, day), nil
	}
	if month, err := time.Parse("2006-01", name); err == nil {
		return periodOf(Month, month), nil
	}
	var year, week int
	if _, err := fmt.Sscanf(name, "%d-W%d", &year, &week); err == nil && week >= 1 && week <= 53 {
		first := Week.beginning(time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)).AddDate(0, 0, 7*(week-1)) // the 4th of January is in week 1
		if p := periodOf(Week, first); p.Name == name {
			return p, nil
		}
	}
	return Period{}, fault.Field("period", "%q is not a day, a week or a month: 2026-03-29, 2026-W13 or 2026-03", name)
}

func periodOf(by Dimension, first time.Time) Period {
	return Period{Name: by.name(first), From: first, To: by.next(first).AddDate(0, 0, -1)}
}
