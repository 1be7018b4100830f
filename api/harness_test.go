package api_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/api"
	"tandem/api/gen"
	"tandem/db"
	"tandem/erp/ledger"
	"tandem/erp/open"
	"tandem/flow"
	"tandem/imageurl"
	"tandem/schema/schematest"
)

func TestMain(m *testing.M) {
	openapi3filter.RegisterBodyDecoder("text/event-stream", openapi3filter.PlainBodyDecoder)
	schematest.Main(m)
}

// harness is the real API on a database of its own, with Temporal, stores and ERPs stubbed.
type harness struct {
	t        testing.TB
	dsn      string
	db       *db.DB
	handler  http.Handler
	runs     *stubRuns
	plans    *stubSchedules
	store    *stubStore
	hooks    *stubWebhooks
	erp      *stubBackend
	linker   *stubLinker
	odoo     *stubBackend // behind instances that are made by newOdooInstance
	log      *lockedBuffer
	token    string // sent with every call
	contract routers.Router
	covered  map[string]bool // operations answered with a status below 300
}

// secretKey seals the tests' credentials.
var secretKey = bytes.Repeat([]byte{7}, 32)

// newHarness gives an API whose calls are made by an admin. Options may be changed before it is made. The test runs beside
// others from here on: it has a database of its own.
func newHarness(t *testing.T, change ...func(*api.Options)) *harness {
	t.Helper()
	t.Parallel()
	return startHarness(t, change...)
}

// startHarness is newHarness for what does not run beside others.
func startHarness(t testing.TB, change ...func(*api.Options)) *harness {
	t.Helper()
	dsn := schematest.URL(t)
	store, err := db.Open(t.Context(), dsn, db.Options{SecretKeys: [][]byte{secretKey}, MaxConns: 4, ERPs: open.Drivers()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	h := &harness{
		t: t, dsn: dsn, db: store, runs: &stubRuns{}, plans: &stubSchedules{}, store: &stubStore{}, hooks: &stubWebhooks{}, erp: newStubBackend(), linker: &stubLinker{}, odoo: newStubBackend(),
		log: &lockedBuffer{}, contract: contractRouter(t), covered: map[string]bool{},
	}
	options := api.Options{
		DB: store, Runs: h.runs, Schedules: h.plans, Stores: h.store, Backends: stubBackends{h.erp, h.odoo}, Webhooks: h.hooks, Linker: h.linker, Planner: stubPlanner{}, Stock: stubStock{}, ERPs: open.Drivers(), Version: "1.2.3",
		TemporalUI: "http://127.0.0.1:8233/namespaces/default", Logger: slog.New(slog.NewJSONHandler(h.log, nil)),
	}
	options.ImageKeys, err = imageurl.NewKeys([][]byte{secretKey})
	require.NoError(t, err)
	books, err := sqlx.Open("postgres", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, books.Close()) })
	held := ledger.Open(books)
	t.Cleanup(func() { require.NoError(t, held.Close()) })
	h.erp.Backend, h.erp.Desk = held, held
	for _, f := range change {
		f(&options)
	}
	h.handler, err = api.New(options)
	require.NoError(t, err)
	h.token = h.newToken(db.ScopeAdmin)
	return h
}

func (h *harness) newToken(scope string) string {
	h.t.Helper()
	plaintext, _, err := h.db.CreateToken(h.t.Context(), "test "+scope, scope, time.Hour)
	require.NoError(h.t, err)
	return plaintext
}

// readRouter reads the contract as it is published, once for all tests.
var readRouter = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: "http://127.0.0.1/api/v1"}}
	return legacy.NewRouter(doc)
})

func contractRouter(t testing.TB) routers.Router {
	t.Helper()
	router, err := readRouter()
	require.NoError(t, err)
	return router
}

// call makes a request and holds the answer against the contract. A body that is no string is sent as JSON.
func (h *harness) call(method, path string, body any, headers ...string) reply {
	h.t.Helper()
	return h.serve(h.request(method, path, body, headers...))
}

// in gives the harness to a subtest.
func (h *harness) in(t *testing.T) *harness {
	sub := *h
	sub.t = t
	return &sub
}

// serve answers a request and holds the answer against the contract.
func (h *harness) serve(request *http.Request) reply {
	h.t.Helper()
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, request)
	h.checkReply(request, recorder)
	return reply{ResponseRecorder: recorder, t: h.t}
}

func (h *harness) request(method, path string, body any, headers ...string) *http.Request {
	h.t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		require.NoError(h.t, err)
		content = bytes.NewReader(encoded)
	}
	request := httptest.NewRequestWithContext(h.t.Context(), method, "http://127.0.0.1/api/v1"+path, content)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if h.token != "" {
		request.Header.Set("Authorization", "Bearer "+h.token)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return request
}

// checkReply fails the test when an answer is not what the contract promises.
func (h *harness) checkReply(request *http.Request, recorder *httptest.ResponseRecorder) {
	h.t.Helper()
	route, params, err := h.contract.FindRoute(request)
	if err != nil {
		return // outside the contract
	}
	err = openapi3filter.ValidateResponse(h.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route},
		Status:                 recorder.Code,
		Header:                 recorder.Header(),
		Body:                   io.NopCloser(bytes.NewReader(recorder.Body.Bytes())),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true},
	})
	require.NoError(h.t, err, "%s %s answered %d: %s", request.Method, request.URL.Path, recorder.Code, recorder.Body)
	if recorder.Code < http.StatusMultipleChoices {
		h.covered[route.Operation.OperationID] = true
	}
}

// lockedBuffer is a log that may be written to and read at the same time.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Keys that must never be seen again after they were given.
const (
	consumerKey    = "ck_0123456789abcdef0123456789abcdef01234567"
	consumerSecret = "cs_76543210fedcba9876543210fedcba9876543210"
	erpSecret      = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
)

// newInstance is what the tests' instance is created with.
func newInstance() map[string]any {
	return map[string]any{
		"id": "demo", "name": "Demo", "store_url": "https://shop.example.com/",
		"consumer_key": consumerKey, "consumer_secret": consumerSecret,
	}
}

// newOdooInstance is what an instance on an Odoo is created with.
func newOdooInstance() map[string]any {
	body := newInstance()
	body["id"], body["backend"], body["erp_secret"] = "shop", "odoo", erpSecret
	body["erp_connection"] = map[string]any{"url": odooURL + "/web", "database": "acme"}
	return body
}

// complete is a configuration with which an instance can be activated.
func complete() map[string]any {
	return map[string]any{
		"general": map[string]any{"warehouse": "1", "currency": "EUR"},
		"payment": map[string]any{"term": "1"},
		"order":   map[string]any{"sales_team": "1", "salesperson": "1"},
		"webhook": map[string]any{"topics": []string{"order.created"}},
	}
}

// connected makes an instance whose store has answered.
func (h *harness) connected() {
	h.t.Helper()
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK)
}

// active makes an instance that is fully configured.
func (h *harness) active() {
	h.t.Helper()
	h.connected()
	h.call("PATCH", "/instances/demo", map[string]any{"config": complete()}).is(http.StatusOK)
	h.call("POST", "/instances/demo/activate", nil).is(http.StatusOK)
}

// importAll makes an operation over one entity.
func (h *harness) importAll(entity string) gen.Operation {
	h.t.Helper()
	body := map[string]any{"instances": []string{"demo"}, "entities": []string{entity}, "filter": map[string]any{"kind": "all"}}
	return decode[gen.Operation](h.call("POST", "/operations", body).is(http.StatusAccepted))
}

// landed writes what a worker would after it landed one page.
func (h *harness) landed(op gen.Operation, entity string, results ...flow.Result) {
	h.t.Helper()
	ctx := context.WithoutCancel(h.t.Context())
	_, err := h.db.ClaimProgress(ctx, db.Attempt{Operation: op.ID, Instance: "demo", Entity: entity, Started: time.Now()})
	require.NoError(h.t, err)
	start := db.PageStart{Operation: op.ID, Instance: "demo", Entity: entity, Total: len(results)}
	for _, r := range results {
		start.Records = append(start.Records, flow.Record{ID: r.Record.ID, Raw: []byte(`{}`), Names: r.Record.Names})
	}
	_, err = h.db.StartPage(ctx, start)
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.FinishPage(ctx, db.PageResult{
		Operation: op.ID, Instance: "demo", Entity: entity, Results: results,
		Duration: 10 * time.Millisecond, Requests: 1, WorkflowID: "sync/x", RunID: "run-1",
	}))
}

// landedOrder lands an order that a sale workflow of two steps is to move on.
func (h *harness) landedOrder(wooID string) {
	h.t.Helper()
	plan := json.RawMessage(`{"workflow":"default","steps":["validate","invoice","pay","ship"],"journal":"1","method":"manual"}`)
	h.landed(h.importAll("order"), "order", flow.Result{Record: flow.Record{ID: wooID}, Outcome: flow.Outcome{Status: flow.Created, ID: "9", After: "d", Key: keys("demo/order/" + wooID)[0], Plan: plan}})
}

// startedOrder says that the sale workflow of an order runs.
func (h *harness) startedOrder(wooID string) {
	h.t.Helper()
	run, err := h.db.OrderRun(h.t.Context(), "demo", wooID)
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.MarkOrderRunsStarted(h.t.Context(), "demo", []db.OrderRun{run}))
}

// stepped records a step as the order's workflow does.
func (h *harness) stepped(r db.OrderStepRecord) {
	h.t.Helper()
	run, err := h.db.OrderRun(h.t.Context(), "demo", r.WooID)
	require.NoError(h.t, err)
	r.Instance, r.PlanID = "demo", run.PlanID
	_, err = h.db.RecordOrderStep(h.t.Context(), r)
	require.NoError(h.t, err)
}

func decimalText(n int64) string { return strconv.FormatInt(n, 10) }

// root calls an address outside the contract.
func (h *harness) root(path string) reply {
	h.t.Helper()
	request := h.request("GET", "", nil)
	request.URL.Path = path
	return h.serve(request)
}

// exec runs a statement behind the API's back.
func (h *harness) exec(statement string, args ...any) {
	h.t.Helper()
	pool, err := sql.Open("postgres", h.dsn)
	require.NoError(h.t, err)
	_, err = pool.ExecContext(h.t.Context(), statement, args...)
	require.NoError(h.t, errors.Join(err, pool.Close()))
}

// read reads one text behind the API's back.
func (h *harness) read(query string) string {
	h.t.Helper()
	pool, err := sql.Open("postgres", h.dsn)
	require.NoError(h.t, err)
	var text string
	err = pool.QueryRowContext(h.t.Context(), query).Scan(&text)
	require.NoError(h.t, errors.Join(err, pool.Close()))
	return text
}

// forgetAnswer leaves an idempotency key as a process does that dies before it answers.
func (h *harness) forgetAnswer(key string) {
	h.t.Helper()
	h.exec(`UPDATE tandem.idempotency_keys SET status = NULL, claimed_at = now() - interval '1 hour' WHERE key = $1`, key)
}

// keys parses keys of the form instance/entity/id.
func keys(texts ...string) []flow.Key {
	parsed := make([]flow.Key, len(texts))
	for i, text := range texts {
		key, err := flow.ParseKey(text)
		if err != nil {
			panic(err)
		}
		parsed[i] = key
	}
	return parsed
}
