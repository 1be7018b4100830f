// Package odootest is a small Odoo in memory that speaks both of its external APIs, for what a real one cannot be made
// to do: to commit a call and drop the connection, to lose a race at a certain call, to answer with a proxy's page, to
// have its key revoked midway. Calls are numbered, and any of them can be made to go wrong.
//
// It knows as much of sales, invoices and stock as one order's life takes, with the differences between the versions 14
// to 19. What is right is said by a real Odoo: a test of package odoo holds the two against each other.
package odootest

import (
	"net/http/httptest"
	"sync"
	"testing"
)

// What leads to every Server. The key serves as the password too.
const (
	Database = "shop"
	Login    = "bot"
	Key      = "key"
)

// Server is an Odoo of its own with an empty database.
type Server struct {
	URL string // http://127.0.0.1:<port>

	http    *httptest.Server
	mu      sync.Mutex // calls are run one after the other
	db      *database
	rules   []*rule
	calls   []Call
	revoked bool
}

// Start runs an Odoo of a version from 14 to 19 until the test ends.
func Start(t testing.TB, version int) *Server { return start(t, version, modelText) }

// StartManufacturing runs one that has the module Manufacturing too, whose bills of materials make products kits.
func StartManufacturing(t testing.TB, version int) *Server {
	return start(t, version, modelText+mrpText)
}

func start(t testing.TB, version int, models string) *Server {
	s := &Server{db: &database{version: version, models: readModels(models, version)}}
	s.db.begin(nil).seed()
	s.http = httptest.NewServer(s.handler())
	s.URL = s.http.URL
	t.Cleanup(s.Close)
	return s
}

// Close stops the server before the test ends. It may be called again.
func (s *Server) Close() { s.http.Close() }

// Save keeps what the database holds now. Restore brings it back, forgets all rules and calls and accepts the key again.
func (s *Server) Save() (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved := s.db.clone()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.db, s.rules, s.calls, s.revoked = saved.clone(), nil, nil, false
	}
}
