package db

import (
	"context"
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
	Kind      string        // one of the kinds of package instance
	Every     time.Duration // whole seconds
	Active    bool
	Note      string // why it stands still, when Tandem paused it
	CreatedAt time.Time
	UpdatedAt time.Time
}

const scheduleColumns = `id, instance, kind, every_s * 1000000000::bigint AS every, active, note,
	created_at AS createdat, updated_at AS updatedat`

func inUTC(s Schedule) Schedule {
	s.CreatedAt, s.UpdatedAt = s.CreatedAt.UTC(), s.UpdatedAt.UTC()
	return s
}

// Schedules lists the schedules of an instance, or all when it is empty, ordered by instance and kind.
func (d *DB) Schedules(ctx context.Context, instance string) ([]Schedule, error) {
	var rows []Schedule
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+scheduleColumns+` FROM tandem.schedules WHERE $1 = '' OR instance = $1 ORDER BY instance, kind`, instance)
	return collect(rows, inUTC), classify(err, "listing schedules")
}

// Schedule gives one schedule; NotFound when there is none.
func (d *DB) Schedule(ctx context.Context, id string) (Schedule, error) {
	var s Schedule
	err := d.pool.GetContext(ctx, &s, `SELECT `+scheduleColumns+` FROM tandem.schedules WHERE id = $1`, id)
	return inUTC(s), named(classify(err, "reading the schedule"), fault.NotFound, "there is no schedule %s", id)
}

// CreateSchedule stores a new schedule under an ID it makes. Conflict when the instance has one of that kind, or when
// there is no such instance.
func (d *DB) CreateSchedule(ctx context.Context, s Schedule) (Schedule, error) {
	var stored Schedule
	err := d.pool.GetContext(ctx, &stored, `
		INSERT INTO tandem.schedules (id, instance, kind, every_s, active, note) VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING `+scheduleColumns, newID(), s.Instance, s.Kind, int64(s.Every.Seconds()), s.Active, s.Note)
	return inUTC(stored), named(classify(err, "creating the schedule"), fault.Conflict,
		"the instance %q has a schedule %s already: change its interval instead of adding another", s.Instance, s.Kind)
}

// UpdateSchedule changes when a schedule runs, whether it does, and its note; NotFound when there is none.
func (d *DB) UpdateSchedule(ctx context.Context, s Schedule) (Schedule, error) {
	var stored Schedule
	err := d.pool.GetContext(ctx, &stored, `
		UPDATE tandem.schedules SET every_s = $2, active = $3, note = $4, updated_at = now()
		WHERE id = $1 RETURNING `+scheduleColumns, s.ID, int64(s.Every.Seconds()), s.Active, s.Note)
	return inUTC(stored), classify(err, "changing the schedule")
}

// DeleteSchedule removes a schedule; NotFound when there is none.
func (d *DB) DeleteSchedule(ctx context.Context, id string) error {
	result, err := d.pool.ExecContext(ctx, `DELETE FROM tandem.schedules WHERE id = $1`, id)
	return oneRow(result, err, "deleting the schedule")
}
