package record

import (
	"slices"
	"sync"
)

// locks make calls of this process that share a name take turns. Odoo's own transactions keep parallel calls from doing
// harm; taking turns keeps them from undoing and repeating each other's work. Where they do not, as with stock, other
// processes take turns too: see erp.Turns.
type locks struct {
	mu    sync.Mutex
	named map[string]*turn
}

type turn struct {
	sync.Mutex
	users int // holding it or waiting for it
}

// Lock takes the names, in one order everywhere, so that two calls cannot wait for each other. Release gives them back.
func (l *locks) Lock(names []string) (release func()) {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	for _, name := range names {
		l.enter(name).Lock()
	}
	return func() {
		for _, name := range slices.Backward(names) {
			l.leave(name)
		}
	}
}

func (l *locks) enter(name string) *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.named == nil {
		l.named = map[string]*turn{}
	}
	if l.named[name] == nil {
		l.named[name] = &turn{}
	}
	l.named[name].users++
	return l.named[name]
}

func (l *locks) leave(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.named[name]
	n.Unlock()
	if n.users--; n.users == 0 {
		delete(l.named, name)
	}
}
