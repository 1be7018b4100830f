package db

import (
	"context"
	"encoding/json"
	"time"

	"tandem/fault"
	"tandem/instance"
)

// OrderImport is the kind of schedule that imports an instance's new and changed orders.
const OrderImport = instance.OrderImport

// Schedule says what is to happen regularly for an instance. Temporal's schedules are made to agree with these.
type Schedule struct {
	ID        string
	Instance  string
	Kind      string             // one of the kinds of package instance
	Every     time.Duration      // whole seconds
	Calendar  *instance.Calendar // instead of the interval; nil for none
	Active    bool
	Note      string // why it stands still, when Tandem paused it
	CreatedAt time.Time
	UpdatedAt time.Time
}

const scheduleColumns = `id, instance, kind, every_s * 1000000000::bigint AS every, calendar, active, note,
	created_at AS createdat, updated_at AS updatedat`

// calendarInterval is the interval that a schedule with a calendar has for versions that know no calendars.
const calendarInterval = 24 * time.Hour

// scheduleRow is a schedule whose calendar is read as PostgreSQL's.
type scheduleRow struct {
	Schedule
	Calendar fromJSON[*instance.Calendar]
}

func (r scheduleRow) schedule() Schedule {
	s := r.Schedule
	s.Calendar, s.CreatedAt, s.UpdatedAt = r.Calendar.value, s.CreatedAt.UTC(), s.UpdatedAt.UTC()
	if s.Calendar != nil {
		s.Every = 0
	}
	return s
}

// timing gives when a schedule runs, as the columns every_s and calendar.
func (s Schedule) timing() (seconds int64, calendar any, err error) {
	if s.Calendar == nil {
		return int64(s.Every.Seconds()), nil, nil
	}
	text, err := json.Marshal(s.Calendar)
	return int64(calendarInterval.Seconds()), string(text), err
}

// Schedules lists the schedules of an instance, or all when it is empty, ordered by instance and kind.
func (d *DB) Schedules(ctx context.Context, instance string) ([]Schedule, error) {
	var rows []scheduleRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+scheduleColumns+` FROM tandem.schedules WHERE $1 = '' OR instance = $1 ORDER BY instance, kind`, instance)
	return collect(rows, scheduleRow.schedule), classify(err, "listing schedules")
}

// Schedule gives one schedule; NotFound when there is none.
func (d *DB) Schedule(ctx context.Context, id string) (Schedule, error) {
	var row scheduleRow
	err := d.pool.GetContext(ctx, &row, `SELECT `+scheduleColumns+` FROM tandem.schedules WHERE id = $1`, id)
	return row.schedule(), named(classify(err, "reading the schedule"), fault.NotFound, "there is no schedule %s", id)
}

// CreateSchedule stores a new schedule under an ID it makes. Conflict when the instance has one of that kind, or when
// there is no such instance.
func (d *DB) CreateSchedule(ctx context.Context, s Schedule) (Schedule, error) {
	every, calendar, err := s.timing()
	if err != nil {
		return Schedule{}, err
	}
	var stored scheduleRow
	err = d.pool.GetContext(ctx, &stored, `
		INSERT INTO tandem.schedules (id, instance, kind, every_s, calendar, active, note) VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING `+scheduleColumns, newID(), s.Instance, s.Kind, every, calendar, s.Active, s.Note)
	return stored.schedule(), named(classify(err, "creating the schedule"), fault.Conflict,
		"the instance %q has a schedule %s already: change its interval instead of adding another", s.Instance, s.Kind)
}

// UpdateSchedule changes when a schedule runs, whether it does, and its note; NotFound when there is none.
func (d *DB) UpdateSchedule(ctx context.Context, s Schedule) (Schedule, error) {
	every, calendar, err := s.timing()
	if err != nil {
		return Schedule{}, err
	}
	var stored scheduleRow
	err = d.pool.GetContext(ctx, &stored, `
		UPDATE tandem.schedules SET every_s = $2, calendar = $3, active = $4, note = $5, updated_at = now()
		WHERE id = $1 RETURNING `+scheduleColumns, s.ID, every, calendar, s.Active, s.Note)
	return stored.schedule(), classify(err, "changing the schedule")
}

// DeleteSchedule removes a schedule; NotFound when there is none.
func (d *DB) DeleteSchedule(ctx context.Context, id string) error {
	result, err := d.pool.ExecContext(ctx, `DELETE FROM tandem.schedules WHERE id = $1`, id)
	return oneRow(result, err, "deleting the schedule")
}
