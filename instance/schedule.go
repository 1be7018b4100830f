package instance

import (
	"slices"
	"time"

	"tandem/fault"
)

// Kinds of schedule, one of each per instance.
const (
	OrderImport     = "order_import"      // new and changed orders
	CatalogueImport = "catalogue_import"  // what changed of everything else, so that new products park no orders
	CatalogueExport = "catalogue_export"  // what changed in the ERP of the catalogue, customers and coupons, as far as their export is on
	OrderStatusPush = "order_status_push" // how far orders have come in the ERP
	PricePush       = "price_push"        // the prices of products that changed in the ERP, and nothing else of them
	StockPush       = "stock_push"        // what is free of products whose stock moved in the ERP
	TrackingPush    = "tracking_push"     // carrier, tracking number and lines of what the ERP has shipped
	DailyReport     = "daily_report"      // the sales of the day before, by e-mail; kept apart by days, however often it runs
	WeeklyReport    = "weekly_report"     // those of the last whole week
	MonthlyReport   = "monthly_report"    // and of the last whole month
)

// IsReport reports whether schedules of a kind send reports.
func IsReport(kind string) bool {
	return kind == DailyReport || kind == WeeklyReport || kind == MonthlyReport
}

// UsualReportTime is when reports are sent unless somebody says otherwise: the night's orders have landed, and nobody has begun to work.
const UsualReportTime = "06:00"

// Calendar says at which times a schedule runs that has no fixed interval.
type Calendar struct {
	Times    []string `json:"times"`              // "15:04", in TimeZone
	Weekdays []string `json:"weekdays,omitempty"` // some of Weekdays; empty is every day
	TimeZone string   `json:"time_zone"`          // a name of the IANA database, e.g. "Europe/Paris"
}

// Weekdays are the names of the days, at their number in package time.
var Weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// calendarTime is the layout of a calendar's times.
const calendarTime = "15:04"

// Moments gives the hours and minutes of a calendar's times.
func (c Calendar) Moments() ([]time.Time, error) {
	moments := make([]time.Time, len(c.Times))
	for i, text := range c.Times {
		at, err := time.Parse(calendarTime, text)
		if err != nil || at.Format(calendarTime) != text {
			return nil, fault.Field("calendar.times", "%q is not a time of day such as 06:30", text)
		}
		moments[i] = at
	}
	return moments, nil
}

// Days gives a calendar's weekdays.
func (c Calendar) Days() ([]time.Weekday, error) {
	days := make([]time.Weekday, len(c.Weekdays))
	for i, name := range c.Weekdays {
		at := slices.Index(Weekdays, name)
		if at < 0 {
			return nil, fault.Field("calendar.weekdays", "%q is not a weekday: mon, tue, wed, thu, fri, sat or sun", name)
		}
		days[i] = time.Weekday(at)
	}
	return days, nil
}

// Check refuses a calendar that names no moment.
func (c Calendar) Check() error {
	if len(c.Times) == 0 {
		return fault.Field("calendar.times", "has no time: give at least one, e.g. 06:30")
	}
	if _, err := c.Moments(); err != nil {
		return err
	}
	if _, err := c.Days(); err != nil {
		return err
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" || c.TimeZone == "Local" {
		return fault.Field("calendar.time_zone", "%q is not a time zone: give a name of the IANA database, e.g. Europe/Paris or UTC", c.TimeZone)
	}
	return nil
}
