package wootest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// handler answers one request; the store's lock is held, for reading on GET and for writing otherwise.
type handler func(c *call) (*reply, error)

// route is one pattern below wc/v3. A segment "#" takes digits, "*" takes anything, the rest is literal.
type route struct {
	pattern  string
	segments []string
	handlers map[string]handler
	single   bool // serves one record: PUT, PATCH and POST all edit
	list     bool // GET is a list
}

// router finds routes in the order they were added, so literals go before wildcards.
type router struct{ routes []*route }

func (rt *router) at(pattern string) *route {
	for _, known := range rt.routes {
		if known.pattern == pattern {
			return known
		}
	}
	added := &route{pattern: pattern, segments: strings.Split(pattern, "/"), handlers: map[string]handler{}}
	rt.routes = append(rt.routes, added)
	return added
}

func (r *route) on(method string, h handler) *route {
	r.handlers[method] = h
	return r
}

// edit registers what WordPress calls EDITABLE.
func (r *route) edit(h handler) *route {
	r.single = true
	return r.on(http.MethodPut, h).on(http.MethodPost, h).on(http.MethodPatch, h)
}

// allow is the Allow header WordPress sends for the route.
func (r *route) allow() []string {
	order := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	return slices.DeleteFunc(order, func(method string) bool { return r.handlers[method] == nil })
}

// match gives the wildcards' values, or false.
func (r *route) match(path []string) ([]string, bool) {
	if len(path) != len(r.segments) {
		return nil, false
	}
	var values []string
	for i, want := range r.segments {
		switch want {
		case "#":
			if _, err := strconv.Atoi(path[i]); err != nil {
				return nil, false
			}
			values = append(values, path[i])
		case "*":
			values = append(values, path[i])
		default:
			if want != path[i] {
				return nil, false
			}
		}
	}
	return values, true
}

// find gives the route and handler for a path below wc/v3.
func (rt *router) find(method, path string) (*route, handler, []string) {
	segments := strings.Split(path, "/")
	for _, r := range rt.routes {
		values, ok := r.match(segments)
		if !ok {
			continue
		}
		if h := r.handlers[method]; h != nil {
			return r, h, values
		}
	}
	return nil, nil, nil
}
