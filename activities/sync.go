// Package activities is what Temporal retries: reading and landing chunks, single steps of orders, and the rows that people
// look at. One struct per concern; what it needs of others is a small interface.
package activities

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/activity"

	"tandem/db"
	"tandem/entity"
	"tandem/woo"
)

// Connector opens what an instance's records are read from and landed in. What it gives is shared and not to be closed.
type Connector interface {
	Connect(ctx context.Context, instance string) (entity.Context, error)
}

// syncStore is what Sync needs of the database.
type syncStore interface {
	StartProgress(ctx context.Context, operation, inst, entity string) error
	FinishProgress(ctx context.Context, operation, inst, entity, state, errorKind, message string) error
	StartPage(ctx context.Context, page db.PageStart) error
	FinishPage(ctx context.Context, page db.PageResult) error
	Watermark(ctx context.Context, inst, entity string) (time.Time, error)
	SetWatermark(ctx context.Context, inst, entity string, at time.Time) error
}

// Sync reads chunks of pages out of a store and lands them.
type Sync struct {
	Connector Connector
	Store     syncStore
}

// ChunkInput asks for one chunk of one entity.
type ChunkInput struct {
	Operation string        `json:"operation"`
	Instance  string        `json:"instance"`
	Entity    string        `json:"entity"`
	Filter    entity.Filter `json:"filter"`
	From      ChunkState    `json:"from"`
	MaxPages  int           `json:"max_pages"` // the chunk ends after so many pages
}

// ChunkState is where a scan stands: the heartbeat of a chunk and the link between two. Everything before the cursor is
// durably stored.
type ChunkState struct {
	Cursor    entity.Cursor `json:"cursor"`
	Done      bool          `json:"done"`
	Pages     int           `json:"pages"` // in this chunk
	Total     int           `json:"total"` // of the scan, as the store counts
	Counts    Counts        `json:"counts"`
	Runs      int           `json:"runs"`           // orders waiting for their sale workflow to be started
	StoreTime time.Time     `json:"began,omitzero"` // the store's clock when the scan began: the next watermark
	Watermark time.Time     `json:"watermark,omitzero"`
}

// Counts are the outcomes of records.
type Counts struct {
	Read      int `json:"read"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Parked    int `json:"parked"`
	Failed    int `json:"failed"`
}

// Add sums two counts.
func (c Counts) Add(o Counts) Counts {
	return Counts{
		Read: c.Read + o.Read, Created: c.Created + o.Created, Updated: c.Updated + o.Updated,
		Unchanged: c.Unchanged + o.Unchanged, Parked: c.Parked + o.Parked, Failed: c.Failed + o.Failed,
	}
}

// heartbeatEvery keeps an activity alive while one page or call is slow; it is far under the heartbeat timeout.
const heartbeatEvery = 5 * time.Second

// SyncChunk reads up to MaxPages pages and lands them. A try that died is continued from its last heartbeat. When it is
// cancelled (paused) or the worker stops, it finishes the page in hand and returns what it has: that is a success.
func (s *Sync) SyncChunk(ctx context.Context, in ChunkInput) (ChunkState, error) {
	state, err := s.chunk(ctx, in)
	return state, classify(ctx, err)
}

func (s *Sync) chunk(ctx context.Context, in ChunkInput) (ChunkState, error) {
	e, err := entity.Get(in.Entity)
	if err != nil {
		return ChunkState{}, err
	}
	c := chunk{Sync: s, in: in, entity: e, state: resumed(ctx, in.From)}
	c.beat = newPulse(ctx, c.state)
	defer c.beat.stop()
	if c.ec, err = s.Connector.Connect(ctx, in.Instance); err != nil {
		return ChunkState{}, err
	}
	if err := c.begin(ctx); err != nil {
		return ChunkState{}, err
	}
	reading, stop := stopEarly(ctx)
	defer stop()
	reading, c.requests = woo.CountRequests(reading)
	if err := c.run(reading); err != nil {
		return ChunkState{}, err
	}
	return c.state, c.end(ctx)
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

// chunk is one chunk under way.
type chunk struct {
	*Sync
	in       ChunkInput
	entity   entity.Entity
	ec       entity.Context
	state    ChunkState
	beat     *pulse
	requests *atomic.Int64 // made since the last page was landed; reading runs ahead of landing
}

// begin prepares the first chunk of a scan: a scan for changes reads from the watermark that stands now.
func (c *chunk) begin(ctx context.Context) error {
	if c.state.Cursor != (entity.Cursor{}) {
		return nil
	}
	if c.in.Filter.Kind == entity.Changes && c.state.Watermark.IsZero() {
		at, err := c.Store.Watermark(ctx, c.in.Instance, c.in.Entity)
		if err != nil {
			return err
		}
		c.state.Watermark = at
	}
	return c.Store.StartProgress(ctx, c.in.Operation, c.in.Instance, c.in.Entity)
}

func (c *chunk) filter() entity.Filter {
	filter := c.in.Filter
	if filter.Kind != entity.Changes {
		return filter
	}
	if c.state.Watermark.IsZero() {
		filter.Kind = entity.All
	}
	filter.From = c.state.Watermark
	return filter
}

// run lands page after page until the scan or the chunk is at its end, or reading is stopped.
func (c *chunk) run(reading context.Context) error {
	// A page in hand is landed to the end even when the chunk is cancelled meanwhile.
	landing := context.WithoutCancel(reading)
	for page, err := range c.entity.Pull(reading, c.ec, c.filter(), c.state.Cursor) {
		if err != nil {
			if reading.Err() != nil && errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		}
		if err := c.land(landing, page); err != nil {
			return err
		}
		c.beat.set(c.state)
		if page.Done || c.state.Pages >= c.in.MaxPages || reading.Err() != nil {
			return nil
		}
	}
	return nil
}

// end closes a scan that is through: its start, by the store's clock, is the next watermark. A scan by ids or dates has
// not seen everything and moves none.
func (c *chunk) end(ctx context.Context) error {
	if !c.state.Done {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	whole := c.in.Filter.Kind == entity.All || c.in.Filter.Kind == entity.Changes
	if whole && !c.state.StoreTime.IsZero() {
		if err := c.Store.SetWatermark(ctx, c.in.Instance, c.in.Entity, c.state.StoreTime); err != nil {
			return err
		}
	}
	return c.Store.FinishProgress(ctx, c.in.Operation, c.in.Instance, c.in.Entity, db.OperationDone, "", "")
}
