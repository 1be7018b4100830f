package woo

import (
	"context"
	"slices"

	"tandem/fault"
)

// partsByID reads ids whose page broke in smaller and smaller groups, down to single records: those that break every reply are
// rejected, the others come. A store that gives no record of the list at all is away, and the first error stands.
func (s *Service[T]) partsByID(ctx context.Context, ids []ID, cause error) (listing[T], error) {
	if !s.givesAny(ctx) {
		return listing[T]{}, cause
	}
	page := listing[T]{Page: Page[T]{Total: -1, TotalPages: -1}}
	return page, s.halveIDs(ctx, ids, cause, &page)
}

// givesAny reports whether the store gives one of the first records of the list.
func (s *Service[T]) givesAny(ctx context.Context) bool {
	for place := range probes {
		options := ListOptions{Offset: place, PerPage: 1, OrderBy: "id", Order: "asc", Fields: []string{"id"}, tries: narrowTries}
		if _, err := s.list(ctx, options); err == nil {
			return true
		}
	}
	return false
}

// halveIDs adds to a page what the store gives of some ids, each half on its own.
func (s *Service[T]) halveIDs(ctx context.Context, ids []ID, cause error, page *listing[T]) error {
	if len(ids) == 1 {
		return s.single(ctx, ids[0], cause, page)
	}
	for half := range slices.Chunk(ids, (len(ids)+1)/2) {
		part, err := s.listSplittingOversized(ctx, ListOptions{Include: half, PerPage: MaxPerPage, OrderBy: "id", Order: "asc", tries: narrowTries})
		switch {
		case err == nil:
			page.add(part)
		case !breaksPages(err):
			return err
		default:
			if err := s.halveIDs(ctx, half, err, page); err != nil {
				return err
			}
		}
	}
	return nil
}

// single adds one record by its own address, which the store may give although it breaks lists.
func (s *Service[T]) single(ctx context.Context, id ID, cause error, page *listing[T]) error {
	record, err := s.get(ctx, id, narrowTries)
	switch {
	case err == nil:
		page.Records, page.ids = append(page.Records, record), append(page.ids, id)
	case fault.Is(err, fault.NotFound):
	case fault.Is(err, fault.Invalid), breaksPages(err):
		page.Rejected, page.ids = append(page.Rejected, s.broken(id, cause)), append(page.ids, id)
	default:
		return err
	}
	return nil
}

// add joins the records of another page. Its clock is the later one, and nothing counts the whole.
func (p *listing[T]) add(part listing[T]) {
	p.Records, p.Rejected, p.ids = append(p.Records, part.Records...), append(p.Rejected, part.Rejected...), append(p.ids, part.ids...)
	p.Reading = p.And(part.Reading)
}
