package api

import (
	"context"
	"time"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// ListSchedules lists schedules, of one instance or of all.
func (s *server) ListSchedules(ctx context.Context, in gen.ListSchedulesRequestObject) (gen.ListSchedulesResponseObject, error) {
	if err := s.checkListed(ctx, in.Params.Instance, ""); err != nil {
		return nil, err
	}
	list, err := s.DB.Schedules(ctx, in.Params.Instance)
	if err != nil {
		return nil, err
	}
	paused, err := s.pausedOperations(ctx, in.Params.Instance)
	if err != nil {
		return nil, err
	}
	states, err := s.instanceStates(ctx)
	return gen.ListSchedules200JSONResponse{Items: collect(list, func(row db.Schedule) gen.Schedule {
		return scheduleView(row, states[row.Instance], paused)
	})}, err
}

// GetSchedule reads one schedule.
func (s *server) GetSchedule(ctx context.Context, in gen.GetScheduleRequestObject) (gen.GetScheduleResponseObject, error) {
	row, err := s.DB.Schedule(ctx, in.Schedule)
	if err != nil {
		return nil, err
	}
	view, err := s.schedule(ctx, row)
	return gen.GetSchedule200JSONResponse(view), err
}

// CreateSchedule keeps a schedule and sets it up in Temporal.
func (s *server) CreateSchedule(ctx context.Context, in gen.CreateScheduleRequestObject) (gen.CreateScheduleResponseObject, error) {
	inst, err := s.DB.Instance(ctx, in.Body.Instance)
	if err != nil {
		return nil, asInstanceField(err)
	}
	if does := entity.ScheduleOf(string(in.Body.Kind)); does.Direction == flow.Export {
		if err := entity.CheckExport(inst, entity.Allowed(flow.Export, inst, does.Entities)); err != nil {
			return nil, err
		}
	}
	if instance.IsReport(string(in.Body.Kind)) {
		if err := checkRecipients(inst); err != nil {
			return nil, err
		}
		if in.Body.EverySeconds == 0 && len(in.Body.Calendar.Times) == 0 {
			in.Body.Calendar.Times = []string{instance.UsualReportTime}
		}
	}
	every, calendar, err := timing(in.Body.EverySeconds, in.Body.Calendar, inst)
	if err != nil {
		return nil, err
	}
	if err := checkTiming(string(in.Body.Kind), calendar); err != nil {
		return nil, err
	}
	row, err := s.DB.CreateSchedule(ctx, db.Schedule{
		Instance: in.Body.Instance, Kind: string(in.Body.Kind), Every: every, Calendar: calendar,
		Active: in.Body.Active == nil || *in.Body.Active, Note: in.Body.Note,
	})
	if err != nil {
		return nil, err
	}
	if err := s.apply(ctx, row); err != nil {
		return nil, err
	}
	view, err := s.schedule(ctx, row)
	return gen.CreateSchedule201JSONResponse{
		Body:    view,
		Headers: gen.CreateSchedule201ResponseHeaders{Location: located("schedules", row.ID)},
	}, err
}

// UpdateSchedule changes when a schedule runs, and its note.
func (s *server) UpdateSchedule(ctx context.Context, in gen.UpdateScheduleRequestObject) (gen.UpdateScheduleResponseObject, error) {
	row, err := s.DB.Schedule(ctx, in.Schedule)
	if err != nil {
		return nil, err
	}
	inst, err := s.DB.Instance(ctx, row.Instance)
	if err != nil {
		return nil, err
	}
	every, calendar, err := timing(in.Body.EverySeconds, in.Body.Calendar, inst)
	if err != nil {
		return nil, err
	}
	if err := checkTiming(row.Kind, calendar); err != nil {
		return nil, err
	}
	row, err = s.changeSchedule(ctx, in.Schedule, func(row *db.Schedule) {
		row.Every, row.Calendar, row.Note = every, calendar, in.Body.Note
	})
	if err != nil {
		return nil, err
	}
	view, err := s.schedule(ctx, row)
	return gen.UpdateSchedule200JSONResponse(view), err
}

// PauseSchedule stops a schedule until it is resumed.
func (s *server) PauseSchedule(ctx context.Context, in gen.PauseScheduleRequestObject) (gen.PauseScheduleResponseObject, error) {
	row, err := s.changeSchedule(ctx, in.Schedule, func(row *db.Schedule) { row.Active = false })
	if err != nil {
		return nil, err
	}
	view, err := s.schedule(ctx, row)
	return gen.PauseSchedule200JSONResponse(view), err
}

// ResumeSchedule lets a paused schedule run. Why Tandem paused it is history then.
func (s *server) ResumeSchedule(ctx context.Context, in gen.ResumeScheduleRequestObject) (gen.ResumeScheduleResponseObject, error) {
	row, err := s.changeSchedule(ctx, in.Schedule, func(row *db.Schedule) {
		if !row.Active {
			row.Active, row.Note = true, ""
		}
	})
	if err != nil {
		return nil, err
	}
	view, err := s.schedule(ctx, row)
	return gen.ResumeSchedule200JSONResponse(view), err
}

// RunSchedule runs a schedule now.
func (s *server) RunSchedule(ctx context.Context, in gen.RunScheduleRequestObject) (gen.RunScheduleResponseObject, error) {
	row, err := s.DB.Schedule(ctx, in.Schedule)
	if err != nil {
		return nil, err
	}
	inst, err := s.DB.Instance(ctx, row.Instance)
	if err != nil {
		return nil, err
	}
	does := entity.ScheduleOf(row.Kind)
	if instance.IsReport(row.Kind) {
		err = checkRecipients(inst)
	} else {
		err = entity.Check(does.Direction, inst, entity.Allowed(does.Direction, inst, does.Entities))
	}
	if err != nil {
		return nil, err
	}
	if err := s.Schedules.Trigger(ctx, row); err != nil {
		return nil, err
	}
	view, err := s.schedule(ctx, row)
	return gen.RunSchedule202JSONResponse(view), err
}

// checkRecipients refuses to send reports without recipients.
func checkRecipients(in instance.Instance) error {
	if len(in.Config.Email.Recipients) == 0 {
		return fault.Field("instance", "the report of %s has no recipients: set config.email.recipients first", in.ID)
	}
	return nil
}

// checkTiming refuses an interval for reports: days begin at midnight, and not some hours after the last report.
func checkTiming(kind string, calendar *instance.Calendar) error {
	if instance.IsReport(kind) && calendar == nil {
		return fault.Field("every_seconds", "is not for reports: give a calendar with the time of day")
	}
	return nil
}

// asConflict restates a field's fault for a call that has no such field.
func asConflict(err error) error {
	if f := fault.From(err); f.Kind == fault.Invalid {
		return fault.New(fault.Conflict, "%s", f.Message)
	}
	return err
}

// DeleteSchedule removes a schedule from Temporal and then its row: the other way round it would run on for ever if
// Temporal did not answer.
func (s *server) DeleteSchedule(ctx context.Context, in gen.DeleteScheduleRequestObject) (gen.DeleteScheduleResponseObject, error) {
	row, err := s.DB.Schedule(ctx, in.Schedule)
	if err != nil {
		return nil, err
	}
	if err := s.Schedules.Delete(ctx, row); err != nil {
		return nil, err
	}
	return gen.DeleteSchedule204Response{}, s.DB.DeleteSchedule(ctx, row.ID)
}

// changeSchedule keeps a change and sets it up in Temporal.
func (s *server) changeSchedule(ctx context.Context, id string, change func(*db.Schedule)) (db.Schedule, error) {
	row, err := s.DB.Schedule(ctx, id)
	if err != nil {
		return row, err
	}
	change(&row)
	if row, err = s.DB.UpdateSchedule(ctx, row); err != nil {
		return row, err
	}
	return row, s.apply(ctx, row)
}

// apply makes Temporal's schedule what the row says. The row is what counts: workers compare the two when they start.
func (s *server) apply(ctx context.Context, row db.Schedule) error {
	err := s.Schedules.Apply(ctx, row)
	if fault.Is(err, fault.Unavailable) {
		return fault.Wrap(fault.Unavailable, err, "the schedule is kept, and takes effect once Temporal answers again")
	}
	return err
}

// timing is when a schedule runs: at an interval, or by a calendar in the time zone of the store unless it names another.
func timing(everySeconds int, calendar instance.Calendar, in instance.Instance) (time.Duration, *instance.Calendar, error) {
	scheduled := len(calendar.Times) > 0
	switch {
	case !scheduled && everySeconds == 0:
		return 0, nil, fault.Field("every_seconds", "is missing: give an interval in seconds, or a calendar")
	case scheduled && everySeconds != 0:
		return 0, nil, fault.Field("calendar", "is given along with every_seconds: give one of the two")
	case !scheduled:
		return time.Duration(everySeconds) * time.Second, nil, nil
	}
	if calendar.TimeZone == "" {
		calendar.TimeZone = "UTC"
		if _, err := time.LoadLocation(in.Store.Timezone); err == nil && in.Store.Timezone != "" {
			calendar.TimeZone = in.Store.Timezone
		}
	}
	return 0, &calendar, calendar.Check()
}
