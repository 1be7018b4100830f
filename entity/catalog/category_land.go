package catalog

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// categoryAttempt is one category on its way into the ERP.
type categoryAttempt = flow.Attempt[woo.Category, erp.Term]

// landCategories lands categories. One whose parent the store does not list, or that is its own ancestor, lands at the top of
// the tree.
func landCategories(ctx context.Context, ec mapping.Context, attempts []*categoryAttempt) error {
	attempts = flow.NotRefused(attempts)
	if err := breakCycles(ctx, ec, attempts); err != nil {
		return err
	}
	if err := mapping.LandEach(ctx, ec, categoryName, erp.Backend.UpsertTerms, attempts); err != nil {
		return err
	}
	gone, err := goneTerms(ctx, ec, waitsOf(attempts))
	if err != nil || len(gone) == 0 {
		return err
	}
	var again []*categoryAttempt
	for _, a := range attempts {
		if len(a.Outcome.Waits) == 0 {
			continue
		}
		again = append(again, a) // its parent may be one that lands only now
		if gone[a.Value.Parent] {
			a.Note("landed at the top: the store does not list its parent, category " + strconv.Quote(a.Value.Parent.ID))
			a.Value.Parent = erp.Key{}
		}
	}
	return mapping.LandEach(ctx, ec, categoryName, erp.Backend.UpsertTerms, again)
}

// breakCycles moves the first category of each cycle to the top: each of a cycle would otherwise wait for the others for ever.
// It is the same one whatever page the others are on.
func breakCycles(ctx context.Context, ec mapping.Context, attempts []*categoryAttempt) error {
	parents := make(map[erp.Key]erp.Key, len(attempts))
	for _, a := range attempts {
		parents[a.Value.Key] = a.Value.Parent
	}
	if err := addAncestors(ctx, ec, parents); err != nil {
		return err
	}
	for _, a := range attempts {
		if startsCycle(parents, a.Value.Key) {
			a.Note("landed at the top: its parent, category " + strconv.Quote(a.Value.Parent.ID) + ", lies below itself")
			a.Value.Parent = erp.Key{}
		}
	}
	return nil
}

// maxCategoryDepth bounds how many levels above a page are read. WordPress has no limit, and no shop this many.
const maxCategoryDepth = 50

// addAncestors adds the parents of categories that are not on the page, level by level. What the store does not list has none.
func addAncestors(ctx context.Context, ec mapping.Context, parents map[erp.Key]erp.Key) error {
	for range maxCategoryDepth {
		var unknown []erp.Key
		for _, parent := range parents {
			if _, known := parents[parent]; !known && !parent.IsZero() {
				unknown = append(unknown, parent)
			}
		}
		if len(unknown) == 0 {
			return nil
		}
		for _, key := range unknown {
			parents[key] = erp.Key{}
		}
		for ids := range slices.Chunk(idsOf(unknown, categoryName), woo.MaxPerPage) {
			page, err := ec.Store.Categories.List(ctx, woo.ListOptions{Include: ids, PerPage: woo.MaxPerPage, Fields: []string{"id", "parent"}})
			if err != nil {
				return err
			}
			for _, c := range page.Records {
				parents[mapping.KeyOf(ec, categoryName, c.ID)] = mapping.OptionalKey(ec, categoryName, c.Parent)
			}
		}
	}
	return nil
}

// startsCycle reports whether a category is its own ancestor, and the one with the lowest id of those that are so together.
func startsCycle(parents map[erp.Key]erp.Key, category erp.Key) bool {
	at := parents[category]
	for range parents {
		switch {
		case at == category:
			return true
		case at.IsZero(), olderID(at.ID, category.ID):
			return false
		}
		at = parents[at]
	}
	return false
}

// olderID reports whether the store gave one id before another.
func olderID(a, b string) bool {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) < 0
}
