package woo

import (
	"context"
	"iter"
	"slices"

	"tandem/fault"
)

// IDWindow is what the store has of up to 100 ids.
type IDWindow[T any] struct {
	Records  []T // ids ascending
	Rejected []Rejected
	Missing  []ID // asked for, but not in the store, or in its trash
	Reading
}

// ScanIDs reads records by id in windows of 100, in ascending order and each once. Config.Readers windows are read ahead at once. A record
// that breaks its page is rejected, and keeps no other from coming. An error ends the loop.
func (s *Service[T]) ScanIDs(ctx context.Context, ids []ID) iter.Seq2[IDWindow[T], error] {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return Ahead(ctx, s.client.cfg.Readers, slices.Collect(slices.Chunk(ids, MaxPerPage)), s.byID)
}

// byID asks again for what is missing as long as the store counts more than it gave: some give fewer records at once than they are asked
// for. What it counts but never shows is missing.
func (s *Service[T]) byID(ctx context.Context, ids []ID) (IDWindow[T], error) {
	window := IDWindow[T]{Missing: ids}
	for more := true; more; {
		options := ListOptions{Include: window.Missing, PerPage: MaxPerPage, OrderBy: "id", Order: "asc"}
		page, err := s.listSplittingOversized(ctx, options)
		if breaksPages(err) && !s.traits.whole {
			page, err = s.partsByID(ctx, window.Missing, err)
		}
		if err != nil {
			return IDWindow[T]{}, err
		}
		if err := s.checkAsked(page, ids); err != nil {
			return IDWindow[T]{}, err
		}
		left := len(window.Missing)
		s.take(&window, page)
		found := left - len(window.Missing)
		more = found > 0 && found < left && page.Total > len(page.ids)
	}
	slices.SortFunc(window.Records, func(a, b T) int { return int(s.id(&a) - s.id(&b)) })
	return window, nil
}

// checkAsked refuses a list of records that were not asked for: a cache answers in place of the store, and what it does not show may
// well be there.
func (s *Service[T]) checkAsked(page listing[T], asked []ID) error {
	if s.traits.whole {
		return nil
	}
	for _, id := range page.ids {
		if id != 0 && !slices.Contains(asked, id) {
			return fault.New(fault.Unsupported, "the store shows other %s than those asked for by id: a cache in front of it ignores what is "+
				"asked for: exclude /wp-json/ from it", s.path)
		}
	}
	return nil
}

// take keeps only what is still missing: a resource that answers its whole list at once ignores the filter.
func (s *Service[T]) take(window *IDWindow[T], page listing[T]) {
	for i := range page.Records {
		if slices.Contains(window.Missing, s.id(&page.Records[i])) {
			window.Records = append(window.Records, page.Records[i])
		}
	}
	for _, rejected := range page.Rejected {
		if slices.Contains(window.Missing, rejected.ID) {
			window.Rejected = append(window.Rejected, rejected)
		}
	}
	window.Missing = slices.DeleteFunc(slices.Clone(window.Missing), func(id ID) bool { return slices.Contains(page.ids, id) })
	window.Reading = window.And(page.Reading)
}
