package record

import (
	"context"
)

// LoadOr lands a record for each item. Where Odoo refuses it, the next one that there is of the item is tried: a code or barcode
// may belong to a record of another company, which the user does not see, though Odoo compares with those of all companies.
func LoadOr[T any](ctx context.Context, s *Store, model string, items []T, of func(item T, try int) *Record) ([]Loaded, error) {
	results := make([]Loaded, len(items))
	places, records := make([]int, len(items)), make([]*Record, len(items))
	for i, item := range items {
		places[i], records[i] = i, of(item, 0)
	}
	for try := 1; len(records) > 0; try++ {
		landed, err := s.Load(ctx, model, records)
		if err != nil {
			return nil, err
		}
		var refused []int
		records = nil
		for i, at := range places {
			results[at] = landed[i]
			if landed[i].Refused == nil {
				continue
			}
			if next := of(items[at], try); next != nil {
				refused, records = append(refused, at), append(records, next)
			}
		}
		places = refused
	}
	return results, nil
}
