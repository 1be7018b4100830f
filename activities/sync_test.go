package activities

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"tandem/db"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// rateShop is a store that has nothing but tax rates, and answers as it is told.
type rateShop struct {
	rates    int
	status   int // answers this instead when set
	holdFrom int // from this offset on there is no answer until the reader gives up, when set
}

func (s *rateShop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if s.status != 0 {
		w.WriteHeader(s.status)
		if s.status >= http.StatusInternalServerError {
			return // PHP died
		}
		fmt.Fprint(w, `{"code":"woocommerce_rest_cannot_view","message":"no","data":{"status":401}}`)
		return
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	if s.holdFrom > 0 && offset >= s.holdFrom {
		<-r.Context().Done()
		return
	}
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	page := []map[string]any{}
	for id := offset + 1; id <= min(offset+size, s.rates); id++ {
		page = append(page, map[string]any{"id": id, "rate": "20.0000", "name": "VAT", "country": "FR", "class": "standard"})
	}
	w.Header().Set("X-WP-Total", strconv.Itoa(s.rates))
	w.Header().Set("X-WP-TotalPages", strconv.Itoa((s.rates+size-1)/size))
	_ = json.NewEncoder(w).Encode(page)
}

// taxBooks is an ERP that takes tax rates.
type taxBooks struct {
	erp.Backend
	batches int
	err     error // from the second batch on
}

// Lookup knows none of the taxes.
func (b *taxBooks) Lookup(_ context.Context, keys []erp.Key) ([]string, error) {
	return make([]string, len(keys)), nil
}

// Adopt lets a tax have further keys.
func (b *taxBooks) Adopt(context.Context, erp.Key, string) error { return nil }

func (b *taxBooks) UpsertTaxes(_ context.Context, batch []erp.Tax) ([]erp.Outcome, error) {
	if b.batches++; b.batches > 1 && b.err != nil {
		return nil, b.err
	}
	outcomes := make([]erp.Outcome, len(batch))
	for i, t := range batch {
		outcomes[i] = erp.Outcome{Key: t.Key, Status: erp.Created, ID: t.Key.ID, After: "digest"}
	}
	return outcomes, nil
}

// memory is a database that remembers what it was told.
type memory struct {
	started   []db.PageStart
	finished  []db.PageResult
	progress  []string
	watermark time.Time
	position  flow.Cursor
	kept      []string // the ids of records of which something is kept back
	allowed   bool     // terms may be exported
	finishing func()   // called before a page is finished

	refusal      error // of leases
	pages        int64 // that the operation has landed
	older        []string
	waiting      []db.Waiting
	notices      []WaitingNotice
	troubleSince time.Time
	ends         []db.ScanEnd
	skew         time.Duration

	matchStore // of chunks that move records, nothing of it is asked
}

func (m *memory) ClaimProgress(_ context.Context, a db.Attempt) (db.Lease, error) {
	m.progress = append(m.progress, StateRunning)
	return db.Lease{Attempt: a, Epoch: 1, At: time.Now().UTC(), Pages: m.pages + int64(len(m.finished))}, m.refusal
}

func (m *memory) CheckLease(context.Context, db.Lease) error { return m.refusal }

func (m *memory) SetWaiting(_ context.Context, _ db.Attempt, w db.Waiting) (time.Time, error) {
	m.waiting = append(m.waiting, w)
	return m.troubleSince, nil
}

func (m *memory) NotifyWaiting(_ context.Context, _ string, n WaitingNotice) error {
	m.notices = append(m.notices, n)
	return nil
}

func (m *memory) StartPage(_ context.Context, page db.PageStart) (db.PageStarted, error) {
	m.started = append(m.started, page)
	return db.PageStarted{Older: m.older}, nil
}

func (m *memory) FinishPage(_ context.Context, page db.PageResult) error {
	if m.finishing != nil {
		m.finishing()
	}
	m.finished = append(m.finished, page)
	return nil
}

func (m *memory) KeptBack(context.Context, string, string, flow.Direction, string, int) ([]string, error) {
	return m.kept, nil
}

func (m *memory) Unlisted(context.Context, string, string, string, int) ([]string, error) {
	return nil, nil
}

func (m *memory) Position(context.Context, string, string, flow.Direction) (db.Position, error) {
	return db.Position{SeenUntil: m.watermark, Cursor: m.position}, nil
}

func (m *memory) Instance(_ context.Context, id string) (instance.Instance, error) {
	return instance.Instance{ID: id, State: instance.Connected, Config: instance.Config{Export: instance.Export{Terms: m.allowed}}}, nil
}

func (m *memory) CompleteScan(_ context.Context, _ db.Lease, s db.ScanEnd) error {
	m.ends = append(m.ends, s)
	m.watermark = s.Until
	m.progress = append(m.progress, StateDone)
	return nil
}

func (m *memory) SetClockSkew(_ context.Context, _ string, skew time.Duration) error {
	m.skew = skew
	return nil
}

// connection is always the same store and ERP.
type connection struct{ mapping.Context }

func (c connection) Connect(context.Context, string) (mapping.Context, error) { return c.Context, nil }

// syncTest is a Sync over a small shop.
type syncTest struct {
	shop  *rateShop
	books *taxBooks
	db    *memory
	env   *testsuite.TestActivityEnvironment
	acts  *Sync
}

func newSyncTest(t *testing.T, rates int) *syncTest {
	t.Helper()
	books := &taxBooks{}
	return newSyncTestOn(t, rates, books, books)
}

// newSyncTestOn lands in a backend, which may stand before the books.
func newSyncTestOn(t *testing.T, rates int, books *taxBooks, backend erp.Backend) *syncTest {
	t.Helper()
	s := &syncTest{shop: &rateShop{rates: rates}, books: books, db: &memory{}}
	s.begin(t, s.shop, backend)
	return s
}

// newSyncTestIn reads another store.
func newSyncTestIn(t *testing.T, store http.Handler) *syncTest {
	t.Helper()
	s := &syncTest{books: &taxBooks{}, db: &memory{}}
	s.begin(t, store, s.books)
	return s
}

// clientOf reads a store.
func clientOf(t *testing.T, store http.Handler) *woo.Client {
	t.Helper()
	server := httptest.NewServer(store)
	t.Cleanup(server.Close)
	client, err := woo.New(woo.Config{URL: server.URL, ConsumerKey: "ck", ConsumerSecret: "cs", Tries: 1})
	require.NoError(t, err)
	return client
}

func (s *syncTest) begin(t *testing.T, store http.Handler, backend erp.Backend) {
	t.Helper()
	s.acts = &Sync{Store: s.db, Notifier: s.db, Connector: connection{mapping.Context{
		Instance: instance.Instance{ID: "demo"}, Store: clientOf(t, store), Backend: backend,
	}}}
	var suite testsuite.WorkflowTestSuite
	s.env = suite.NewTestActivityEnvironment()
	s.env.RegisterActivity(s.acts)
}

func (s *syncTest) run(t *testing.T, in ChunkInput) (ChunkState, error) {
	t.Helper()
	in.Operation, in.Instance, in.Entity = "op1", "demo", "tax"
	if in.Filter.Kind == "" {
		in.Filter.Kind = flow.All
	}
	if in.MaxPages == 0 {
		in.MaxPages = 100
	}
	value, err := s.env.ExecuteActivity(s.acts.SyncChunk, in)
	var state ChunkState
	if err == nil {
		require.NoError(t, value.Get(&state))
	}
	return state, err
}

func TestSyncChunkReadsTheWholeScan(t *testing.T) {
	s := newSyncTest(t, 250)
	state, err := s.run(t, ChunkInput{})
	require.NoError(t, err)
	require.True(t, state.Done)
	require.Equal(t, 250, state.Total)
	require.Equal(t, Counts{Read: 250, Created: 250}, state.Counts)
	require.Equal(t, []string{StateRunning, StateDone}, s.db.progress)
	require.False(t, s.db.watermark.IsZero(), "a whole scan moves the watermark")

	seen := map[string]bool{}
	for i, page := range s.db.finished {
		require.Len(t, s.db.started[i].Records, len(page.Results), "raw records are kept before they are landed")
		for _, r := range page.Results {
			require.False(t, seen[r.Record.ID], "record %s came twice", r.Record.ID)
			seen[r.Record.ID] = true
			key := flow.Key{Instance: "demo", Entity: "tax", ID: r.Record.ID}
			rate, current := key, key
			rate.ID, current.ID = key.ID+"@20-FR", key.ID+"@"
			require.Equal(t, key, r.Outcome.Key)
			require.Equal(t, []flow.Key{rate, current}, r.Outcome.Also, "its number, its rate, and what its number stands for now")
		}
	}
	require.Len(t, seen, 250)
}

func TestSyncChunkEndsAfterItsPages(t *testing.T) {
	s := newSyncTest(t, 350)
	first, err := s.run(t, ChunkInput{MaxPages: 2})
	require.NoError(t, err)
	require.False(t, first.Done)
	require.Equal(t, 2, first.Pages)
	require.True(t, s.db.watermark.IsZero(), "nothing is complete yet")

	second, err := s.run(t, ChunkInput{From: first})
	require.NoError(t, err)
	require.True(t, second.Done)
	require.Equal(t, 350, first.Counts.Read+second.Counts.Read)
	require.Equal(t, []string{StateRunning, StateRunning, StateDone}, s.db.progress)
	require.False(t, s.db.watermark.After(first.StoreTime.Add(time.Second)), "the watermark is when the scan began")
	require.Equal(t, first.StoreTime, second.StoreTime)
}

func TestSyncChunkGoesOnFromItsHeartbeat(t *testing.T) {
	s := newSyncTest(t, 350)
	before, err := s.run(t, ChunkInput{MaxPages: 2})
	require.NoError(t, err)
	s.db.finished, s.db.pages = nil, before.Landed

	s.env.SetHeartbeatDetails(before)
	after, err := s.run(t, ChunkInput{})
	require.NoError(t, err)
	require.Equal(t, Counts{Read: 350, Created: 350}, after.Counts, "what the try that died had landed counts too")
	landed := 0
	for _, page := range s.db.finished {
		landed += len(page.Results)
	}
	require.Equal(t, 350-before.Counts.Read, landed)
}

func TestSyncChunkStopsWithItsWorker(t *testing.T) {
	s := newSyncTest(t, 350)
	s.shop.holdFrom = 200
	stop := make(chan struct{})
	s.env.SetWorkerStopChannel(stop)
	s.db.finishing = sync.OnceFunc(func() { close(stop) })
	state, err := s.run(t, ChunkInput{})
	require.NoError(t, err, "what was done is a success")
	require.False(t, state.Done)
	require.Positive(t, state.Counts.Read)
	require.Less(t, state.Counts.Read, 350)
	require.Len(t, s.db.finished, state.Pages, "the page in hand was finished")
}

func TestSyncChunkKeepsNothingOfAPageThatFailed(t *testing.T) {
	s := newSyncTest(t, 250)
	s.books.err = fault.New(fault.Unavailable, "the ERP does not answer")
	_, err := s.run(t, ChunkInput{})
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.False(t, app.NonRetryable())
	require.Equal(t, string(fault.Unavailable), app.Type())
	require.Len(t, s.db.finished, 1)
}

func TestSyncChunkGivesUpOnBadKeys(t *testing.T) {
	s := newSyncTest(t, 250)
	s.shop.status = http.StatusUnauthorized
	_, err := s.run(t, ChunkInput{})
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.True(t, app.NonRetryable())
	require.Equal(t, fault.Unauthorized, FailureOf(err).Kind)
}

func TestSyncChunkOfIDs(t *testing.T) {
	s := newSyncTest(t, 3)
	_, err := s.run(t, ChunkInput{Filter: flow.Filter{Kind: flow.IDs, IDs: []string{"2", "77"}}})
	require.NoError(t, err)
	require.True(t, s.db.watermark.IsZero(), "it has not seen everything")
	statuses := map[string]string{}
	for _, page := range s.db.finished {
		for _, r := range page.Results {
			statuses[r.Record.ID] = string(r.Outcome.Status) + " " + r.Outcome.Code
		}
	}
	require.Equal(t, "failed not_in_store", statuses["77"])
	require.Equal(t, "created ", statuses["2"])
}
