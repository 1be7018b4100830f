package activities

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/activity"

	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// heartbeatEvery keeps an activity alive while one page or call is slow; it is far under the heartbeat timeout.
const heartbeatEvery = 5 * time.Second

// chunkLimit is how long a chunk keeps its slot: shorter imports of other stores wait behind it.
const chunkLimit = 2 * time.Minute

// chunk is one chunk under way.
type chunk struct {
	*Sync
	in       ChunkInput
	entity   mapping.Entity
	ec       mapping.Context
	state    ChunkState
	beat     *pulse
	workflow string // id of the EntitySync that the chunk is of
	attempt  db.Attempt
	tries    int // of this chunk, from 1
	began    time.Time
	lease    db.Lease
	leased   time.Time      // our clock when the lease was granted
	started  time.Time      // our clock when the page in hand was started
	page     db.PageStarted // of the page in hand
	requests *atomic.Int64  // made since the last page was landed; reading runs ahead of landing
	waiting  waitingNote
}

func newChunk(ctx context.Context, s *Sync, in ChunkInput) *chunk {
	info := activity.GetInfo(ctx)
	c := &chunk{
		Sync: s, in: in, state: resumed(ctx, in.From), tries: int(info.Attempt), began: time.Now(),
		workflow: info.WorkflowExecution.ID,
		attempt:  db.Attempt{Operation: in.Operation, Instance: in.Instance, Entity: in.Entity, Direction: in.Direction, Started: info.StartedTime},
	}
	c.waiting.shown = info.Attempt > 1 // an attempt before this one may have said so
	c.beat = newPulse(ctx, c.state)
	return c
}

// resumed gives the state of the last heartbeat of an earlier try, or the chunk's own start.
func resumed(ctx context.Context, from ChunkState) ChunkState {
	from.Pages, from.Counts, from.Runs = 0, Counts{}, 0
	var beat ChunkState
	if activity.HasHeartbeatDetails(ctx) && activity.GetHeartbeatDetails(ctx, &beat) == nil {
		return beat
	}
	return from
}

// work does the chunk. A panic is a defect of ours, which must not look like anything else.
func (c *chunk) work(ctx context.Context) (err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	if c.entity, err = entity.Get(c.in.Direction, c.in.Entity); err != nil {
		return err
	}
	if c.ec, err = c.Connector.Connect(ctx, c.in.Instance); err != nil {
		return err
	}
	c.ec.Confirm, c.ec.Matches, c.ec.Overwrite = c.confirm, chunkMatches{c}, c.in.Filter.Overwrite
	c.ec.Parts, c.ec.Force = c.in.Filter.Parts, c.in.Filter.Force
	if c.lease, err = c.Store.ClaimProgress(ctx, c.attempt); err != nil {
		return err
	}
	c.leased = time.Now()
	c.compare(ctx)
	if err := c.begin(ctx); err != nil {
		return err
	}
	reading, stop := stopEarly(ctx)
	defer stop()
	reading, c.requests = woo.CountRequests(reading)
	if err := c.moveKeptBack(reading); err != nil {
		return err
	}
	if err := c.run(woo.WatchRetries(reading, c.retried)); err != nil {
		return err
	}
	if err := c.askUnlisted(reading); err != nil {
		return err
	}
	return c.end(ctx)
}

// stopEarly gives a context for reading that ends when the activity is cancelled or its worker stops.
func stopEarly(ctx context.Context) (context.Context, context.CancelFunc) {
	reading, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-activity.GetWorkerStopChannel(ctx):
			cancel()
		case <-reading.Done():
		}
	}()
	return reading, cancel
}

// compare reads everything again when the database knows of fewer pages than the scan has landed: it was set back meanwhile, and
// what it lost lies before the cursor.
func (c *chunk) compare(ctx context.Context) {
	if c.lease.Pages < c.state.Landed {
		activity.GetLogger(ctx).Warn("the database was set back: everything is read from the beginning again",
			"instance", c.in.Instance, "entity", c.in.Entity, "landed", c.state.Landed, "known", c.lease.Pages)
		c.state = ChunkState{}
	}
	c.state.Landed = c.lease.Pages
	c.beat.set(c.state)
}

// begin prepares the first chunk of a scan: a scan for changes reads from the watermark that stands now.
func (c *chunk) begin(ctx context.Context) error {
	if c.state.Cursor != nil || c.in.Filter.Kind != flow.Changes || !c.state.Watermark.IsZero() {
		return nil
	}
	at, err := c.Store.Position(ctx, c.in.Instance, c.position(), cmp.Or(c.in.Direction, flow.Import))
	c.state.Watermark = at.SeenUntil
	if c.exports() {
		c.state.Cursor, c.state.Changes = at.Cursor, at.Cursor != nil
	}
	return err
}

// position names the place up to which an entity was read. What moves only a part of records has one of its own: the rest is not moved.
func (c *chunk) position() string {
	return strings.Join(append([]string{c.in.Entity}, c.in.Filter.Parts...), "/")
}

func (c *chunk) exports() bool { return c.in.Direction == flow.Export }

func (c *chunk) filter() flow.Filter {
	filter := c.in.Filter
	if filter.Kind != flow.Changes || c.exports() {
		return filter // an ERP tells changes by its cursor
	}
	if c.state.Watermark.IsZero() {
		filter.Kind = flow.All
	}
	filter.From = c.state.Watermark
	return filter
}

// isolateFrom is the attempt from which a page that a defect stops is landed in parts.
const isolateFrom = 3

// run lands page after page until the scan or the chunk is at its end, or reading is stopped.
func (c *chunk) run(reading context.Context) error {
	for {
		err := c.entity.Run(reading, c.ec, flow.Scan{Filter: c.filter(), From: c.state.Cursor, Isolate: c.tries >= isolateFrom}, c)
		if !errors.Is(err, errClockWentBack) {
			return err
		}
		c.state.Watermark = time.Time{} // everything has to be read
	}
}

// confirm asks once more whether the page in hand may be written, when that was checked some time ago: the process may have
// been stopped in between.
func (c *chunk) confirm(ctx context.Context) error {
	if c.exports() {
		if err := c.mayWrite(ctx); err != nil {
			return err
		}
	}
	if time.Since(c.started) < time.Second {
		return nil
	}
	return c.Store.CheckLease(ctx, c.lease)
}

// mayWrite looks once more whether a person has switched the export off since it was asked for.
func (c *chunk) mayWrite(ctx context.Context) error {
	inst, err := c.Store.Instance(ctx, c.in.Instance)
	if err != nil {
		return err
	}
	return entity.CheckExport(inst, []string{c.in.Entity})
}

// readAt gives a moment of our clock as one of the database's, which all workers share.
func (c *chunk) readAt(ours time.Time) time.Time {
	if ours.IsZero() {
		return time.Time{}
	}
	return c.lease.At.Add(ours.Sub(c.leased))
}
