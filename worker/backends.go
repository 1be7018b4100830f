package worker

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"tandem/erp"
	"tandem/erp/open"
	"tandem/fault"
)

const (
	// openTimeout bounds the question for an ERP's version. It is under the heartbeat time-out of those who wait for it.
	openTimeout = 30 * time.Second
	// openAge is how long a backend that is not built in serves: then it is opened again, because the ERP may have been
	// upgraded, and its records be called otherwise.
	openAge = time.Hour
	// refusalAge is how long an ERP that could not be opened is not asked again: thousands of orders may want it at once.
	refusalAge = 3 * time.Second
	// retirement is longer than any piece of work: whoever got a backend before it was replaced has given it up by then.
	retirement = 3 * time.Hour
)

// backends keeps ERPs open: one backend for all instances with the same settings, so that they share its connections and
// do not write one record at the same time. An ERP that hangs keeps only those waiting who want that one.
type backends struct {
	mu    sync.Mutex
	slots map[open.Settings]*slot
	users map[string]open.Settings // by instance
}

func newBackends() *backends {
	return &backends{slots: map[open.Settings]*slot{}, users: map[string]open.Settings{}}
}

// get gives an instance the backend with these settings. The one it had before is closed when no other instance has it.
func (b *backends) get(ctx context.Context, inst string, s open.Settings) (erp.Backend, error) {
	place := b.assign(inst, s)
	if err := acquire(ctx, place.lock); err != nil {
		return nil, err
	}
	defer place.lock.Release(1)
	return place.get(ctx, s)
}

// acquire waits for a lock until ctx ends, which a mutex does not.
func acquire(ctx context.Context, lock *semaphore.Weighted) error {
	if err := lock.Acquire(ctx, 1); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the ERP takes too long to answer")
	}
	return nil
}

func (b *backends) assign(inst string, s open.Settings) *slot {
	b.mu.Lock()
	defer b.mu.Unlock()
	before, known := b.users[inst]
	b.users[inst] = s
	if known && before != s && !b.used(before) {
		b.slots[before].retire()
		delete(b.slots, before)
	}
	if b.slots[s] == nil {
		b.slots[s] = &slot{lock: semaphore.NewWeighted(1)}
	}
	return b.slots[s]
}

func (b *backends) used(s open.Settings) bool {
	for _, used := range b.users {
		if used == s {
			return true
		}
	}
	return false
}

// slot is the place of one backend.
type slot struct {
	lock    *semaphore.Weighted // guards the rest
	backend erp.Backend         // nil until it could be opened
	opened  time.Time
	refused error // what the last try to open it came to
	tried   time.Time
}

// get opens the backend when there is none yet, or it has served for long. An ERP that does not answer any more keeps the
// backend it had: its calls say best what is wrong.
func (p *slot) get(ctx context.Context, s open.Settings) (erp.Backend, error) {
	builtIn := s.Remote == open.Remote{}
	if p.backend != nil && (builtIn || time.Since(p.opened) < openAge) {
		return p.backend, nil
	}
	if p.refused == nil || time.Since(p.tried) > refusalAge {
		p.open(ctx, s)
	}
	if p.backend != nil {
		return p.backend, nil
	}
	return nil, p.refused
}

func (p *slot) open(ctx context.Context, s open.Settings) {
	asking, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	fresh, err := open.Open(asking, s)
	p.refused, p.tried = err, time.Now()
	if ctx.Err() != nil {
		p.tried = time.Time{} // it was the caller who gave up, which says nothing about the ERP
	}
	if err != nil {
		return
	}
	closeLater(p.backend)
	p.backend, p.opened = fresh, time.Now()
}

// retire closes the backend once nobody can be using it any more.
func (p *slot) retire() {
	time.AfterFunc(retirement, func() {
		_ = p.lock.Acquire(context.Background(), 1) // which cannot fail
		defer p.lock.Release(1)
		if p.backend != nil {
			_ = p.backend.Close() // what is left of it is idle connections
		}
	})
}

func closeLater(backend erp.Backend) {
	if backend != nil {
		time.AfterFunc(retirement, func() { _ = backend.Close() })
	}
}
