package wootest

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Faults is the plan of what goes wrong. Rates are shares of all API requests, 0 to 1, and add up; one request has at
// most one fault. Cut and timed-out writes are applied: the client just never hears of it.
type Faults struct {
	Rate429     float64 `json:"rate_429"`
	Rate500     float64 `json:"rate_500"`
	RateTimeout float64 `json:"rate_timeout"`
	RateCut     float64 `json:"rate_cut"`  // the connection breaks in the middle of the body
	RateHTML    float64 `json:"rate_html"` // a maintenance page, half of the time with status 200
	Seed        int64   `json:"seed"`

	// EditWhilePaging is the share of list requests after which another client edits or adds a record of that list.
	EditWhilePaging float64 `json:"edit_while_paging"`

	TimeoutAfter time.Duration `json:"timeout_after"` // nanoseconds; how long a timed-out request hangs, default 30 s
	RetryAfter   time.Duration `json:"retry_after"`   // nanoseconds; sent with 429 in whole seconds when positive

	// ClockSkew moves the store's clock: the Date header and the dates of what is written. Keys are still checked by
	// the right time, so that OAuth keeps working. DateSkew moves the header alone, as a wrong proxy does.
	ClockSkew time.Duration `json:"clock_skew"` // nanoseconds
	DateSkew  time.Duration `json:"date_skew"`  // nanoseconds

	Routes []RouteFault `json:"routes"` // what is wrong with single routes
}

// mishap is what one request suffers.
type mishap string

const (
	noFault     mishap = ""
	tooMany     mishap = "429"
	serverError mishap = "500"
	timedOut    mishap = "timeout"
	cutReply    mishap = "cut"
	htmlPage    mishap = "html"
	editedPage  mishap = "edit"
)

// faultPlan draws faults from its own stream, so that a seed gives the same sequence of faults.
type faultPlan struct {
	mu   sync.Mutex
	plan Faults
	used []int // how many requests each of plan.Routes has spoiled
	rng  rng
}

func (p *faultPlan) set(plan Faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if plan.TimeoutAfter <= 0 {
		plan.TimeoutAfter = 30 * time.Second
	}
	p.plan, p.used, p.rng = plan, make([]int, len(plan.Routes)), newRNG(plan.Seed, 0, 0)
}

func (p *faultPlan) get() Faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.plan
}

// draw decides the fate of one request; luck is a number in [0, 100) for the details.
func (p *faultPlan) draw() (f mishap, luck int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	x := p.rng.unitInterval()
	luck = p.rng.intn(100)
	for _, option := range []struct {
		rate float64
		mishap
	}{{p.plan.Rate429, tooMany}, {p.plan.Rate500, serverError}, {p.plan.RateTimeout, timedOut},
		{p.plan.RateCut, cutReply}, {p.plan.RateHTML, htmlPage}} {
		if x < option.rate {
			return option.mishap, luck
		}
		x -= option.rate
	}
	return noFault, luck
}

// drawEdit decides whether somebody edits a record after this page, and which.
func (p *faultPlan) drawEdit() (edit bool, luck int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plan.EditWhilePaging <= 0 {
		return false, 0
	}
	return p.rng.unitInterval() < p.plan.EditWhilePaging, p.rng.intn(1 << 30)
}

// Faults gives the plan in force.
func (s *Server) Faults() Faults { return s.faults.get() }

// SetFaults replaces the plan, starts its stream again and counts the Times of its routes from zero.
func (s *Server) SetFaults(plan Faults) { s.faults.set(plan) }

// latency is how long a request takes before it is served.
func (s *Server) latency(c *call) time.Duration {
	switch {
	case c.method == http.MethodGet && c.route.list:
		return s.opts.PageLatency
	case strings.HasSuffix(c.route.pattern, "/batch"):
		return s.opts.BatchLatency
	}
	return 0
}

// serveFaulty serves one request of a known route, or spoils it.
func (s *Server) serveFaulty(w http.ResponseWriter, r *http.Request, c *call, handle handler) {
	plan := s.faults.get()
	f, luck := s.faults.draw()
	s.stats.fault(f)
	if !pause(r.Context(), s.latency(c)) {
		return
	}
	switch f {
	case tooMany:
		s.sendTooMany(w, c, plan.RetryAfter)
		return
	case serverError:
		s.send(w, c, errorReply(errCritical))
		return
	case htmlPage:
		writeHTML(w, []int{http.StatusOK, http.StatusServiceUnavailable}[luck%2], "Briefly unavailable for scheduled maintenance")
		return
	case timedOut:
		c.budget = luck
		s.answer(r, c, handle)
		pause(r.Context(), plan.TimeoutAfter)
		panic(http.ErrAbortHandler)
	}
	if c.faults = s.faults.of(c); c.faults.instead(w, c) {
		return
	}
	answer, waiting := c.faults.spoil(r.Context(), c, s.answer(r, c, handle))
	if !waiting {
		return
	}
	if f == cutReply {
		s.cut(w, c, answer)
	}
	s.send(w, c, answer)
	if c.method == http.MethodGet && c.route.list {
		s.editBehindReader(c)
	}
}

func (s *Server) sendTooMany(w http.ResponseWriter, c *call, retryAfter time.Duration) {
	if retryAfter > 0 {
		seconds := int((retryAfter + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	s.send(w, c, errorReply(fail(http.StatusTooManyRequests, "too_many_requests", "Too many requests.")))
}

// cut announces the whole body, sends half of it and breaks the connection.
func (s *Server) cut(w http.ResponseWriter, c *call, answer *reply) {
	w.Header().Set("Content-Length", strconv.Itoa(len(answer.body)))
	half := *answer
	half.body = answer.body[:len(answer.body)/2]
	s.send(w, c, &half)
	_ = http.NewResponseController(w).Flush() // the connection is broken next anyway
	panic(http.ErrAbortHandler)
}
