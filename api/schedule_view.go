package api

import (
	"cmp"
	"context"

	"tandem/api/gen"
	"tandem/db"
	"tandem/instance"
)

func (s *server) schedule(ctx context.Context, row db.Schedule) (gen.Schedule, error) {
	in, err := s.DB.Instance(ctx, row.Instance)
	return scheduleView(row, in.State), err
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

// scheduleView says whether a schedule runs and why not: an active one of an instance that is not active stands still.
func scheduleView(row db.Schedule, state instance.State) gen.Schedule {
	view := gen.Schedule{
		ID: row.ID, Instance: row.Instance, Kind: gen.ScheduleKind(row.Kind), EverySeconds: int(row.Every.Seconds()),
		Active: row.Active, Note: row.Note, State: gen.ScheduleStateActive, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
	switch {
	case !row.Active:
		view.State, view.Reason = gen.ScheduleStatePaused, cmp.Or(row.Note, "paused by a person: resume it")
	case state != instance.Active:
		view.State, view.Reason = gen.ScheduleStatePaused, "the instance is "+string(state)+": "+wayToActive(state)
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
