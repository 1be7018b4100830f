package woo

import (
	"context"
	"slices"

	"tandem/fault"
)

// scanner is the state of one Scan.
type scanner[T any] struct {
	service *Service[T]
	size    int // records the store gives at once
	at      Cursor
	ahead   *readAhead[T]

	seeking  bool // stepping back until known ground is found
	stepBack int  // how far the next step goes; doubles
	settled  ID   // the record after which a gap was looked into: a second gap there is real

	idle       int // pages in a row without anything new
	firstTotal int // what the store counted at first
	narrowed   narrowed
}

func newScanner[T any](ctx context.Context, s *Service[T], options ListOptions, from Cursor) *scanner[T] {
	if options.PerPage == 0 {
		options.PerPage = MaxPerPage
	}
	options.PerPage = max(2, min(options.PerPage, s.client.sizes.of(s.path))) // one record of it is the seam
	options.OrderBy, options.Order, options.Page = "id", "asc", 0
	return &scanner[T]{service: s, size: options.PerPage, at: from, ahead: newReadAhead(ctx, s, options), firstTotal: -1}
}

// next gives the next window that brings something new, or the last one.
func (sc *scanner[T]) next() (Window[T], error) {
	for {
		page, err := sc.ahead.read(sc.at.Offset)
		if err != nil {
			window, err := sc.narrow(err)
			if err != nil || window.Done || len(window.Records)+len(window.Rejected) > 0 {
				return window, err
			}
			continue
		}
		if err := sc.checkOrder(page); err != nil {
			return Window[T]{Next: sc.at}, err
		}
		if sc.gap(page) {
			sc.back()
			continue
		}
		window, err := sc.deliver(page)
		if err != nil || window.Done || len(window.Records)+len(window.Rejected) > 0 {
			return window, err
		}
	}
}

// checkOrder refuses a list in another order than asked for, which some sorting plugins enforce: records would be taken for duplicates
// and lost.
func (sc *scanner[T]) checkOrder(page listing[T]) error {
	if sc.service.traits.whole {
		return nil
	}
	last := ID(0)
	for _, id := range page.ids {
		if id != 0 && id < last {
			return fault.New(fault.Unsupported, "the store does not sort %s by id as asked: switch off the plugin that sorts them, "+
				"or the cache that ignores what was asked for", sc.service.path)
		}
		last = max(last, id)
	}
	return nil
}

// gap reports whether records may lie between the last one delivered and this page, which then starts after that record instead of with
// it.
//
// Some stores hide single records from the key's user but count them. A hidden record at the seam looks like a removed one; it still
// does after stepping back, and is then taken for what it is.
func (sc *scanner[T]) gap(page listing[T]) bool {
	start := sc.at.LastID == 0 || sc.at.Offset == 0
	known := start || len(page.ids) > 0 && page.ids[0] <= sc.at.LastID
	if known || !sc.seeking && sc.settled == sc.at.LastID {
		if sc.seeking {
			sc.settled = sc.at.LastID
		}
		sc.seeking = false
		return false
	}
	if !sc.seeking {
		sc.seeking, sc.stepBack = true, sc.size/2
	}
	return true
}

// back moves to the left, further each time. At the start of the list there is nothing left to find.
func (sc *scanner[T]) back() {
	sc.at.Offset = max(0, sc.at.Offset-sc.stepBack)
	sc.stepBack *= 2
}

// deliver makes a window of what is new in a page and moves the cursor to the seam.
func (sc *scanner[T]) deliver(page listing[T]) (Window[T], error) {
	sc.fit(page)
	window := Window[T]{Total: page.Total, Reading: page.Reading}
	fresh := slices.ContainsFunc(page.ids, func(id ID) bool { return id > sc.at.LastID })
	for i := range page.Records {
		if sc.service.id(&page.Records[i]) > sc.at.LastID {
			window.Records = append(window.Records, page.Records[i])
		}
	}
	for _, rejected := range page.Rejected {
		if rejected.ID > sc.at.LastID || rejected.ID == 0 && fresh {
			window.Rejected = append(window.Rejected, rejected)
		}
	}
	next, err := sc.judge(page, fresh)
	if err != nil {
		return Window[T]{Next: sc.at}, err
	}
	for _, id := range page.ids {
		sc.at.LastID = max(sc.at.LastID, id)
	}
	if next != stay {
		sc.at.Offset = page.start + sc.advance(page)
	}
	sc.widen()
	window.Next, window.Done = sc.at, next == end
	return window, nil
}

// fit notices a store that gives fewer records at once than it is asked for: it counts more pages than there would be.
func (sc *scanner[T]) fit(page listing[T]) {
	n := len(page.ids)
	if n < 2 || n >= page.size || page.Total < 0 || page.TotalPages <= (page.Total+page.size-1)/page.size {
		return
	}
	sc.size = n
	sc.ahead.resize(n)
}

// advance gives the way to the last record of a page. A page with hidden records ends earlier than its size says; stopping there costs
// a few records read twice. A page with none or one would not get on at all.
func (sc *scanner[T]) advance(page listing[T]) int {
	if n := len(page.ids); n >= 2 {
		return n - 1
	}
	return page.size - 1
}
