package api

import (
	"cmp"
	"context"
	"time"

	"tandem/api/gen"
	"tandem/db"
	"tandem/instance"
)

// nextRunTimeout bounds how long Temporal is asked when a schedule runs next: without the answer there is enough to show.
const nextRunTimeout = 3 * time.Second

// pausedListed is how many paused operations are looked at: a person paused each.
const pausedListed = 500

// schedule is one schedule, with its next run.
func (s *server) schedule(ctx context.Context, row db.Schedule) (gen.Schedule, error) {
	in, err := s.DB.Instance(ctx, row.Instance)
	if err != nil {
		return gen.Schedule{}, err
	}
	paused, err := s.pausedOperations(ctx, row.Instance)
	return s.withNextRun(ctx, row, scheduleView(row, in.State, paused)), err
}

// schedulesOf lists the schedules of an instance, with their next runs.
func (s *server) schedulesOf(ctx context.Context, in instance.Instance, paused []db.Operation) ([]gen.Schedule, error) {
	rows, err := s.DB.Schedules(ctx, in.ID)
	return collect(rows, func(row db.Schedule) gen.Schedule {
		return s.withNextRun(ctx, row, scheduleView(row, in.State, paused))
	}), err
}

func (s *server) withNextRun(ctx context.Context, row db.Schedule, view gen.Schedule) gen.Schedule {
	if view.State != gen.ScheduleStateActive {
		return view
	}
	ctx, cancel := context.WithTimeout(ctx, nextRunTimeout)
	defer cancel()
	next, err := s.Schedules.NextRun(ctx, row)
	if err != nil {
		s.Logger.WarnContext(ctx, "the next run of a schedule is not known", "schedule", row.ID, "error", err)
		return view
	}
	view.NextRunAt = next
	return view
}

// pausedOperations lists what somebody paused, of one instance or of all.
func (s *server) pausedOperations(ctx context.Context, instance string) ([]db.Operation, error) {
	paused, _, err := s.DB.Operations(ctx, db.OperationFilter{Instance: instance, State: db.OperationPaused}, db.Page{Limit: pausedListed})
	return paused, err
}

// instanceStates gives every instance's state by its id.
func (s *server) instanceStates(ctx context.Context) (map[string]instance.State, error) {
	list, err := s.DB.Instances(ctx)
	states := make(map[string]instance.State, len(list))
	for _, in := range list {
		states[in.ID] = in.State
	}
	return states, err
}

// scheduleView says whether a schedule runs and why not: an active one of an instance that is not active stands still, and so
// does one whose last import somebody paused, because two never overlap.
func scheduleView(row db.Schedule, state instance.State, paused []db.Operation) gen.Schedule {
	view := gen.Schedule{
		ID: row.ID, Instance: row.Instance, Kind: gen.ScheduleKind(row.Kind), EverySeconds: int(row.Every.Seconds()),
		Active: row.Active, Note: row.Note, State: gen.ScheduleStateActive, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
	if row.Calendar != nil {
		view.Calendar = *row.Calendar
	}
	switch {
	case !row.Active:
		view.State, view.Code, view.Reason = gen.ScheduleStatePaused, "schedule_paused", cmp.Or(row.Note, "paused by a person: resume it")
	case state != instance.Active:
		view.State, view.Code, view.Reason = gen.ScheduleStatePaused, "instance_inactive", "the instance is "+string(state)+": "+wayToActive(state)
	default:
		for _, op := range paused {
			if op.Trigger == "schedule" && op.RequestedBy == row.ID {
				view.State, view.Code, view.Reason = gen.ScheduleStatePaused, "operation_paused", "its runs are skipped while "+pausedProblem(op)
			}
		}
	}
	return view
}

// wayToActive says what is left to do until an instance is active.
func wayToActive(state instance.State) string {
	if state == instance.Connected {
		return "activate it"
	}
	return "connect and activate it"
}
