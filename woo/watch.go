package woo

import (
	"context"
	"time"
)

// Retry is a request that went wrong and is about to be sent again.
type Retry struct {
	Err     error // an [*Error]
	Try     int   // how often it was sent
	Wait    time.Duration
	Lasting time.Duration // since it was first sent
}

type watchKey struct{}

// WatchRetries gives a context under which tell is called before each repeated try, from whatever goroutine sends the request:
// inside one call a store may keep its client waiting for minutes.
func WatchRetries(ctx context.Context, tell func(context.Context, Retry)) context.Context {
	return context.WithValue(ctx, watchKey{}, tell)
}

func tellRetry(ctx context.Context, r Retry) {
	if tell, ok := ctx.Value(watchKey{}).(func(context.Context, Retry)); ok {
		tell(ctx, r)
	}
}

// Answers reports whether the store is up: its index and its settings can be read. It tells a single list that is broken from
// a store that is away.
func (c *Client) Answers(ctx context.Context) bool {
	if _, err := c.System.Index(ctx); err != nil {
		return false
	}
	_, err := c.System.SettingsGeneral.List(ctx)
	return err == nil
}
