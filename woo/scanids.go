package woo

import (
	"context"
	"iter"
	"slices"
)

// IDWindow is what the store has of up to 100 ids.
type IDWindow[T any] struct {
	Records  []T // ids ascending
	Rejected []Rejected
	Missing  []ID // asked for, but not in the store, or in its trash
}

// ScanIDs reads records by id, 100 at a time, in ascending order and each once. An error ends the loop.
func (s *Service[T]) ScanIDs(ctx context.Context, ids []ID) iter.Seq2[IDWindow[T], error] {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return func(yield func(IDWindow[T], error) bool) {
		for chunk := range slices.Chunk(ids, MaxPerPage) {
			window, err := s.byID(ctx, chunk)
			if !yield(window, err) || err != nil {
				return
			}
		}
	}
}

// byID keeps only what was asked for: a resource that answers its whole list at once ignores the filter.
func (s *Service[T]) byID(ctx context.Context, ids []ID) (IDWindow[T], error) {
	options := ListOptions{Include: ids, PerPage: MaxPerPage, OrderBy: "id", Order: "asc"}
	page, err := s.list(ctx, options)
	if err != nil {
		return IDWindow[T]{}, err
	}
	window := IDWindow[T]{}
	for i := range page.Records {
		if slices.Contains(ids, s.id(&page.Records[i])) {
			window.Records = append(window.Records, page.Records[i])
		}
	}
	for _, rejected := range page.Rejected {
		if slices.Contains(ids, rejected.ID) {
			window.Rejected = append(window.Rejected, rejected)
		}
	}
	for _, id := range ids {
		if !slices.Contains(page.ids, id) {
			window.Missing = append(window.Missing, id)
		}
	}
	return window, nil
}
