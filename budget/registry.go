package budget

import (
	"maps"
	"sync"
)

// Registry keeps the budgets of servers, so that all who talk to one server share one. A nil Registry shares nothing.
type Registry struct {
	mu      sync.Mutex
	budgets map[string]*Budget
}

// Get returns the budget of a server, made at the first call.
func (r *Registry) Get(server string, fresh func() *Budget) *Budget {
	if r == nil {
		return fresh()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.budgets == nil {
		r.budgets = map[string]*Budget{}
	}
	if r.budgets[server] == nil {
		r.budgets[server] = fresh()
	}
	return r.budgets[server]
}

// Stats returns a snapshot of all budgets, by their servers.
func (r *Registry) Stats() map[string]Stats {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	budgets := maps.Clone(r.budgets)
	r.mu.Unlock()
	stats := map[string]Stats{}
	for server, b := range budgets {
		stats[server] = b.Stats()
	}
	return stats
}
