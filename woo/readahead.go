package woo

import (
	"context"
	"sync"

	"tandem/fault"
)

// listing is a page with the ids of its records in the store's order, the unreadable ones included.
type listing[T any] struct {
	Page[T]
	ids   []ID
	start int // its place in the list
	size  int // records asked for
}

// readAhead reads the windows of a scan before they are asked for, a few at once, and gives them out in order.
type readAhead[T any] struct {
	parent  context.Context
	service *Service[T]
	options ListOptions
	size    int
	total   int // as of the last window read; 0 while unknown
	// byNumber asks for numbered pages instead of places, for stores that ignore the latter; nothing is then read ahead.
	byNumber bool

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
	return !a.service.traits.whole && !a.byNumber && offset+1 < a.total
}

// launch reads a window in the background once a reader is free. Windows get their readers in order: the first is waited for, the last
// is not.
func (a *readAhead[T]) launch(offset int) {
	p := &pending[T]{offset: offset, done: make(chan struct{})}
	a.queue = append(a.queue, p)
	before, mine := a.last, make(chan struct{})
	a.last = mine
	ctx, options, start := a.ctx, a.place(offset), offset
	if a.byNumber {
		start = (options.Page - 1) * options.PerPage
	}
	a.running.Go(func() {
		defer close(p.done)
		<-before
		a.slots <- struct{}{}
		close(mine)
		defer func() { <-a.slots }()
		defer func() { p.err = fault.Recovered(ctx, recover(), p.err) }()
		p.page, p.err = a.service.listSplittingOversized(ctx, options)
		p.page.start, p.page.size = start, options.PerPage
	})
}

// place asks for the window at offset.
func (a *readAhead[T]) place(offset int) ListOptions {
	options := a.options
	options.PerPage = a.size
	if a.byNumber {
		options.Offset = 0
		options.PerPage, options.Page = pageOver(offset, a.size)
	} else {
		options.Offset = offset
	}
	return options
}

// pageOver gives the size, up to a limit, and the number of the page that holds the record at offset and most of what follows.
func pageOver(offset, limit int) (size, number int) {
	most := -1
	for candidate := limit; candidate > limit/2; candidate-- {
		if after := candidate - 1 - offset%candidate; after > most {
			most, size, number = after, candidate, offset/candidate+1
		}
	}
	return size, number
}

// number switches between numbered pages and places.
func (a *readAhead[T]) number(on bool) {
	a.byNumber = on
	a.drop()
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
