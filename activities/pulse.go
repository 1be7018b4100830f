package activities

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
)

// pulse heartbeats the state a chunk last reached, at every page and in between.
type pulse struct {
	ctx   context.Context
	mu    sync.Mutex
	state ChunkState
	done  chan struct{}
}

func newPulse(ctx context.Context, state ChunkState) *pulse {
	p := &pulse{ctx: ctx, state: state, done: make(chan struct{})}
	go p.run()
	return p
}

func (p *pulse) run() {
	tick := time.NewTicker(heartbeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.beat()
		case <-p.done:
			return
		}
	}
}

func (p *pulse) set(state ChunkState) {
	p.mu.Lock()
	p.state = state
	p.mu.Unlock()
	p.beat()
}

func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	activity.RecordHeartbeat(p.ctx, p.state)
}

func (p *pulse) stop() { close(p.done) }
