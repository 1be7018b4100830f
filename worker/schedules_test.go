package worker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/mocks"
	"go.temporal.io/sdk/temporal"

	"tandem/db"
	"tandem/fault"
	"tandem/instance"
	"tandem/workflows"
)

// scheduleTest is Temporal's side of schedules.
type scheduleTest struct {
	temporal *mocks.Client
	client   *mocks.ScheduleClient
	handle   *mocks.ScheduleHandle
	created  []client.ScheduleOptions
	updated  []client.Schedule
}

func newScheduleTest(t *testing.T, exists bool) *scheduleTest {
	t.Helper()
	s := &scheduleTest{temporal: &mocks.Client{}, client: &mocks.ScheduleClient{}, handle: &mocks.ScheduleHandle{}}
	s.temporal.On("ScheduleClient").Return(s.client)
	s.client.On("GetHandle", mock.Anything, mock.Anything).Return(s.handle)
	var err error
	if exists {
		err = temporal.ErrScheduleAlreadyRunning
	}
	s.client.On("Create", mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		s.created = append(s.created, args.Get(1).(client.ScheduleOptions))
	}).Return(s.handle, err)
	s.handle.On("Update", mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		update, err := args.Get(1).(client.ScheduleUpdateOptions).DoUpdate(client.ScheduleUpdateInput{
			Description: client.ScheduleDescription{Schedule: client.Schedule{State: &client.ScheduleState{}}},
		})
		require.NoError(t, err)
		s.updated = append(s.updated, *update.Schedule)
	}).Return(nil)
	return s
}

func newSchedule(t *testing.T, d *db.DB, active bool) db.Schedule {
	t.Helper()
	row, err := d.CreateSchedule(t.Context(), db.Schedule{Instance: "demo", Kind: db.OrderImport, Every: 5 * time.Minute, Active: active})
	require.NoError(t, err)
	return row
}

func TestApplyCreatesASchedule(t *testing.T) {
	d := newDB(t, instance.Active)
	s := newScheduleTest(t, false)
	row := newSchedule(t, d, true)
	require.NoError(t, (&Schedules{Client: s.temporal, DB: d}).Apply(t.Context(), row))

	require.Len(t, s.created, 1)
	o := s.created[0]
	require.Equal(t, workflows.ScheduleID("demo", db.OrderImport), o.ID)
	require.Equal(t, 5*time.Minute, o.Spec.Intervals[0].Every)
	require.Equal(t, 30*time.Second, o.Spec.Jitter)
	require.Equal(t, enums.SCHEDULE_OVERLAP_POLICY_SKIP, o.Overlap)
	require.False(t, o.Paused)
	action := o.Action.(*client.ScheduleWorkflowAction)
	require.Equal(t, workflows.ScheduledOperationType, action.Workflow)
	in := action.Args[0].(workflows.OperationInput)
	require.Equal(t, row.ID, in.Schedule)
	require.Equal(t, []string{"order"}, in.Entities)
	require.Empty(t, s.updated)
}

func TestApplyPausesWhatMayNotRun(t *testing.T) {
	for name, c := range map[string]struct {
		state  instance.State
		active bool
		paused bool
	}{
		"active schedule of an active instance": {instance.Active, true, false},
		"paused schedule":                       {instance.Active, false, true},
		"deactivated instance":                  {instance.Deactivated, true, true},
		"instance that is connected only":       {instance.Connected, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDB(t, c.state)
			s := newScheduleTest(t, true)
			require.NoError(t, (&Schedules{Client: s.temporal, DB: d}).Apply(t.Context(), newSchedule(t, d, c.active)))
			require.Equal(t, c.paused, s.updated[0].State.Paused)
		})
	}
}

// A schedule that gets a calendar instead of an interval makes up for a missed run as long as one that had it from the beginning.
func TestAScheduleThatIsChangedCatchesUpAsANewOne(t *testing.T) {
	d := newDB(t, instance.Active)
	s := newScheduleTest(t, true)
	row := newSchedule(t, d, true)
	row.Every, row.Calendar = 0, &instance.Calendar{Times: []string{"03:00"}, TimeZone: "UTC"}
	row, err := d.UpdateSchedule(t.Context(), row)
	require.NoError(t, err)
	require.NoError(t, (&Schedules{Client: s.temporal, DB: d}).Apply(t.Context(), row))
	require.NotNil(t, s.updated[0].Policy)
	require.Equal(t, calendarCatchUp, s.updated[0].Policy.CatchupWindow)
	require.Equal(t, enums.SCHEDULE_OVERLAP_POLICY_SKIP, s.updated[0].Policy.Overlap)
}

func TestReconcileRemovesOnlyWhatIsOursAndUnwanted(t *testing.T) {
	d := newDB(t, instance.Active)
	s := newScheduleTest(t, true)
	newSchedule(t, d, true)
	wanted := workflows.ScheduleID("demo", db.OrderImport)
	list := &mocks.ScheduleListIterator{}
	for _, id := range []string{wanted, workflows.ScheduleID("gone", db.OrderImport), "somebody-elses"} {
		list.On("HasNext").Return(true).Once()
		list.On("Next").Return(&client.ScheduleListEntry{ID: id}, nil).Once()
	}
	list.On("HasNext").Return(false)
	s.client.On("List", mock.Anything, mock.Anything).Return(list, nil)
	s.handle.On("Delete", mock.Anything).Return(serviceerror.NewNotFound("deleted by another worker"))

	require.NoError(t, (&Schedules{Client: s.temporal, DB: d}).Reconcile(t.Context()))
	s.handle.AssertNumberOfCalls(t, "Delete", 1)
	s.client.AssertCalled(t, "GetHandle", mock.Anything, workflows.ScheduleID("gone", db.OrderImport))
	s.client.AssertNotCalled(t, "GetHandle", mock.Anything, "somebody-elses")
}

func TestPauseScheduleKeepsTheNote(t *testing.T) {
	d := newDB(t, instance.Active)
	s := newScheduleTest(t, true)
	row := newSchedule(t, d, true)
	schedules := &Schedules{Client: s.temporal, DB: d}
	require.NoError(t, schedules.PauseSchedule(t.Context(), row.ID, "the store refuses the keys"))

	kept, err := d.Schedule(t.Context(), row.ID)
	require.NoError(t, err)
	require.False(t, kept.Active)
	require.Equal(t, "the store refuses the keys", kept.Note)
	require.Equal(t, "the store refuses the keys", s.updated[0].State.Note)
	require.True(t, s.updated[0].State.Paused)

	require.NoError(t, d.DeleteSchedule(t.Context(), row.ID))
	require.NoError(t, schedules.PauseSchedule(t.Context(), row.ID, "again"), "one that was deleted meanwhile is fine")
}

func TestSchedulesTellThatTemporalIsAway(t *testing.T) {
	d := newDB(t, instance.Active)
	s := &scheduleTest{temporal: &mocks.Client{}, client: &mocks.ScheduleClient{}}
	s.temporal.On("ScheduleClient").Return(s.client)
	s.client.On("Create", mock.Anything, mock.Anything).Return(nil, serviceerror.NewUnavailable("no connection"))
	err := (&Schedules{Client: s.temporal, DB: d}).Apply(t.Context(), newSchedule(t, d, true))
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

func TestASchedulesKindSaysWhatIsImported(t *testing.T) {
	d := newDB(t, instance.Active)
	s := newScheduleTest(t, false)
	row, err := d.CreateSchedule(t.Context(), db.Schedule{Instance: "demo", Kind: instance.CatalogueImport, Every: time.Hour, Active: true})
	require.NoError(t, err)
	require.NoError(t, (&Schedules{Client: s.temporal, DB: d}).Apply(t.Context(), row))
	action := s.created[0].Action.(*client.ScheduleWorkflowAction)
	in := action.Args[0].(workflows.OperationInput)
	require.Contains(t, in.Entities, "product")
	require.Contains(t, in.Entities, "customer")
	require.NotContains(t, in.Entities, "order")
	require.Equal(t, "Import the changed catalogue of demo", action.StaticSummary)
}

func TestCalendarsBecomeTemporals(t *testing.T) {
	weekly := db.Schedule{Instance: "demo", Kind: db.OrderImport, Active: true, Calendar: &instance.Calendar{
		Times: []string{"06:30", "18:00"}, Weekdays: []string{"mon", "fri"}, TimeZone: "Europe/Paris"}}
	options := scheduleOptions(weekly, false)
	require.Equal(t, "Europe/Paris", options.Spec.TimeZoneName)
	require.Empty(t, options.Spec.Intervals)
	days := []client.ScheduleRange{{Start: 1}, {Start: 5}}
	require.Equal(t, []client.ScheduleCalendarSpec{
		{Hour: []client.ScheduleRange{{Start: 6}}, Minute: []client.ScheduleRange{{Start: 30}}, DayOfWeek: days},
		{Hour: []client.ScheduleRange{{Start: 18}}, Minute: []client.ScheduleRange{{Start: 0}}, DayOfWeek: days},
	}, options.Spec.Calendars)
	require.Equal(t, calendarCatchUp, options.CatchupWindow)
}
