package wootest

import (
	"maps"
	"sync"
)

// statistics counts what the store was asked and what it spoilt.
type statistics struct {
	mu       sync.Mutex
	requests map[string]int
	faults   map[string]int
}

// Stats are the counts since the start: requests by method and route, faults by kind.
type Stats struct {
	Requests map[string]int `json:"requests"`
	Faults   map[string]int `json:"faults"`
}

func (s *statistics) request(route string) { s.count(&s.requests, route) }

func (s *statistics) fault(f mishap) {
	if f != noFault {
		s.count(&s.faults, string(f))
	}
}

func (s *statistics) count(counts *map[string]int, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[name]++
}

// Stats gives the counts since the start.
func (s *Server) Stats() Stats {
	s.stats.mu.Lock()
	defer s.stats.mu.Unlock()
	return Stats{Requests: maps.Clone(s.stats.requests), Faults: maps.Clone(s.stats.faults)}
}
