package wootest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

const maxPageSize = 100

// page says which part of a list is wanted.
type page struct{ number, size, offset int }

func (c *call) page() (page, error) {
	p := page{number: 1, size: 10, offset: -1}
	if err := c.bounded("per_page", 1, maxPageSize, &p.size); err != nil {
		return p, err
	}
	if err := c.bounded("page", 1, 1<<31, &p.number); err != nil {
		return p, err
	}
	if err := c.bounded("offset", 0, 1<<31, &p.offset); err != nil {
		return p, err
	}
	if p.offset < 0 {
		p.offset = (p.number - 1) * p.size
	}
	return p, nil
}

// cut gives the ids of the page.
func (p page) cut(ids []int) []int {
	from := min(p.offset, len(ids))
	return ids[from:min(from+p.size, len(ids))]
}

// bounded reads a whole number within limits into n, which keeps its default when the parameter is absent.
func (c *call) bounded(name string, low, high int, n *int) error {
	value := c.param(name)
	if value == "" {
		return nil
	}
	given, err := strconv.Atoi(value)
	if err != nil {
		return invalidParam(name, "rest_invalid_type", name+" is not of type integer.")
	}
	if given < low || given > high {
		message := fmt.Sprintf("%s must be between %d (inclusive) and %d (inclusive)", name, low, high)
		if high > maxPageSize {
			message = fmt.Sprintf("%s must be greater than or equal to %d", name, low)
		}
		return invalidParam(name, "rest_out_of_bounds", message)
	}
	*n = given
	return nil
}

// window is a pair of exclusive bounds in Unix seconds.
type window struct{ after, before int64 }

func (w window) holds(t int64) bool { return t > w.after && (w.before == 0 || t < w.before) }

func (c *call) window(afterParam, beforeParam string) (window, error) {
	after, hasAfter, err := c.instant(afterParam)
	if err != nil {
		return window{}, err
	}
	before, _, err := c.instant(beforeParam)
	if err != nil {
		return window{}, err
	}
	if !hasAfter {
		after = -1 << 62
	}
	return window{after: after, before: before}, nil
}

// headFilter builds the filters that need a record's head only.
func (c *call) headFilter(dated bool, status func(string) bool) (func(head) bool, error) {
	created, modified := window{after: -1 << 62}, window{after: -1 << 62}
	if dated {
		var err error
		if created, err = c.window("after", "before"); err != nil {
			return nil, err
		}
		if modified, err = c.window("modified_after", "modified_before"); err != nil {
			return nil, err
		}
	}
	exclude := c.ids("exclude")
	return func(h head) bool {
		return (status == nil || status(h.status)) && created.holds(h.created) && modified.holds(h.modified) &&
			(len(exclude) == 0 || !slices.Contains(exclude, h.id))
	}, nil
}

// listings remembers the ids of recent lists, so that walking through a million orders does not filter a million heads
// for each page. A write to the collection makes its lists stale.
type listings struct {
	mu     sync.Mutex
	recent []listEntry
}

type listEntry struct {
	key     string
	version int
	ids     []int
}

const rememberedLists = 6

func (l *listings) get(key string, version int) ([]int, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, entry := range l.recent {
		if entry.key == key && entry.version == version {
			return entry.ids, true
		}
	}
	return nil, false
}

func (l *listings) put(key string, version int, ids []int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recent = slices.DeleteFunc(l.recent, func(e listEntry) bool { return e.key == key })
	if len(l.recent) >= rememberedLists {
		l.recent = l.recent[1:]
	}
	l.recent = append(l.recent, listEntry{key: key, version: version, ids: ids})
}

// listKey names a list regardless of the page asked for and of how the request is signed.
func (c *call) listKey(path string) string {
	kept := url.Values{}
	for key, values := range c.query {
		switch {
		case key == "page", key == "per_page", key == "offset", key == "dp", key == "_fields", key == "context":
		case strings.HasPrefix(key, "oauth_"), strings.HasPrefix(key, "consumer_"), key == "rest_route":
		default:
			kept[key] = values
		}
	}
	return path + "?" + kept.Encode()
}
