package activities

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"tandem/db"
	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// brokenBooks stops at some records, as a defect would.
type brokenBooks struct {
	*taxBooks
	stops map[string]bool
}

func (b *brokenBooks) UpsertTaxes(ctx context.Context, batch []erp.Tax) ([]erp.Outcome, error) {
	for _, t := range batch {
		id, _, _ := strings.Cut(t.Key.ID, "@") // a rate's key names what it is, too
		if b.stops[id] {
			return nil, fault.New(fault.Internal, "the ERP failed")
		}
	}
	return b.taxBooks.UpsertTaxes(ctx, batch)
}

func TestARecordThatADefectStopsFailsAlone(t *testing.T) {
	books := &taxBooks{}
	s := newSyncTestOn(t, 100, books, &brokenBooks{taxBooks: books, stops: map[string]bool{"42": true}})
	_, err := s.run(t, ChunkInput{})
	require.Error(t, err, "at first the page is tried again")
	require.Empty(t, s.db.finished)
	require.Equal(t, string(fault.Internal), s.db.waiting[0].Kind)
}

func TestOlderCopiesAreNotLandedButReadAgain(t *testing.T) {
	s := newSyncTest(t, 3)
	s.db.older = []string{"2"}
	state, err := s.run(t, ChunkInput{})
	require.NoError(t, err)
	require.Equal(t, Counts{Read: 2, Created: 2}, state.Counts)
	require.Equal(t, []string{"2"}, s.db.finished[0].Started.Older)
	require.Len(t, s.db.finished[0].Results, 2)
}

func TestASupersededAttemptStops(t *testing.T) {
	s := newSyncTest(t, 3)
	s.db.refusal = &fault.Error{Kind: fault.Unavailable, Code: db.CodeSuperseded, Message: "another attempt has taken over"}
	_, err := s.run(t, ChunkInput{})
	require.Error(t, err)
	require.Empty(t, s.db.started)
	require.Empty(t, s.db.waiting, "the other attempt says how it goes")
}

func TestWhatAChunkWaitsForIsSaid(t *testing.T) {
	s := newSyncTest(t, 250)
	s.shop.status = http.StatusInternalServerError
	_, err := s.run(t, ChunkInput{})
	require.Error(t, err)
	require.Len(t, s.db.waiting, 1)
	w := s.db.waiting[0]
	require.Equal(t, string(fault.Unavailable), w.Kind)
	require.Contains(t, w.Message, "the store does not answer properly (GET /wc/v3/taxes, HTTP 500")
	require.NotEmpty(t, w.Remedy)
	require.Equal(t, 1, w.Attempt)
	require.WithinDuration(t, time.Now().Add(RetryDelay(1)), w.NextTryAt, time.Minute)
}

// A store that is away as a whole is waited for, however long.
func TestAStoreThatIsAwayIsWaitedFor(t *testing.T) {
	s := newSyncTest(t, 250)
	s.shop.status = http.StatusInternalServerError
	s.db.troubleSince = time.Now().Add(-24 * time.Hour)
	_, err := s.run(t, ChunkInput{})
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.False(t, app.NonRetryable())
}

func TestRetryDelay(t *testing.T) {
	for attempt, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 6: 32 * time.Second, 7: time.Minute, 1000: time.Minute} {
		require.Equal(t, want, RetryDelay(attempt))
	}
}

func TestWatermarkIsWhatWasSeen(t *testing.T) {
	began := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		entity            string
		storeTime, newest time.Time
		want              time.Time
	}{
		"no later than the newest change":    {"order", began, began.Add(-time.Hour), began.Add(-time.Hour)},
		"no later than the scan's beginning": {"order", began, began.Add(time.Minute), began},
		"the store's clock is ahead":         {"order", began.Add(2 * time.Hour), began.Add(2 * time.Hour), began},
		"the store's clock is behind":        {"order", began.Add(-2 * time.Hour), began.Add(-2 * time.Hour), began.Add(-2 * time.Hour)},
		"only the header is ahead":           {"order", began.Add(2 * time.Hour), began.Add(-time.Minute), began.Add(-time.Minute)},
		"nothing was seen":                   {"order", began, time.Time{}, time.Time{}},
		"records without dates":              {"tax", began, time.Time{}, began},
		"a store without a clock":            {"order", time.Time{}, began, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := entity.Get(flow.Import, tt.entity)
			require.NoError(t, err)
			c := &chunk{entity: e, in: ChunkInput{Filter: flow.Filter{Kind: flow.All}},
				state: ChunkState{StoreTime: tt.storeTime, AskedAt: began, Newest: tt.newest}}
			require.Equal(t, tt.want, c.watermark())
		})
	}
}

func TestAClockThatWentBackMakesAScanRead(t *testing.T) {
	mark := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	c := &chunk{in: ChunkInput{Filter: flow.Filter{Kind: flow.Changes}}, state: ChunkState{Watermark: mark}}
	require.True(t, c.clockWentBack(flow.Page{Reading: flow.Reading{StoreTime: mark.Add(-2 * time.Hour)}}))
	require.False(t, c.clockWentBack(flow.Page{Reading: flow.Reading{StoreTime: mark.Add(-time.Second)}}))
	require.False(t, c.clockWentBack(flow.Page{Reading: flow.Reading{StoreTime: mark.Add(time.Hour)}}))
}

// The watermark lies ahead of the store's clock: a scan for changes reads all.
func TestChangesAreReadWholeWhenTheClockWentBack(t *testing.T) {
	s := newSyncTest(t, 3)
	s.db.watermark = time.Now().Add(2 * time.Hour)
	state, err := s.run(t, ChunkInput{Filter: flow.Filter{Kind: flow.Changes}})
	require.NoError(t, err)
	require.Equal(t, 3, state.Counts.Read)
	require.True(t, s.db.ends[0].Whole)
}

func TestARetryIsNotedOnceItLasts(t *testing.T) {
	s := newSyncTest(t, 1)
	c := &chunk{Sync: s.acts}
	c.retried(t.Context(), woo.Retry{Err: fault.New(fault.Unavailable, "500"), Lasting: time.Second})
	require.Empty(t, s.db.waiting)
	for range 3 {
		c.retried(t.Context(), woo.Retry{Err: fault.New(fault.Unavailable, "500"), Lasting: time.Minute})
	}
	require.Len(t, s.db.waiting, 1)
}

// What a database that was set back has lost lies before the cursor, so everything is read again. One that is ahead of the last
// heartbeat has lost nothing.
func TestADatabaseThatWasSetBackMakesAScanRead(t *testing.T) {
	for name, tt := range map[string]struct {
		known int64
		read  int
	}{
		"as many pages": {2, 150},
		"more pages":    {3, 150},
		"fewer pages":   {1, 250},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSyncTest(t, 250)
			s.db.pages = tt.known
			state, err := s.run(t, ChunkInput{From: ChunkState{Cursor: flow.Cursor(`{"offset":100,"last_id":100}`), Landed: 2}})
			require.NoError(t, err)
			require.True(t, state.Done)
			require.Equal(t, tt.read, state.Counts.Read)
			require.Equal(t, tt.known+int64(state.Pages), state.Landed)
		})
	}
}
