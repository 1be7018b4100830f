package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

// apiStub answers every call with what was set for it, and otherwise with one reply. It keeps what it was asked, and fails
// the test when the API knows no such call.
type apiStub struct {
	mu      sync.Mutex
	path    string // the last call, e.g. "GET /jobs"
	query   string
	body    []byte
	key     string // Idempotency-Key of the last call
	asked   []string
	replies map[string]func(w http.ResponseWriter)
}

func startAPI(t *testing.T, reply any) *apiStub {
	t.Helper()
	stub := &apiStub{replies: map[string]func(http.ResponseWriter){}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer := stub.note(t, r); answer != nil {
			answer(w)
			return
		}
		_ = json.NewEncoder(w).Encode(reply)
	}))
	t.Cleanup(server.Close)
	t.Setenv("TANDEM_URL", server.URL)
	for _, name := range []string{"TANDEM_TOKEN", "WOO_CONSUMER_KEY", "WOO_CONSUMER_SECRET", "ERP_SECRET"} {
		t.Setenv(name, "")
	}
	return stub
}

func (s *apiStub) note(t *testing.T, r *http.Request) func(http.ResponseWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.path, s.query = r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1"), r.URL.RawQuery
	s.body, _ = io.ReadAll(r.Body)
	s.key = r.Header.Get("Idempotency-Key")
	checkRequest(t, r, s.body)
	s.asked = append(s.asked, s.path)
	return s.replies[s.path]
}

// on sets the answer to one call.
func (s *apiStub) on(call string, reply any) {
	s.replies[call] = func(w http.ResponseWriter) { _ = json.NewEncoder(w).Encode(reply) }
}

// refuse answers one call with a problem.
func (s *apiStub) refuse(call string, status int, kind fault.Kind, detail string) {
	s.replies[call] = func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(gen.Problem{Status: status, Code: kind, Detail: detail})
	}
}

func (s *apiStub) missing(call string) {
	s.refuse(call, http.StatusNotFound, fault.NotFound, "there is no such thing")
}

// command runs a command as a person would, and gives what it printed.
func command(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	root := newRoot()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetIn(strings.NewReader(input))
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// program runs a command as a script would: it sees standard output and the exit code.
func program(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	root := newRoot()
	var out, errs bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetIn(strings.NewReader(""))
	root.SetArgs(args)
	code = execute(t.Context(), root)
	return out.String(), errs.String(), code
}

// document requires that a command prints exactly one JSON document.
func document(t *testing.T, text string) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	var first any
	require.NoError(t, decoder.Decode(&first), text)
	_, err := decoder.Token()
	require.ErrorIs(t, err, io.EOF, text)
}
