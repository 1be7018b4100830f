package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
)

// signalControl tells an EntitySync that its operation was paused (true) or goes on (false).
const signalControl = "control"

// pagesPerChunk bounds what one chunk reads: 200 pages of 100 records cost about ten history events.
const pagesPerChunk = 200

// EntitySyncInput starts an EntitySync.
type EntitySyncInput struct {
	Operation string                `json:"operation"`
	Instance  string                `json:"instance"`
	Entity    string                `json:"entity"`
	Direction flow.Direction        `json:"direction,omitempty"` // empty is an import, as in runs from before there were exports
	Filter    flow.Filter           `json:"filter"`
	Paused    bool                  `json:"paused,omitempty"`
	From      activities.ChunkState `json:"from"`            // where a run that continues as new goes on
	Counts    Counts                `json:"counts,omitzero"` // of the runs before
}

// EntitySyncResult says how one entity ended. A failure is an answer, not an error: the operation decides what it means.
type EntitySyncResult struct {
	Counts    Counts              `json:"counts"`
	Cancelled bool                `json:"cancelled,omitempty"`
	Failure   *activities.Failure `json:"failure,omitempty"`
}

// EntitySync reads all records of one entity of one instance, chunk by chunk, and lands them.
func EntitySync(ctx workflow.Context, in EntitySyncInput) (EntitySyncResult, error) {
	s := entitySync{in: in, counts: in.Counts, at: in.From}
	s.setup(ctx)
	return s.run(ctx)
}

// entitySync is one EntitySync under way.
type entitySync struct {
	in     EntitySyncInput
	at     activities.ChunkState
	counts Counts
	paused bool
	stop   workflow.CancelFunc // ends the chunk at work
	starts workflow.Future     // the starting of sale workflows, beside the reading
	state  string              // how it ended; empty while it goes on
	waits  *activities.Waiting // why the chunk at work is being retried; nil when it is not
}

var (
	syncActs    *activities.Sync
	startActs   *activities.Starter
	operateActs *activities.Operations
)

func (s *entitySync) setup(ctx workflow.Context) {
	s.paused = s.in.Paused
	s.describe(ctx)
	control := workflow.GetSignalChannel(ctx, signalControl)
	workflow.GoNamed(ctx, "control", func(ctx workflow.Context) {
		for control.Receive(ctx, &s.paused) {
			if s.paused && s.stop != nil {
				s.stop()
			}
			s.describe(ctx)
		}
	})
	onWaiting(ctx, func(ctx workflow.Context, n activities.WaitingNotice) {
		s.waits = n.Waiting
		s.describe(ctx)
	})
}

func (s *entitySync) run(ctx workflow.Context) (EntitySyncResult, error) {
	for !s.at.Done {
		if err := workflow.Await(ctx, func() bool { return !s.paused }); err != nil {
			return s.cancelled(ctx)
		}
		chunk, err := s.chunk(ctx)
		if ctx.Err() != nil {
			s.take(chunk, err)
			return s.cancelled(ctx)
		}
		if err != nil && !temporal.IsCanceledError(err) {
			return s.failed(ctx, err)
		}
		s.take(chunk, err)
		s.describe(ctx)
		if err := s.startSales(ctx, chunk.Runs > 0); err != nil {
			return s.failed(ctx, err)
		}
		if !s.at.Done && workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return EntitySyncResult{}, s.continueAsNew(ctx)
		}
	}
	if err := s.awaitStarts(ctx); err != nil {
		return s.failed(ctx, err)
	}
	s.state = activities.StateDone
	s.describe(ctx)
	return EntitySyncResult{Counts: s.counts}, nil
}

// chunk runs one chunk, which a pause ends early with what it has.
func (s *entitySync) chunk(ctx workflow.Context) (activities.ChunkState, error) {
	ctx, s.stop = workflow.WithCancel(ctx)
	defer func() { s.stop = nil }()
	var state activities.ChunkState
	err := workflow.ExecuteActivity(
		chunkOptions(ctx, fmt.Sprintf("%s from %d", s.in.Entity, s.counts.Read)),
		chunkActivity(s.in.Direction), activities.ChunkInput{
			Operation: s.in.Operation, Instance: s.in.Instance, Entity: s.in.Entity,
			Direction: s.in.Direction, Filter: s.in.Filter, From: s.at, MaxPages: pagesPerChunk,
		}).Get(ctx, &state)
	s.waits = nil
	return state, err
}

// take moves on to where a chunk ended. A cancelled one that had not begun to land leaves everything as it was.
func (s *entitySync) take(chunk activities.ChunkState, err error) {
	if err != nil {
		return
	}
	s.counts = s.counts.Add(chunk.Counts)
	s.at = chunk
}

// startSales starts what the chunk left due while the next chunk reads; one starter at a time is enough.
func (s *entitySync) startSales(ctx workflow.Context, due bool) error {
	if !due {
		return nil
	}
	if err := s.awaitStarts(ctx); err != nil {
		return err
	}
	s.starts = workflow.ExecuteActivity(startOptions(ctx), startActs.StartSaleOrders, activities.StartInput{Instance: s.in.Instance})
	return nil
}

func (s *entitySync) awaitStarts(ctx workflow.Context) error {
	if s.starts == nil {
		return nil
	}
	err := s.starts.Get(ctx, nil)
	s.starts = nil
	return err
}

func (s *entitySync) continueAsNew(ctx workflow.Context) error {
	if err := s.awaitStarts(ctx); err != nil {
		return err
	}
	next := s.in
	next.From, next.Counts = s.at, s.counts
	control := workflow.GetSignalChannel(ctx, signalControl)
	for control.ReceiveAsync(&s.paused) {
	}
	next.Paused = s.paused
	return workflow.NewContinueAsNewError(ctx, entityWorkflow(s.in.Direction), next)
}

func (s *entitySync) cancelled(ctx workflow.Context) (EntitySyncResult, error) {
	return EntitySyncResult{Counts: s.counts, Cancelled: true}, s.end(ctx, activities.StateCancelled, nil)
}

func (s *entitySync) failed(ctx workflow.Context, err error) (EntitySyncResult, error) {
	if ctx.Err() != nil {
		return s.cancelled(ctx)
	}
	failure := activities.FailureOf(err)
	return EntitySyncResult{Counts: s.counts, Failure: &failure}, s.end(ctx, activities.StateFailed, &failure)
}

// end records what the last chunk could not, even when the workflow is cancelled.
func (s *entitySync) end(ctx workflow.Context, state string, failure *activities.Failure) error {
	s.state = state
	s.describe(ctx)
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	return workflow.ExecuteActivity(rowOptions(ctx, "record "+state), operateActs.EndProgress, activities.ProgressInput{
		Operation: s.in.Operation, Instance: s.in.Instance, Entity: s.in.Entity, State: state, Failure: failure,
	}).Get(ctx, nil)
}

func (s *entitySync) stage() string {
	switch {
	case s.state != "":
		return s.state
	case s.paused:
		return activities.StatePaused
	default:
		return activities.StateRunning
	}
}

// describe shows the progress in the Temporal UI; it costs no history.
func (s *entitySync) describe(ctx workflow.Context) { workflow.SetCurrentDetails(ctx, s.details()) }

// details says what the import waits for, if anything, and how far it is.
func (s *entitySync) details() string {
	c := s.counts
	of := ""
	if s.at.Total > 0 {
		of = fmt.Sprintf(" of %d", s.at.Total)
	}
	progress := fmt.Sprintf("**%s** %s: %d%s read: %d created, %d updated, %d unchanged, %d parked, %d failed",
		s.in.Entity, s.stage(), c.Read, of, c.Created, c.Updated, c.Unchanged, c.Parked, c.Failed)
	if s.waits == nil {
		return progress
	}
	return waitingDetails(*s.waits) + "\n\n" + progress
}
