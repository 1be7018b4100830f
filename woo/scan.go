package woo

import (
	"context"
	"iter"
)

// Cursor is a place in a scan: everything before it is done. It survives as JSON in a heartbeat or a table.
type Cursor struct {
	Offset int `json:"offset"`  // where the next window starts, in the store's list
	LastID ID  `json:"last_id"` // the greatest id delivered; 0 at the start
}

// Window is one stretch of a scan.
type Window[T any] struct {
	Records  []T // ids ascending, none delivered before
	Rejected []Rejected
	Next     Cursor // where to go on once this window is done with
	Total    int    // records in the whole list; -1 when the store does not say
	Done     bool   // this is the last window
	Reading
}

// Scan reads a whole list in order of id, in windows of 100 (or options.PerPage). Config.Readers windows are read ahead at once and
// delivered in order; the loop may take its time with each.
//
// The store pages by position, so records added or removed meanwhile shift what follows. Each window therefore starts at the last record
// of the one before. When that record has moved to the left, something was removed, and the scan steps back until it finds known ground;
// when it has moved to the right, records come twice and the second time is dropped. So every record that is in the list from beginning
// to end is delivered exactly once. One that enters the list behind the scan (an old record that was edited into the filter) is not
// seen: its date_modified is after the scan's StoreTime.
//
// Starting at a window's Next goes on after it. An error ends the loop; the Next of the last good window is the place to go on.
func (s *Service[T]) Scan(ctx context.Context, options ListOptions, from Cursor) iter.Seq2[Window[T], error] {
	return func(yield func(Window[T], error) bool) {
		sc := newScanner(ctx, s, options, from)
		defer sc.ahead.stop()
		for done := false; !done; {
			window, err := sc.next()
			done = window.Done || err != nil
			if !yield(window, err) {
				return
			}
		}
	}
}

// All reads a whole list record by record, as [Service.Scan] does. An unreadable record gives an error after which the loop may go on;
// any other error is the last.
func (s *Service[T]) All(ctx context.Context, options ListOptions) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for window, err := range s.Scan(ctx, options, Cursor{}) {
			if err != nil {
				yield(none, err)
				return
			}
			for _, record := range window.Records {
				if !yield(record, nil) {
					return
				}
			}
			for _, rejected := range window.Rejected {
				if !yield(none, rejected.Err) {
					return
				}
			}
		}
	}
}
