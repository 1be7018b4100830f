package e2e

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// gate stands before a store. While it is closed, replies to the requests it holds are made but do not arrive: whoever asked
// has them only once it opens, and by then they may be old.
type gate struct {
	holds   func(*http.Request) bool
	reached chan struct{} // closed when the first reply is held
	opened  chan struct{} // closed when replies arrive again
	once    sync.Once
}

func newGate(holds func(*http.Request) bool) *gate {
	return &gate{holds: holds, reached: make(chan struct{}), opened: make(chan struct{})}
}

// openGatedShop opens a store behind gates, which are closed.
func openGatedShop(t testing.TB, s *shop, gates ...*gate) {
	t.Helper()
	front := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		for _, g := range gates {
			if g.holds(r) {
				g.deliver(s, out, r)
				return
			}
		}
		s.ServeHTTP(out, r)
	}))
	t.Cleanup(front.Close)
	s.URL = front.URL
}

// deliver answers a request and holds the reply until the gate is open, or whoever asked is gone.
func (g *gate) deliver(s *shop, out http.ResponseWriter, r *http.Request) {
	reply := httptest.NewRecorder()
	s.ServeHTTP(reply, r)
	g.once.Do(func() { close(g.reached) })
	select {
	case <-g.opened:
	case <-r.Context().Done():
	}
	maps.Copy(out.Header(), reply.Header())
	out.WriteHeader(reply.Code)
	_, _ = out.Write(reply.Body.Bytes()) // who asked may be gone
}

func (g *gate) open() { close(g.opened) }
