package wootest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// call is one request on its way through the store.
type call struct {
	store  *Server
	method string
	route  *route
	vars   []string // what the route's wildcards matched
	query  url.Values
	raw    string // the query as sent, for Link headers
	body   []byte
	home   string // address of the site as the client sees it
	now    int64  // Unix seconds
	budget int    // batch items left before the request "times out"; negative is no limit
	faults routeFaults
	batch  bool // it is an item of a batch, which WooCommerce does not validate
	events []storeEvent
	pings  []int // webhooks that are told of themselves before the client has its answer
}

func (c *call) api() string { return c.store.apiRoot(c.home) + "/wc/v3" }

// id gives the wildcard numbered n as a record id.
func (c *call) id(n int) int {
	if n >= len(c.vars) {
		return 0
	}
	id, _ := strconv.Atoi(c.vars[n])
	return id
}

// recordID is the id of the record itself: the last wildcard of the path.
func (c *call) recordID() int { return c.id(len(c.vars) - 1) }

// path is the collection's path with its wildcards filled in, e.g. "products/12/variations".
func (c *call) path(pattern string) string {
	n := 0
	segments := strings.Split(pattern, "/")
	for i, s := range segments {
		if (s == "#" || s == "*") && n < len(c.vars) {
			segments[i] = c.vars[n]
			n++
		}
	}
	return strings.Join(segments, "/")
}

// param gives a single query parameter.
func (c *call) param(name string) string { return c.query.Get(name) }

// params gives a list parameter in any of the forms PHP accepts: a,b · x[]=a&x[]=b · x[0]=a.
func (c *call) params(name string) []string {
	var values []string
	for key, given := range c.query {
		if key != name && !strings.HasPrefix(key, name+"[") {
			continue
		}
		for _, v := range given {
			for part := range strings.SplitSeq(v, ",") {
				if part = strings.TrimSpace(part); part != "" {
					values = append(values, part)
				}
			}
		}
	}
	return values
}

// ids gives a list parameter of numbers.
func (c *call) ids(name string) []int {
	var ids []int
	for _, v := range c.params(name) {
		if id, err := strconv.Atoi(v); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func (c *call) encoder() *encoder {
	dp := c.store.rules.decimals
	if n, err := strconv.Atoi(c.param("dp")); err == nil && n >= 0 {
		dp = min(n, 6)
	}
	return &encoder{b: make([]byte, 0, 8<<10), dp: dp, rules: c.store.rules, zone: c.store.opts.Zone, home: c.home, api: c.api(),
		fields: c.params("_fields")}
}

// instant reads a date parameter. Without its own offset it is in the site's time zone, or in UTC when the client says
// dates_are_gmt.
func (c *call) instant(name string) (int64, bool, error) {
	value := c.param(name)
	if value == "" {
		return 0, false, nil
	}
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return t.Unix(), true, nil
	}
	zone := c.store.opts.Zone
	if truthy(c.param("dates_are_gmt")) {
		zone = time.UTC
	}
	t, err := time.ParseInLocation(stamp, value, zone)
	if err != nil {
		return 0, false, invalidParam(name, "rest_invalid_date", "Invalid date.")
	}
	return t.Unix(), true, nil
}

// homeOf gives the address of the site under which the client reached it.
func homeOf(r *http.Request, basePath string) string {
	scheme := "http"
	if isTLS(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host + basePath
}

// isTLS believes a proxy in front, as a store set up behind one does.
func isTLS(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
