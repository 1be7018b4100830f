package wootest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// RouteFault is what is wrong with one route, for ever or for a number of requests. A fault that answers something else
// altogether (Status without Body) wins over those that spoil the real reply; the latter all apply.
type RouteFault struct {
	// Route is a path below wc/v3 with "#" for an id and "*" for a name, e.g. "orders", "orders/#", "shipping/zones".
	// Empty is every route.
	Route  string `json:"route"`
	Method string `json:"method"` // empty is GET, "*" is every method
	Times  int    `json:"times"`  // so many requests only; 0 is for ever

	// Status is answered instead of the real reply: as a JSON error, or as a web page when HTML is set.
	Status int    `json:"status"`
	Code   string `json:"code"` // of the JSON error; empty is what WordPress says with that status
	HTML   bool   `json:"html"`
	// Body replaces the body of the reply. With no Status the status and headers stay those of the real reply.
	Body json.RawMessage `json:"body"`

	BrokenRecords []int `json:"broken_records"` // a reply that holds one of these records is a 500
	MaxPerPage    int   `json:"max_per_page"`   // a longer page is a 500

	// Ignore names query parameters that do nothing. "page" and "offset" together repeat the first page for ever, as a
	// host does that caches replies without their query; "*" is every parameter but those of the key.
	Ignore []string `json:"ignore"`

	Total      *int64 `json:"total"`       // X-WP-Total says this
	HideTotals bool   `json:"hide_totals"` // no X-WP-Total, X-WP-TotalPages and links

	RecordLatency time.Duration `json:"record_latency"` // nanoseconds; a page takes this for each record asked for
}

// replaces reports whether the fault answers instead of the store.
func (f RouteFault) replaces() bool { return f.Status != 0 }

func (f RouteFault) applies(c *call) bool {
	method := f.Method
	if method == "" {
		method = http.MethodGet
	}
	return (method == "*" || method == c.method) && (f.Route == "" || f.Route == c.route.pattern)
}

// routeFaults are what applies to one request.
type routeFaults []RouteFault

// of gives the faults of a request and counts it against their Times.
func (p *faultPlan) of(c *call) (found routeFaults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var places []int
	for i, f := range p.plan.Routes {
		if !f.applies(c) || f.Times > 0 && p.used[i] >= f.Times {
			continue
		}
		if f.replaces() {
			p.used[i]++
			return routeFaults{f}
		}
		found, places = append(found, f), append(places, i)
	}
	for _, i := range places {
		p.used[i]++
	}
	return found
}

// date puts a wrong time into the header that the HTTP server would set.
func (p *faultPlan) date(h http.Header) {
	if plan := p.get(); plan.ClockSkew != 0 || plan.DateSkew != 0 {
		h.Set("Date", time.Now().Add(plan.ClockSkew+plan.DateSkew).UTC().Format(http.TimeFormat))
	}
}

// blind takes from the query what the host ignores.
func (fs routeFaults) blind(query url.Values) {
	for _, f := range fs {
		for name := range query {
			key := strings.HasPrefix(name, "oauth_") || strings.HasPrefix(name, "consumer_")
			if slices.Contains(f.Ignore, name) || slices.Contains(f.Ignore, "*") && !key {
				query.Del(name)
			}
		}
	}
}

// instead answers in the store's place when a fault says so; the store then does not see the request.
func (fs routeFaults) instead(w http.ResponseWriter, c *call) bool {
	if len(fs) == 0 || !fs[0].replaces() {
		return false
	}
	c.store.stats.fault(fs[0].mishap())
	if fs[0].HTML {
		writeHTML(w, fs[0].Status, http.StatusText(fs[0].Status))
	} else {
		c.store.send(w, c, fs[0].reply())
	}
	return true
}

// spoil gives what becomes of the store's reply. It is false when the client does not wait for it.
func (fs routeFaults) spoil(ctx context.Context, c *call, answer *reply) (*reply, bool) {
	for _, f := range fs {
		c.store.stats.fault(f.mishap())
		size := f.pageSize(c)
		if !pause(ctx, f.RecordLatency*time.Duration(size)) {
			return nil, false
		}
		if f.MaxPerPage > 0 && size > f.MaxPerPage || f.breaks(answer) {
			return errorReply(errCritical), true
		}
		f.distort(answer, size)
	}
	return answer, true
}

// mishap names the fault in the statistics.
func (f RouteFault) mishap() mishap { return mishap("route " + f.Route) }

// pageSize is how many records the request asks for; a request for one record asks for one.
func (f RouteFault) pageSize(c *call) int {
	if !c.route.list {
		return 1
	}
	p, err := c.page()
	if err != nil {
		return 0
	}
	return p.size
}

func (f RouteFault) breaks(answer *reply) bool {
	return slices.ContainsFunc(answer.shown, func(id int) bool { return slices.Contains(f.BrokenRecords, id) })
}

func (f RouteFault) reply() *reply {
	if len(f.Body) > 0 {
		return newReply(f.Status, f.Body)
	}
	err := fail(f.Status, f.Code, http.StatusText(f.Status))
	if err.code == "" {
		err.code = usualCode(f.Status)
	}
	return errorReply(err)
}

// errCritical is what WordPress answers when PHP ends with a fatal error.
var errCritical = fail(http.StatusInternalServerError, "internal_server_error",
	"<p>There has been a critical error on this website.</p>")

// usualCode is the code WordPress gives with a status when nothing more is known.
func usualCode(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "woocommerce_rest_cannot_view"
	case http.StatusForbidden:
		return "rest_forbidden"
	case http.StatusNotFound:
		return errNoRoute.code
	}
	return "internal_server_error"
}

// distort changes body and totals of a reply that is a success otherwise.
func (f RouteFault) distort(answer *reply, size int) {
	if len(f.Body) > 0 {
		answer.body = f.Body
	}
	if f.HideTotals {
		for _, name := range []string{"X-WP-Total", "X-WP-TotalPages", "Link"} {
			answer.header.Del(name)
		}
	}
	if f.Total != nil {
		answer.header.Set("X-WP-Total", strconv.FormatInt(*f.Total, 10))
		answer.header.Set("X-WP-TotalPages", strconv.FormatInt(*f.Total/int64(max(size, 1)), 10))
	}
}
