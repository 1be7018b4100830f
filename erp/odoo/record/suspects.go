package record

import (
	"sync"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

const (
	// MostStrikes is how often Odoo may fail at a record alone before it is the record that fails.
	MostStrikes = 3
	// MostBreaks is how many calls in a row may be broken off by records alone, or take too long, before Odoo is left in
	// peace and the landing is tried again later.
	MostBreaks = 3
	// goodParts is how many parts of the present size must land before larger ones are tried.
	goodParts = 10
)

// suspects remembers what Odoo broke off at, from one try of a landing to the next: how many records it can bear at once, and
// which ones were among those that it could not.
type suspects struct {
	mu    sync.Mutex
	size  int // of the largest part; 0 is loadSize
	good  int // parts that landed since the size changed
	known map[erp.Key]suspicion
}

// suspicion is about one record. It ends when the record lands.
type suspicion struct {
	limit   int // how many records it may be landed with at most, itself included
	strikes int // how often Odoo broke off at it alone
	// lost is the error about the last reply that was lost. A reply to another call that is lost says that the record got further
	// than before, so that it is not what kills Odoo's workers: strikes are counted from one again.
	lost string
}

// largest is how many records go to Odoo with one call.
func (s *suspects) largest() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limitOf(erp.Key{})
}

// limitOf gives how many records a record may go with. The lock is held.
func (s *suspects) limitOf(key erp.Key) int {
	limit := s.size
	if limit == 0 {
		limit = loadSize
	}
	if known, ok := s.known[key]; ok {
		limit = min(limit, known.limit)
	}
	return limit
}

// parts splits a batch into parts of which no record is suspected to be too much for Odoo. The order is kept.
func (s *suspects) parts(keys []erp.Key) (sizes []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size, limit := 0, 0
	for _, key := range keys {
		own := s.limitOf(key)
		if size > 0 && (size >= own || size >= limit) {
			sizes, size = append(sizes, size), 0
		}
		if size == 0 {
			limit = own
		}
		size, limit = size+1, min(limit, own)
	}
	if size > 0 {
		sizes = append(sizes, size)
	}
	return sizes
}

// landed ends the suspicion about records.
func (s *suspects) landed(keys []erp.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		delete(s.known, key)
	}
	if s.good++; s.size != 0 && len(keys) >= s.size && s.good >= goodParts {
		s.good, s.size = 0, min(2*s.size, loadSize)
	}
}

// broke notes that Odoo broke off at records, and says how often it did so at a single one.
func (s *suspects) broke(keys []erp.Key, err error) (strikes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[erp.Key]suspicion{}
	}
	half := max(1, len(keys)/2)
	for _, key := range keys {
		known := s.known[key]
		known.limit = half
		if len(keys) == 1 {
			if fault.From(err).Code == rpc.CodeLost && known.lost != err.Error() {
				known.strikes, known.lost = 0, err.Error()
			}
			known.strikes++
			strikes = known.strikes
		}
		s.known[key] = known
	}
	if rpc.TookTooLong(err) && len(keys) > 1 {
		s.size, s.good = half, 0
	}
	return strikes
}

// BreaksOff reports whether one of the records of a call may be the reason that Odoo did not finish it, though Odoo does not
// say that it refuses one.
func BreaksOff(err error) bool {
	switch failure := fault.From(err); failure.Code {
	case rpc.CodeLost, rpc.CodeNoRight, rpc.CodeGone:
		return true
	default:
		return failure.Kind == fault.Internal || rpc.TookTooLong(err)
	}
}
