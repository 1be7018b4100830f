package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api"
	"tandem/api/gen"
	"tandem/db"
	"tandem/flow"
)

// stream is a reader of server-sent events over a real connection.
type stream struct {
	t     testing.TB
	lines *bufio.Scanner
	close func()
	stop  func(context.Context) error // shuts the server down
}

func (h *harness) stream(path string, headers ...string) *stream {
	h.t.Helper()
	server := httptest.NewUnstartedServer(h.handler)
	server.Config = api.NewHTTPServer("", h.handler)
	server.Start()
	h.t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(h.t.Context(), "GET", server.URL+"/api/v1"+path, nil)
	require.NoError(h.t, err)
	request.Header.Set("Authorization", "Bearer "+h.token)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := server.Client().Do(request)
	require.NoError(h.t, err)
	h.t.Cleanup(func() { _ = answer.Body.Close() })
	require.Equal(h.t, http.StatusOK, answer.StatusCode)
	require.Equal(h.t, "text/event-stream", answer.Header.Get("Content-Type"))
	return &stream{
		t: h.t, lines: bufio.NewScanner(answer.Body), close: func() { _ = answer.Body.Close() }, stop: server.Config.Shutdown,
	}
}

// next gives the next event; ok is false when the stream has ended.
func (s *stream) next() (id string, op gen.Operation, ok bool) {
	s.t.Helper()
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ":")
		switch name {
		case "id":
			id = value
		case "event":
			require.Equal(s.t, "operation", value)
		case "data":
			require.NoError(s.t, json.Unmarshal([]byte(value), &op))
			return id, op, true
		}
	}
	return "", op, false
}

func TestAnOperationIsStreamedToItsEnd(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	s := h.stream("/operations/" + op.ID + "/events")
	first, seen, ok := s.next()
	require.True(t, ok)
	require.Equal(t, gen.OperationState("waiting"), seen.State)

	h.landed(op, "product", flow.Result{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "5"}})
	second, seen, ok := s.next()
	require.True(t, ok)
	require.NotEqual(t, first, second)
	for seen.Progress[0].Created == 0 { // the page's start may have been seen on its own
		_, seen, ok = s.next()
		require.True(t, ok)
	}

	require.NoError(t, h.db.SetOperationState(t.Context(), op.ID, db.OperationDone, "", ""))
	_, seen, ok = s.next()
	require.True(t, ok)
	require.Equal(t, gen.OperationState("done"), seen.State)
	_, _, ok = s.next()
	require.False(t, ok, "the stream ends with the operation")
}

func TestAReaderWhoComesBackIsToldOnlyNews(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	require.NoError(t, h.db.SetOperationState(t.Context(), op.ID, db.OperationDone, "", ""))
	id, _, ok := h.stream("/operations/" + op.ID + "/events").next()
	require.True(t, ok)
	_, _, ok = h.stream("/operations/"+op.ID+"/events", "Last-Event-ID", id).next()
	require.False(t, ok, "nothing is new")
	_, seen, ok := h.stream("/operations/"+op.ID+"/events", "Last-Event-ID", "of another life").next()
	require.True(t, ok)
	require.Equal(t, op.ID, seen.ID)
}

func TestAllOperationsAreStreamed(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	s := h.stream("/events?instance=demo")
	_, seen, ok := s.next()
	require.True(t, ok)
	require.Equal(t, op.ID, seen.ID)

	require.NoError(t, h.db.SetOperationState(t.Context(), op.ID, db.OperationFailed, "unavailable", "the store is away"))
	_, seen, ok = s.next()
	require.True(t, ok)
	require.Equal(t, gen.OperationState("failed"), seen.State, "told once more after its end")
	require.Equal(t, "the store is away", seen.Error)

	later := h.importAll("customer")
	_, seen, ok = s.next()
	require.True(t, ok)
	require.Equal(t, later.ID, seen.ID, "the stream goes on")
}

// A reader who leaves must not keep a stream, and with it a poll of the database, alive.
func TestAStreamEndsWithItsReader(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	s := h.stream("/operations/" + op.ID + "/events")
	_, _, ok := s.next()
	require.True(t, ok)
	s.close()
	require.Eventually(t, func() bool {
		return strings.Contains(h.log.String(), `"route":"/api/v1/operations/:operation/events"`)
	}, 2*time.Minute, 20*time.Millisecond)
}

// A server that is told to stop must not wait for people who watch.
func TestAStreamEndsWithItsServer(t *testing.T) {
	h := newHarness(t)
	h.connected()
	s := h.stream("/events")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	require.NoError(t, s.stop(ctx))
	_, _, ok := s.next()
	require.False(t, ok)
}

func TestUnknownOperationIsNotStreamed(t *testing.T) {
	h := newHarness(t)
	h.call("GET", "/operations/0192d3c1-0000-7000-8000-000000000000/events", nil).problem(http.StatusNotFound)
}
