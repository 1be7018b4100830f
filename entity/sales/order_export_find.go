package sales

import (
	"context"
	"maps"
	"slices"

	"tandem/entity/mapping"
	"tandem/woo"
)

// find looks among the orders of their customers for those that were created before, when the reply or the process was lost.
func (x orderExport) find(ctx context.Context, all []*exportedOrder) error {
	oldest, err := x.oldest(ctx, all)
	if err != nil {
		return err
	}
	return x.reread(ctx, oldest, func(e *exportedOrder) { e.found = true })
}

// oldest gives the first order that was created of each; a plugin may have made copies of it, with all fields.
func (x orderExport) oldest(ctx context.Context, all []*exportedOrder) (map[woo.ID]*exportedOrder, error) {
	of := map[woo.ID][]*exportedOrder{}
	for _, e := range all {
		of[e.Value.customer] = append(of[e.Value.customer], e)
	}
	first := map[*exportedOrder]woo.ID{}
	for customer, theirs := range of {
		for have, err := range x.ec.Store.Orders.All(ctx, woo.ListOptions{
			Params: map[string][]string{"customer": {customer.String()}}, Fields: []string{"id", "meta_data"},
		}) {
			if err != nil {
				return nil, err
			}
			for _, e := range theirs {
				if mapping.IsMarked(x.ec, have.MetaData, e.Record.ID) && (first[e] == 0 || have.ID < first[e]) {
					first[e] = have.ID
				}
			}
		}
	}
	found := make(map[woo.ID]*exportedOrder, len(first))
	for e, id := range first {
		found[id] = e
	}
	return found, nil
}

// dropTwins looks again once orders are created. Another export of the same order may have created it at the same time: of the two, which
// both look again, the older one stays.
func (x orderExport) dropTwins(ctx context.Context, all []*exportedOrder) error {
	created := slices.DeleteFunc(slices.Clone(all), func(e *exportedOrder) bool { return e.found })
	if len(created) == 0 {
		return nil
	}
	oldest, err := x.oldest(ctx, created)
	if err != nil {
		return err
	}
	maps.DeleteFunc(oldest, func(id woo.ID, e *exportedOrder) bool { return id == e.have.ID })
	if err := x.undo(ctx, slices.Collect(maps.Values(oldest))); err != nil {
		return err
	}
	return x.reread(ctx, oldest, func(e *exportedOrder) { e.found = true })
}

// reread reads orders of the store whole.
func (x orderExport) reread(ctx context.Context, of map[woo.ID]*exportedOrder, note func(*exportedOrder)) error {
	var ids []woo.ID
	for id := range of {
		ids = append(ids, id)
	}
	for window, err := range x.ec.Store.Orders.ScanIDs(ctx, ids) {
		if err != nil {
			return err
		}
		for _, have := range window.Records {
			e := of[have.ID]
			e.have = have
			note(e)
		}
	}
	return nil
}
