package activities

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
)

// pulse heartbeats the state an activity last reached, whenever it reaches one and in between: a call to an ERP may take
// two minutes, and a worker that died in it has to be noticed sooner.
type pulse struct {
	ctx   context.Context
	mu    sync.Mutex
	state any
	done  chan struct{}
}

func newPulse(ctx context.Context, state any) *pulse {
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

func (p *pulse) set(state any) {
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
