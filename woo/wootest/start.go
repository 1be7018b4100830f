package wootest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"tandem/fault"
)

// TB is the part of testing.TB that Start needs; package testing itself must not get into the released binary.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Start serves a store over http on a free loopback port until the test ends. Its address is in Server.URL.
func Start(t TB, o Options) *Server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := New(o)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	done := make(chan error, 1)
	s.URL = "http://" + listener.Addr().String() + s.opts.BasePath
	go func() { done <- s.serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Fatalf("serve: %v", err)
		}
	})
	return s
}

// Serve runs a store on an address such as "127.0.0.1:8081" until ctx ends; port 0 takes a free one. ready is called
// once with the address of the site as soon as it answers. The error is fault.Unavailable when the address is taken, and fault.Invalid for a fault plan the
// store cannot follow.
func Serve(ctx context.Context, o Options, listen string, ready func(s *Server)) error {
	s := New(o)
	if err := s.checkRoutes(o.Faults); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "the simulated store cannot listen on %s", listen)
	}
	s.URL = "http://" + listener.Addr().String() + s.opts.BasePath
	if ready != nil {
		ready(s)
	}
	return s.serve(ctx, listener)
}

func (s *Server) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // nothing to drain: replies are for trials
	defer stop()
	delivering, end := context.WithCancel(ctx)
	var deliveries sync.WaitGroup
	deliveries.Go(func() { s.deliverWebhooks(delivering) })
	defer deliveries.Wait()
	defer end()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fault.Wrap(fault.Unavailable, err, "the simulated store stopped serving")
	}
	return nil
}
