package woo

import (
	"context"

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
}

func newScanner[T any](ctx context.Context, s *Service[T], options ListOptions, from Cursor) *scanner[T] {
	if options.PerPage == 0 {
		options.PerPage = MaxPerPage
	}
	options.PerPage = max(2, options.PerPage) // one record of it is the seam
	options.OrderBy, options.Order, options.Page = "id", "asc", 0
	return &scanner[T]{service: s, size: options.PerPage, at: from, ahead: newReadAhead(ctx, s, options)}
}

// next gives the next window that brings something new, or the last one.
func (sc *scanner[T]) next() (Window[T], error) {
	for {
		page, err := sc.ahead.read(sc.at.Offset)
		if err == nil {
			err = sc.checkOrder(page)
		}
		if err != nil {
			return Window[T]{Next: sc.at}, err
		}
		if sc.gap(page) {
			sc.back()
			continue
		}
		window := sc.deliver(page)
		if window.Done || len(window.Records)+len(window.Rejected) > 0 {
			return window, nil
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
			return fault.New(fault.Unsupported, "the store does not sort %s by id as asked: switch off the plugin that sorts them",
				sc.service.path)
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
func (sc *scanner[T]) deliver(page listing[T]) Window[T] {
	sc.fit(page)
	window := Window[T]{Total: page.Total, StoreTime: page.StoreTime, Done: sc.isLast(page)}
	for i := range page.Records {
		if sc.service.id(&page.Records[i]) > sc.at.LastID {
			window.Records = append(window.Records, page.Records[i])
		}
	}
	for _, rejected := range page.Rejected {
		if rejected.ID == 0 || rejected.ID > sc.at.LastID {
			window.Rejected = append(window.Rejected, rejected)
		}
	}
	for _, id := range page.ids {
		sc.at.LastID = max(sc.at.LastID, id)
	}
	sc.at.Offset += sc.advance(page)
	window.Next = sc.at
	return window
}

// fit notices a store that gives fewer records at once than it is asked for: it counts more pages than there would be.
func (sc *scanner[T]) fit(page listing[T]) {
	n := len(page.ids)
	if n < 2 || n >= sc.size || page.Total < 0 || page.TotalPages <= (page.Total+sc.size-1)/sc.size {
		return
	}
	sc.size = n
	sc.ahead.resize(n)
}

func (sc *scanner[T]) isLast(page listing[T]) bool {
	switch {
	case sc.service.traits.whole:
		return true
	case page.Total < 0:
		return len(page.ids) < sc.size
	default:
		return sc.at.Offset+sc.size >= page.Total
	}
}

// advance gives the way to the last record of a page. A page with hidden records ends earlier than its size says; stopping there costs
// a few records read twice. A page with none or one would not get on at all.
func (sc *scanner[T]) advance(page listing[T]) int {
	if n := len(page.ids); n >= 2 {
		return n - 1
	}
	return sc.size - 1
}
