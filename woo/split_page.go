package woo

import (
	"context"
	"encoding/json"
	"slices"
)

// listSplittingOversized reads a page as list does. When the reply would be too large, it asks for the ids alone and then for the records in smaller
// and smaller groups; a record that alone is too large is rejected. So the page keeps its size and its place in a scan.
func (s *Service[T]) listSplittingOversized(ctx context.Context, options ListOptions) (listing[T], error) {
	page, err := s.list(ctx, options)
	if ReasonOf(err) != TooLarge || s.traits.whole {
		return page, err
	}
	bare := options
	bare.Fields = []string{"id"}
	page, err = s.list(ctx, bare)
	if err != nil {
		return listing[T]{}, err
	}
	page.Records, page.Rejected = nil, nil
	options.Offset, options.Page = 0, 0
	for half := range slices.Chunk(page.ids, max(1, (len(page.ids)+1)/2)) {
		if err := s.fetchHalving(ctx, options, half, &page); err != nil {
			return listing[T]{}, err
		}
	}
	return page, nil
}

// fetchHalving adds the records with the given ids to a page, in their order, halving what is too large.
func (s *Service[T]) fetchHalving(ctx context.Context, options ListOptions, ids []ID, page *listing[T]) error {
	options.Include, options.PerPage = ids, len(ids)
	piece, err := s.list(ctx, options)
	switch {
	case err == nil:
		page.Records = append(page.Records, piece.Records...)
		page.Rejected = append(page.Rejected, piece.Rejected...)
		return nil
	case ReasonOf(err) != TooLarge:
		return err
	case len(ids) == 1:
		raw, _ := json.Marshal(map[string]ID{"id": ids[0]})
		page.Rejected = append(page.Rejected, Rejected{ID: ids[0], Raw: raw, Err: err})
		return nil
	}
	half := len(ids) / 2
	if err := s.fetchHalving(ctx, options, ids[:half], page); err != nil {
		return err
	}
	return s.fetchHalving(ctx, options, ids[half:], page)
}
