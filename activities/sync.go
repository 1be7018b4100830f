// Package activities is what Temporal retries: reading and landing chunks, single steps of orders, and the rows that people
// look at. One struct per concern; what it needs of others is a small interface.
package activities

import (
	"context"
	"time"

	"tandem/db"
	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/instance"
)

// Connector opens what an instance's records are read from and landed in. What it gives is shared and not to be closed.
type Connector interface {
	Connect(ctx context.Context, instance string) (mapping.Context, error)
}

// syncStore is what Sync needs of the database.
type syncStore interface {
	ClaimProgress(ctx context.Context, a db.Attempt) (db.Lease, error)
	CheckLease(ctx context.Context, l db.Lease) error
	SetWaiting(ctx context.Context, a db.Attempt, w db.Waiting) (since time.Time, err error)
	StartPage(ctx context.Context, page db.PageStart) (db.PageStarted, error)
	FinishPage(ctx context.Context, page db.PageResult) error
	Position(ctx context.Context, inst, entity string, d flow.Direction) (db.Position, error)
	KeptBack(ctx context.Context, inst, entity string, d flow.Direction, owners string, limit int) ([]string, error)
	Unlisted(ctx context.Context, operation, inst, entity string, limit int) ([]string, error)
	Instance(ctx context.Context, id string) (instance.Instance, error)
	CompleteScan(ctx context.Context, l db.Lease, s db.ScanEnd) error
	SetClockSkew(ctx context.Context, inst string, skew time.Duration) error
	matchStore
}

// Sync reads chunks of pages out of a store and lands them.
type Sync struct {
	Connector Connector
	Store     syncStore
	Notifier  WaitingNotifier
}

// ChunkInput asks for one chunk of one entity.
type ChunkInput struct {
	Operation string `json:"operation"`
	Instance  string `json:"instance"`
	Entity    string `json:"entity"`
	// Direction is empty in chunks of workflows from before there were exports.
	Direction flow.Direction `json:"direction,omitempty"`
	Filter    flow.Filter    `json:"filter"`
	From      ChunkState     `json:"from"`
	MaxPages  int            `json:"max_pages"` // the chunk ends after so many pages, or after two minutes
}

// ChunkState is where a scan stands: the heartbeat of a chunk and the link between two. Everything before the cursor is
// durably stored.
type ChunkState struct {
	Cursor    flow.Cursor `json:"cursor,omitempty"`
	Done      bool        `json:"done"`
	Pages     int         `json:"pages"` // in this chunk
	Total     int         `json:"total"` // of the scan, as the store counts
	Counts    Counts      `json:"counts"`
	Runs      int         `json:"runs"`            // orders waiting for their sale workflow to be started
	StoreTime time.Time   `json:"began,omitzero"`  // the store's clock when the scan began
	AskedAt   time.Time   `json:"asked,omitzero"`  // the database's clock when the scan began
	Newest    time.Time   `json:"newest,omitzero"` // the latest date of change among the records read
	Watermark time.Time   `json:"watermark,omitzero"`
	Changes   bool        `json:"changes,omitzero"`  // the scan goes on from the position of the one before
	Landed    int64       `json:"landed,omitzero"`   // pages that the operation has landed of the entity, as the database counts
	Skipped   string      `json:"skipped,omitempty"` // why the store's list was not read; empty when it was
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

// MatchChunk is SyncChunk for chunks in which no record goes anywhere. It has a name of its own because a worker from before there were
// such chunks would take one for an import.
func (s *Sync) MatchChunk(ctx context.Context, in ChunkInput) (ChunkState, error) {
	return s.SyncChunk(ctx, in)
}

// SyncChunk reads up to MaxPages pages and lands them. A try that died is continued from its last heartbeat. When it is
// cancelled (paused) or the worker stops, it finishes the page in hand and returns what it has: that is a success. What keeps
// it from getting on is noted where people look.
func (s *Sync) SyncChunk(ctx context.Context, in ChunkInput) (ChunkState, error) {
	c := newChunk(ctx, s, in)
	defer c.beat.stop()
	err := c.work(ctx)
	if err != nil {
		err = c.giveUpOrWait(ctx, err)
		return ChunkState{}, classify(ctx, err)
	}
	c.goesOn(ctx)
	return c.state, nil
}
