package wootest

import (
	"cmp"
	"slices"
	"strings"
)

// ids gives every id the list holds, in order.
func (res *resource[T]) ids(c *call) ([]int, error) {
	by, ascending, err := res.order(c)
	if err != nil {
		return nil, err
	}
	key := c.listKey(c.path(res.pattern))
	if ids, known := c.store.lists.get(key, res.records.version); known {
		return ids, nil
	}
	heads, err := res.heads(c)
	if err != nil {
		return nil, err
	}
	ids := res.sorted(c, heads, by, ascending)
	c.store.lists.put(key, res.records.version, ids)
	return ids, nil
}

// order reads and checks orderby and order.
func (res *resource[T]) order(c *call) (by string, ascending bool, err error) {
	by, ascending = "id", res.ascending
	if len(res.orders) > 0 {
		by = res.orders[0]
	}
	if given := c.param("orderby"); given != "" && len(res.orders) > 0 {
		if err = oneOf("orderby", "orderby", given, res.orders); err != nil {
			return "", false, err
		}
		by = given
	}
	switch given := c.param("order"); given {
	case "":
	case "asc", "desc":
		ascending = given == "asc"
	default:
		return "", false, invalidParam("order", "rest_not_in_enum", "order is not one of asc and desc.")
	}
	return by, ascending, nil
}

// heads gives the heads of the records that pass all filters, in ascending order of id.
func (res *resource[T]) heads(c *call) ([]head, error) {
	keep, err := res.keep(c)
	if err != nil {
		return nil, err
	}
	candidates, err := res.candidates(c)
	if err != nil {
		return nil, err
	}
	var kept []head
	if candidates == nil {
		for h := range res.records.heads {
			if keep(h) {
				kept = append(kept, h)
			}
		}
		return kept, nil
	}
	for _, id := range candidates {
		if rec := res.record(id); rec != nil && keep(res.records.headOf(rec)) {
			kept = append(kept, res.records.headOf(rec))
		}
	}
	return kept, nil
}

// keep joins the filters on heads with those that look inside the record.
func (res *resource[T]) keep(c *call) (func(head) bool, error) {
	var status func(string) bool
	var err error
	if res.statuses != nil {
		if status, err = res.statuses(c); err != nil {
			return nil, err
		}
	}
	byHead, err := c.headFilter(res.dated, status)
	if err != nil || res.filter == nil {
		return byHead, err
	}
	inside, err := res.filter(c)
	if err != nil || inside == nil {
		return byHead, err
	}
	return func(h head) bool { return byHead(h) && inside(res.record(h.id)) }, nil
}

// candidates gives the ids to look at when they are known beforehand; nil means all.
func (res *resource[T]) candidates(c *call) ([]int, error) {
	var scoped []int
	if res.scope != nil {
		var err error
		if scoped, err = res.scope(c); err != nil {
			return nil, err
		}
	}
	include := c.ids("include")
	if len(include) == 0 {
		return scoped, nil
	}
	include = slices.DeleteFunc(include, func(id int) bool {
		return res.records.get(id) == nil || scoped != nil && !slices.Contains(scoped, id)
	})
	slices.Sort(include)
	return slices.Compact(include), nil
}

func (res *resource[T]) sorted(c *call, heads []head, by string, ascending bool) []int {
	compare := res.comparison(c, by)
	if compare != nil {
		slices.SortStableFunc(heads, compare)
	}
	if !ascending && by != "include" {
		slices.Reverse(heads)
	}
	ids := make([]int, len(heads))
	for i, h := range heads {
		ids[i] = h.id
	}
	return ids
}

// comparison gives the ascending order; nil when ascending ids are it already.
func (res *resource[T]) comparison(c *call, by string) func(a, b head) int {
	switch by {
	case "id":
		return nil
	case "date", "registered_date":
		return func(a, b head) int { return cmp.Compare(a.created, b.created) }
	case "modified":
		return func(a, b head) int { return cmp.Compare(a.modified, b.modified) }
	case "include":
		wanted := c.ids("include")
		return func(a, b head) int { return cmp.Compare(slices.Index(wanted, a.id), slices.Index(wanted, b.id)) }
	}
	if res.sortText == nil {
		return nil
	}
	return func(a, b head) int {
		return strings.Compare(res.sortText(res.record(a.id), by), res.sortText(res.record(b.id), by))
	}
}
