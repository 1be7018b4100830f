package catalog

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// goneTerms tells which of the terms that records wait for the store does not list: those were deleted, or belong to another
// language, and never land. Keys of other records are left alone.
func goneTerms(ctx context.Context, ec mapping.Context, waits []erp.Key) (map[erp.Key]bool, error) {
	gone := map[erp.Key]bool{}
	for _, kind := range []struct {
		entity string
		listed func(context.Context, *woo.Client, []woo.ID) ([]woo.ID, error)
	}{
		{categoryName, listedIn(func(c *woo.Client) *woo.Service[woo.Category] { return c.Categories }, func(t woo.Category) woo.ID { return t.ID })},
		{tagName, listedIn(func(c *woo.Client) *woo.Service[woo.Tag] { return c.Tags }, func(t woo.Tag) woo.ID { return t.ID })},
		{brandName, listedIn(func(c *woo.Client) *woo.Service[woo.Brand] { return c.Brands }, func(t woo.Brand) woo.ID { return t.ID })},
		{attributeName, listedIn(func(c *woo.Client) *woo.Service[woo.Attribute] { return c.Attributes }, func(t woo.Attribute) woo.ID { return t.ID })},
		{shippingClassName, listedIn(func(c *woo.Client) *woo.Service[woo.ShippingClass] { return c.ShippingClasses },
			func(t woo.ShippingClass) woo.ID { return t.ID })},
	} {
		ids := idsOf(waits, kind.entity)
		if len(ids) == 0 {
			continue
		}
		listed, err := kind.listed(ctx, ec.Store, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if !slices.Contains(listed, id) {
				gone[mapping.KeyOf(ec, kind.entity, id)] = true
			}
		}
	}
	return gone, nil
}

// idsOf gives the store's ids of the keys of one entity, ascending and each once.
func idsOf(keys []erp.Key, entity string) []woo.ID {
	var texts []string
	for _, key := range keys {
		if key.Entity == entity {
			texts = append(texts, key.ID)
		}
	}
	return mapping.IdsAfter(texts, 0)
}

// listedIn asks a list which of some ids it holds. A store without the list holds none.
func listedIn[T any](service func(*woo.Client) *woo.Service[T], id func(T) woo.ID) func(context.Context, *woo.Client, []woo.ID) ([]woo.ID, error) {
	return func(ctx context.Context, store *woo.Client, ids []woo.ID) (listed []woo.ID, err error) {
		for chunk := range slices.Chunk(ids, woo.MaxPerPage) {
			page, err := service(store).List(ctx, woo.ListOptions{Include: chunk, PerPage: woo.MaxPerPage, Fields: []string{"id"}})
			if mapping.IsNotOffered(err) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			for _, record := range page.Records {
				listed = append(listed, id(record))
			}
			for _, rejected := range page.Rejected {
				listed = append(listed, rejected.ID)
			}
		}
		return listed, nil
	}
}

// waitsOf gives what the parked of some attempts wait for.
func waitsOf[R, E any](attempts []*flow.Attempt[R, E]) []erp.Key {
	var waits []erp.Key
	for _, a := range attempts {
		waits = append(waits, a.Outcome.Waits...)
	}
	return waits
}
