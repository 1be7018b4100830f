package worker

import (
	"context"
	"errors"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"tandem/db"
	"tandem/entity"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/workflows"
)

// Schedules keeps Temporal's schedules in step with the configured ones.
type Schedules struct {
	Client client.Client
	DB     *db.DB
}

// catchUp is how far back missed runs are made up for: one import of changes covers any gap, so a few minutes do.
const catchUp = 5 * time.Minute

// calendarCatchUp is the same for what runs once or a few times a day.
const calendarCatchUp = 12 * time.Hour

// Apply makes Temporal's schedule what the row says, creating it if needed.
func (s *Schedules) Apply(ctx context.Context, row db.Schedule) error {
	inst, err := s.DB.Instance(ctx, row.Instance)
	if err != nil {
		return err
	}
	paused := !row.Active || inst.State != instance.Active
	options := scheduleOptions(row, paused)
	_, err = s.Client.ScheduleClient().Create(ctx, options)
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return s.update(ctx, options)
	}
	return unavailable(err, "create")
}

func (s *Schedules) update(ctx context.Context, options client.ScheduleOptions) error {
	handle := s.Client.ScheduleClient().GetHandle(ctx, options.ID)
	err := handle.Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			next := in.Description.Schedule
			next.Spec, next.Action = &options.Spec, options.Action
			next.State.Paused, next.State.Note = options.Paused, options.Note
			if next.Policy == nil {
				next.Policy = &client.SchedulePolicies{}
			}
			next.Policy.Overlap, next.Policy.CatchupWindow = options.Overlap, options.CatchupWindow
			return &client.ScheduleUpdate{Schedule: &next}, nil
		},
	})
	return unavailable(err, "update")
}

func scheduleOptions(row db.Schedule, paused bool) client.ScheduleOptions {
	does := entity.ScheduleOf(row.Kind)
	if instance.IsReport(row.Kind) {
		return reportSchedule(row, does.Summary, paused)
	}
	in := workflows.OperationInput{
		Schedule: row.ID, Direction: string(does.Direction), Instances: []string{row.Instance},
		Entities: does.Entities, Filter: flow.Filter{Kind: flow.Changes, Parts: does.Parts},
	}
	return client.ScheduleOptions{
		ID:   workflows.ScheduleID(row.Instance, row.Kind),
		Spec: scheduleSpec(row),
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.ScheduledOperationID(row.Instance, row.Kind), Workflow: workflows.ScheduledOperationType,
			Args: []any{in}, TaskQueue: workflows.QueueSync, StaticSummary: does.Summary + " " + row.Instance,
			TypedSearchAttributes: temporal.NewSearchAttributes(
				workflows.AttrInstance.ValueSet(row.Instance), workflows.AttrEntity.ValueSet(does.Name),
				workflows.AttrDirection.ValueSet(string(does.Direction))),
		},
		Overlap:       enums.SCHEDULE_OVERLAP_POLICY_SKIP,
		CatchupWindow: catchUpOf(row),
		Paused:        paused,
		Note:          row.Note,
	}
}

// reportSchedule starts what finds out which reports are due: that may be none, or those that were missed.
func reportSchedule(row db.Schedule, summary string, paused bool) client.ScheduleOptions {
	return client.ScheduleOptions{
		ID:   workflows.ScheduleID(row.Instance, row.Kind),
		Spec: scheduleSpec(row),
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.ScheduledReportID(row.Instance, row.Kind), Workflow: workflows.ScheduledReportType,
			Args: []any{workflows.ScheduledReportInput{Schedule: row.ID}}, TaskQueue: workflows.QueueControl,
			StaticSummary:         summary + " " + row.Instance,
			TypedSearchAttributes: temporal.NewSearchAttributes(workflows.AttrInstance.ValueSet(row.Instance)),
		},
		Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: catchUpOf(row), Paused: paused, Note: row.Note,
	}
}

// scheduleSpec says when a schedule runs. Stores on one host are not asked all at once.
func scheduleSpec(row db.Schedule) client.ScheduleSpec {
	if row.Calendar == nil {
		return client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: row.Every}}, Jitter: min(row.Every/10, time.Minute)}
	}
	spec := client.ScheduleSpec{TimeZoneName: row.Calendar.TimeZone, Jitter: time.Minute}
	moments, _ := row.Calendar.Moments() // checked when it was stored
	days, _ := row.Calendar.Days()
	for _, at := range moments {
		calendar := client.ScheduleCalendarSpec{Hour: []client.ScheduleRange{{Start: at.Hour()}}, Minute: []client.ScheduleRange{{Start: at.Minute()}}}
		for _, day := range days {
			calendar.DayOfWeek = append(calendar.DayOfWeek, client.ScheduleRange{Start: int(day)})
		}
		spec.Calendars = append(spec.Calendars, calendar)
	}
	return spec
}

func catchUpOf(row db.Schedule) time.Duration {
	if row.Calendar != nil {
		return calendarCatchUp
	}
	return catchUp
}

// Reconcile applies every configured schedule and removes those of Tandem that nobody configured. One that Temporal refuses
// keeps no other from being applied.
func (s *Schedules) Reconcile(ctx context.Context) error {
	rows, err := s.DB.Schedules(ctx, "")
	if err != nil {
		return err
	}
	var failures failures
	wanted := map[string]bool{}
	for _, row := range rows {
		failures.add(s.Apply(ctx, row))
		wanted[workflows.ScheduleID(row.Instance, row.Kind)] = true
	}
	failures.add(s.removeOthers(ctx, wanted))
	return failures.err()
}

func (s *Schedules) removeOthers(ctx context.Context, wanted map[string]bool) error {
	list, err := s.Client.ScheduleClient().List(ctx, client.ScheduleListOptions{PageSize: 100})
	if err != nil {
		return unavailable(err, "list")
	}
	var failures failures
	for list.HasNext() {
		entry, err := list.Next()
		if err != nil {
			return unavailable(err, "list")
		}
		if workflows.IsScheduleID(entry.ID) && !wanted[entry.ID] {
			failures.add(s.delete(ctx, entry.ID))
		}
	}
	return failures.err()
}

// PauseSchedule stops a schedule and says why, in Temporal and on its row. A schedule deleted meanwhile is fine.
func (s *Schedules) PauseSchedule(ctx context.Context, id, note string) error {
	row, err := s.DB.Schedule(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	row.Active, row.Note = false, note
	if row, err = s.DB.UpdateSchedule(ctx, row); err != nil {
		return err
	}
	return s.Apply(ctx, row)
}

// Trigger runs a schedule now. It counts as a scheduled run, so that the two never overlap.
func (s *Schedules) Trigger(ctx context.Context, row db.Schedule) error {
	handle := s.Client.ScheduleClient().GetHandle(ctx, workflows.ScheduleID(row.Instance, row.Kind))
	return unavailable(handle.Trigger(ctx, client.ScheduleTriggerOptions{Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP}), "trigger")
}

// NextRun says when a schedule runs next; zero when it is paused or Temporal does not have it yet.
func (s *Schedules) NextRun(ctx context.Context, row db.Schedule) (time.Time, error) {
	found, err := s.Client.ScheduleClient().GetHandle(ctx, workflows.ScheduleID(row.Instance, row.Kind)).Describe(ctx)
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, unavailable(err, "describe")
	}
	if found.Schedule.State.Paused || len(found.Info.NextActionTimes) == 0 {
		return time.Time{}, nil
	}
	return found.Info.NextActionTimes[0].UTC(), nil
}

// Delete removes a schedule from Temporal. One that is gone already is fine.
func (s *Schedules) Delete(ctx context.Context, row db.Schedule) error {
	return s.delete(ctx, workflows.ScheduleID(row.Instance, row.Kind))
}

func (s *Schedules) delete(ctx context.Context, id string) error {
	err := s.Client.ScheduleClient().GetHandle(ctx, id).Delete(ctx)
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return nil
	}
	return unavailable(err, "delete")
}

func unavailable(err error, what string) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Unavailable, err, "Temporal did not %s the schedule", what)
}
