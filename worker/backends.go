package worker

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"tandem/erp"
	"tandem/erp/salebatch"
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
	slots map[string]*slot  // by the key of the way to them
	users map[string]string // key of a way by instance
}

// way is how an ERP is reached. Instances whose ways have the same key share one backend.
type way struct {
	key     string
	builtIn bool
	open    func(context.Context) (erp.Backend, error)
}

func newWay(d erp.Driver, a erp.Access) way {
	if d.Secret == "" {
		a.Secret = "" // the ERP of another instance may have needed one
	}
	return way{
		// fmt prints maps in the order of their keys, and all of it quoted.
		key:     fmt.Sprintf("%q %q %q %q", d.Name, map[string]string(a.Connection), a.Secret, a.Company),
		builtIn: d.BuiltIn(),
		open:    func(ctx context.Context) (erp.Backend, error) { return d.Open(ctx, a) },
	}
}

func newBackends() *backends {
	return &backends{slots: map[string]*slot{}, users: map[string]string{}}
}

// get returns the backend that a way leads to, for an instance. The one it had before is closed when no other instance has it.
func (b *backends) get(ctx context.Context, inst string, to way) (opened, error) {
	place := b.assign(inst, to.key)
	if err := acquire(ctx, place.lock); err != nil {
		return opened{}, err
	}
	defer place.lock.Release(1)
	return place.get(ctx, to)
}

// acquire waits for a lock until ctx ends, which a mutex does not.
func acquire(ctx context.Context, lock *semaphore.Weighted) error {
	if err := lock.Acquire(ctx, 1); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the ERP takes too long to answer")
	}
	return nil
}

func (b *backends) assign(inst, key string) *slot {
	b.mu.Lock()
	defer b.mu.Unlock()
	before, known := b.users[inst]
	b.users[inst] = key
	if known && before != key && !b.used(before) {
		b.slots[before].retire()
		delete(b.slots, before)
	}
	if b.slots[key] == nil {
		b.slots[key] = &slot{lock: semaphore.NewWeighted(1)}
	}
	return b.slots[key]
}

func (b *backends) used(key string) bool {
	for _, used := range b.users {
		if used == key {
			return true
		}
	}
	return false
}

// opened is an ERP that was opened, and what joins the steps of orders that are asked of it.
type opened struct {
	erp.Backend // nil until it could be opened
	steps       *salebatch.Batcher
	at          time.Time
}

// slot is the place of one backend.
type slot struct {
	lock    *semaphore.Weighted // guards the rest
	backend opened
	refused error // what the last try to open it came to
	tried   time.Time
}

// get opens the backend when there is none yet, or it has served for long. An ERP that does not answer any more keeps the
// backend it had: its calls say best what is wrong.
func (p *slot) get(ctx context.Context, to way) (opened, error) {
	if p.backend.Backend != nil && (to.builtIn || time.Since(p.backend.at) < openAge) {
		return p.backend, nil
	}
	if p.refused == nil || time.Since(p.tried) > refusalAge {
		p.open(ctx, to)
	}
	if p.backend.Backend != nil {
		return p.backend, nil
	}
	return opened{}, p.refused
}

func (p *slot) open(ctx context.Context, to way) {
	asking, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	fresh, err := to.open(asking)
	p.refused, p.tried = err, time.Now()
	if ctx.Err() != nil {
		p.tried = time.Time{} // it was the caller who gave up, which says nothing about the ERP
	}
	if err != nil {
		return
	}
	closeLater(p.backend.Backend)
	p.backend = opened{fresh, salebatch.New(fresh), time.Now()}
}

// retire closes the backend once nobody can be using it any more.
func (p *slot) retire() {
	time.AfterFunc(retirement, func() {
		_ = p.lock.Acquire(context.Background(), 1) // which cannot fail
		defer p.lock.Release(1)
		if p.backend.Backend != nil {
			_ = p.backend.Close() // what is left of it is idle connections
		}
	})
}

func closeLater(backend erp.Backend) {
	if backend != nil {
		time.AfterFunc(retirement, func() { _ = backend.Close() })
	}
}
