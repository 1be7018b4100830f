package woo

import (
	"context"
	"sync"
)

// listing is a page with the ids of its records in the store's order, the unreadable ones included.
type listing[T any] struct {
	Page[T]
	ids []ID
}

// readAhead reads the windows of a scan before they are asked for, a few at once, and gives them out in order.
type readAhead[T any] struct {
	parent  context.Context
	service *Service[T]
	options ListOptions
	size    int
	total   int // as of the last window read; 0 while unknown

	slots   chan struct{} // one per reader
	queue   []*pending[T]
	last    chan struct{}   // closed when the window launched last has its reader
	ctx     context.Context // of the queue
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// pending is a window under way.
type pending[T any] struct {
	offset int
	done   chan struct{}
	page   listing[T]
	err    error
}

func newReadAhead[T any](ctx context.Context, s *Service[T], options ListOptions) *readAhead[T] {
	a := &readAhead[T]{
		parent:  ctx,
		service: s,
		options: options,
		size:    options.PerPage,
		slots:   make(chan struct{}, s.client.cfg.Readers),
		last:    make(chan struct{}),
	}
	close(a.last)
	a.ctx, a.cancel = context.WithCancel(ctx)
	return a
}

// read gives the window at offset. When another one was expected, all that was read ahead is for nothing.
func (a *readAhead[T]) read(offset int) (listing[T], error) {
	if len(a.queue) > 0 && a.queue[0].offset != offset {
		a.drop()
	}
	if len(a.queue) == 0 {
		a.launch(offset)
	}
	a.fill()
	head := a.queue[0]
	a.queue = a.queue[1:]
	<-head.done
	if head.err == nil && head.page.Total > 0 {
		a.total = head.page.Total
		a.fillAfter(offset)
	}
	return head.page, head.err
}

// fillAfter starts the readers while the caller is busy with the window at offset.
func (a *readAhead[T]) fillAfter(offset int) {
	if next := offset + a.size - 1; len(a.queue) == 0 && a.needed(next) {
		a.launch(next)
	}
	a.fill()
}

// fill keeps every reader busy and one finished window waiting for each.
func (a *readAhead[T]) fill() {
	for len(a.queue) > 0 && len(a.queue) < 2*cap(a.slots) {
		next := a.queue[len(a.queue)-1].offset + a.size - 1
		if !a.needed(next) {
			return
		}
		a.launch(next)
	}
}

// needed reports whether a window would bring more than the record it shares with the one before. Knowing it saves the empty read at
// the end.
func (a *readAhead[T]) needed(offset int) bool {
	return !a.service.traits.whole && offset+1 < a.total
}

// launch reads a window in the background once a reader is free. Windows get their readers in order: the first is waited for, the last
// is not.
func (a *readAhead[T]) launch(offset int) {
	p := &pending[T]{offset: offset, done: make(chan struct{})}
	a.queue = append(a.queue, p)
	before, mine := a.last, make(chan struct{})
	a.last = mine
	ctx, options := a.ctx, a.options
	options.Offset = offset
	a.running.Go(func() {
		defer close(p.done)
		<-before
		a.slots <- struct{}{}
		close(mine)
		defer func() { <-a.slots }()
		p.page, p.err = a.service.listPieces(ctx, options)
	})
}

// drop gives up what was read ahead.
func (a *readAhead[T]) drop() {
	a.cancel()
	a.queue = nil
	a.ctx, a.cancel = context.WithCancel(a.parent)
}

func (a *readAhead[T]) resize(size int) {
	a.size = size
	a.drop()
}

// stop ends all readers and waits for them.
func (a *readAhead[T]) stop() {
	a.cancel()
	a.running.Wait()
}
