package check

import "tandem/erp"

// KeySet collects keys, each once and the zero key never. The zero set is empty and ready.
type KeySet struct {
	list []erp.Key
	seen map[erp.Key]bool
}

// Add puts keys into the set.
func (s *KeySet) Add(keys ...erp.Key) {
	if s.seen == nil {
		s.seen = map[erp.Key]bool{}
	}
	for _, key := range keys {
		if !key.IsZero() && !s.seen[key] {
			s.seen[key] = true
			s.list = append(s.list, key)
		}
	}
}

// List gives the keys in the order they came.
func (s *KeySet) List() []erp.Key { return s.list }

// Landed knows which of the keys that records name have landed.
type Landed func(erp.Key) bool

// In knows the keys of a map as landed.
func In[V any](known map[erp.Key]V) Landed {
	return func(key erp.Key) bool {
		_, ok := known[key]
		return ok
	}
}

// missing gives the keys that have not landed, each once. The zero key names nothing, so it is never missing.
func (landed Landed) missing(keys ...erp.Key) []erp.Key {
	var rest KeySet
	for _, key := range keys {
		if !landed(key) {
			rest.Add(key)
		}
	}
	return rest.List()
}
