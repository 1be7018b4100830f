package api

import (
	"cmp"
	"context"
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

const (
	// pollEvery is how often the database is asked: twice a second is as smooth as a person can tell.
	pollEvery = 500 * time.Millisecond
	// pollTimeout ends a look at the database that hangs, and with it the streams: their readers come back.
	pollTimeout = 30 * time.Second
)

// operationEvent is an operation as it is sent. Its id is a digest of what it shows.
type operationEvent struct {
	id    string
	op    gen.Operation
	data  json.RawMessage
	ended bool
}

func newOperationEvent(op gen.Operation) (operationEvent, error) {
	data, err := json.Marshal(op)
	if err != nil {
		return operationEvent{}, err
	}
	sum := fnv.New64a()
	_, _ = sum.Write(data) // a hash never fails to write
	return operationEvent{id: strconv.FormatUint(sum.Sum64(), 16), op: op, data: data, ended: ended(op)}, nil
}

func ended(op gen.Operation) bool {
	switch string(op.State) {
	case db.OperationDone, db.OperationFailed, db.OperationCancelled:
		return true
	}
	return false
}

// broadcaster reads for all event streams of a process how operations stand: twice a second while a stream is open, however
// many there are.
type broadcaster struct {
	// look reads the operations under way and those with the given ids.
	look func(ctx context.Context, ids []string) ([]gen.Operation, error)

	mu       sync.Mutex
	polling  bool
	readers  map[*subscription]struct{}
	underWay map[string]operationEvent // as they stood when looked at last
}

// subscription is what one stream still has to send: of each operation how it stands now. A reader who is slow misses what lies
// between and keeps no other waiting.
type subscription struct {
	from      *broadcaster
	operation string // the only one that is followed, to its end; empty for all under way
	instance  string // whose operations are followed; empty for those of all
	pending   map[string]operationEvent
	err       error // the database could not be read
	news      chan struct{}
}

// subscribe follows operations from how they stand now on. The subscription must be closed.
func (b *broadcaster) subscribe(operation, instance string) *subscription {
	s := &subscription{
		from: b, operation: operation, instance: instance, pending: map[string]operationEvent{}, news: make(chan struct{}, 1),
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.readers == nil {
		b.readers = map[*subscription]struct{}{}
	}
	b.readers[s] = struct{}{}
	for _, e := range b.underWay {
		s.offer(e)
	}
	if !b.polling {
		b.polling = true
		go b.poll()
	}
	return s
}

// poll reads until every stream is closed.
func (b *broadcaster) poll() {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		ids, wanted := b.wanted()
		if !wanted {
			return
		}
		b.publish(b.read(ids))
		<-tick.C
	}
}

// wanted lists what has to be read beside the operations under way: those that a stream follows, and those that were under way
// and may have ended.
func (b *broadcaster) wanted() (ids []string, wanted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.readers) == 0 {
		b.polling, b.underWay = false, nil
		return nil, false
	}
	ids = slices.Collect(maps.Keys(b.underWay))
	for s := range b.readers {
		if s.operation != "" {
			ids = append(ids, s.operation)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), true
}

func (b *broadcaster) read(ids []string) (events []operationEvent, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), pollTimeout)
	defer cancel()
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	operations, err := b.look(ctx, ids)
	if err != nil {
		return nil, err
	}
	events = make([]operationEvent, len(operations))
	for i, op := range operations {
		if events[i], err = newOperationEvent(op); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// publish offers what has changed to every stream. When the database could not be read, the streams end.
func (b *broadcaster) publish(events []operationEvent, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.underWay
	b.underWay = map[string]operationEvent{}
	for _, e := range events {
		if !e.ended {
			b.underWay[e.op.ID] = e
		}
		known, wasUnderWay := before[e.op.ID]
		if known.id == e.id {
			continue
		}
		for s := range b.readers {
			if s.operation != "" || !e.ended || wasUnderWay {
				s.offer(e)
			}
		}
	}
	if err == nil {
		return
	}
	for s := range b.readers {
		s.err = err
		s.wake()
	}
}

// offer replaces what is still to be sent of an operation. The broadcaster is locked.
func (s *subscription) offer(e operationEvent) {
	if s.operation != "" && s.operation != e.op.ID || s.instance != "" && !slices.Contains(e.op.Instances, s.instance) {
		return
	}
	s.pending[e.op.ID] = e
	s.wake()
}

// begin offers how the operation stood when the stream was opened, unless something newer is known.
func (s *subscription) begin(e operationEvent) {
	s.from.mu.Lock()
	defer s.from.mu.Unlock()
	if _, newer := s.pending[e.op.ID]; !newer {
		s.offer(e)
	}
}

func (s *subscription) wake() {
	select {
	case s.news <- struct{}{}:
	default: // it has not been seen yet that there is something to send
	}
}

// take returns what has to be sent, the oldest operation first.
func (s *subscription) take() ([]operationEvent, error) {
	s.from.mu.Lock()
	defer s.from.mu.Unlock()
	events := slices.SortedFunc(maps.Values(s.pending), func(a, b operationEvent) int { return cmp.Compare(a.op.ID, b.op.ID) })
	clear(s.pending)
	return events, s.err
}

func (s *subscription) close() {
	s.from.mu.Lock()
	defer s.from.mu.Unlock()
	delete(s.from.readers, s)
}
