package worker

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// fakeOdoo answers what opening an Odoo asks: for its version.
type fakeOdoo struct {
	*httptest.Server
	version atomic.Value
	opened  atomic.Int32
	hangs   atomic.Bool
}

func startOdoo(t *testing.T) *fakeOdoo {
	t.Helper()
	f := &fakeOdoo{}
	f.version.Store("19.0")
	done := make(chan struct{})
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.opened.Add(1)
		if f.hangs.Load() {
			select {
			case <-r.Context().Done():
			case <-done:
			}
			return
		}
		_, _ = io.WriteString(w, `{"version":"`+f.version.Load().(string)+`"}`)
	}))
	t.Cleanup(f.Close)
	t.Cleanup(func() { close(done) })
	return f
}
