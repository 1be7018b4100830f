package api

import (
	"context"
	"net"
	"net/http"
	"time"
)

// closingKey is where a connection's context holds the context that ends when its server is told to stop.
type closingKey struct{}

// NewHTTPServer gives an http.Server with limits that suit the API. Writing has no limit: event streams stay open until
// their subject ends, their reader leaves or the server shuts down. Other requests are finished before it stops.
func NewHTTPServer(listen string, handler http.Handler) *http.Server {
	closing, stop := context.WithCancel(context.Background())
	server := &http.Server{
		Addr: listen, Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), closingKey{}, closing)
		},
	}
	server.RegisterOnShutdown(stop)
	return server
}

// closingOf ends when the server that serves ctx is told to stop; never for another server.
func closingOf(ctx context.Context) <-chan struct{} {
	if closing, ok := ctx.Value(closingKey{}).(context.Context); ok {
		return closing.Done()
	}
	return nil
}
