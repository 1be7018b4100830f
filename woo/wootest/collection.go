package wootest

import "slices"

// head is the part of a record that listing needs. It is cheap to make up for seeded records, so that a page of a
// million orders never generates more than the hundred it shows.
type head struct {
	id       int
	status   string
	created  int64 // Unix seconds
	modified int64 // Unix seconds
}

// collection holds one kind of record. Seeded records are a pure function of their index and live nowhere; only what
// was created, changed or deleted since is kept.
type collection[T any] struct {
	first, seeded int                // ids first … first+seeded-1 are seeded
	seed          func(index int) *T // nil when that index holds no record
	seedHead      func(index int) head
	headOf        func(*T) head

	stored  map[int]*T // a nil entry is a deleted seeded record
	added   []int      // ids outside the seeded range, ascending
	version int        // counts writes, so that cached listings know when they are stale
}

func newCollection[T any](headOf func(*T) head) *collection[T] {
	return &collection[T]{headOf: headOf, stored: map[int]*T{}}
}

// get gives the record or nil. Records that are not stored are made afresh: change them and put them back.
func (c *collection[T]) get(id int) *T {
	if rec, ok := c.stored[id]; ok {
		return rec
	}
	if c.isSeeded(id) {
		return c.seed(id - c.first)
	}
	return nil
}

func (c *collection[T]) isSeeded(id int) bool { return id >= c.first && id < c.first+c.seeded }

// put stores a new or changed record.
func (c *collection[T]) put(rec *T) {
	id := c.headOf(rec).id
	if _, known := c.stored[id]; !known && !c.isSeeded(id) {
		at, _ := slices.BinarySearch(c.added, id)
		c.added = slices.Insert(c.added, at, id)
	}
	c.stored[id] = rec
	c.version++
}

// remove deletes for good.
func (c *collection[T]) remove(id int) {
	c.version++
	if c.isSeeded(id) {
		c.stored[id] = nil
		return
	}
	delete(c.stored, id)
	if at, found := slices.BinarySearch(c.added, id); found {
		c.added = slices.Delete(c.added, at, at+1)
	}
}

// has reports whether a record exists, without making it.
func (c *collection[T]) has(id int) bool {
	if rec, known := c.stored[id]; known {
		return rec != nil
	}
	return c.isSeeded(id) && c.seedHead(id-c.first).id != 0
}

// heads yields every record in ascending order of id.
func (c *collection[T]) heads(yield func(head) bool) {
	for i := range c.seeded {
		h, ok := c.headAt(i)
		if ok && !yield(h) {
			return
		}
	}
	for _, id := range c.added {
		if !yield(c.headOf(c.stored[id])) {
			return
		}
	}
}

func (c *collection[T]) headAt(index int) (head, bool) {
	if len(c.stored) > 0 {
		if rec, known := c.stored[c.first+index]; known {
			if rec == nil {
				return head{}, false
			}
			return c.headOf(rec), true
		}
	}
	h := c.seedHead(index)
	return h, h.id != 0
}

// records yields every record, generating seeded ones: for filters that look inside and for audits.
func (c *collection[T]) records(yield func(*T) bool) {
	for h := range c.heads {
		if !yield(c.get(h.id)) {
			return
		}
	}
}
