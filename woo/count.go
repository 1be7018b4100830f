package woo

import (
	"context"
	"sync/atomic"
)

type countKey struct{}

// CountRequests gives a context under which each HTTP request to a store is counted, repeated tries and images included:
// what one piece of work cost, while others use the same client.
func CountRequests(ctx context.Context) (context.Context, *atomic.Int64) {
	requests := &atomic.Int64{}
	return context.WithValue(ctx, countKey{}, requests), requests
}

// counted counts one request for whoever asked for it.
func (c *Client) counted(ctx context.Context) {
	c.requests.Add(1)
	if requests, ok := ctx.Value(countKey{}).(*atomic.Int64); ok {
		requests.Add(1)
	}
}
