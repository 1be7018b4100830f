package wootest

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const maxBody = 8 << 20

// Server is a simulated store. It is an http.Handler and safe for concurrent use; writes are applied one at a time.
type Server struct {
	// URL is the address of the site when Start or Serve listens for it, BasePath included, no slash at the end.
	URL string

	opts    Options
	router  router
	lists   listings
	auth    authenticator
	faults  faultPlan
	stats   statistics
	plugins []string      // the APIs of plugins that the store has, e.g. wc-ast/v3
	seats   chan struct{} // one per reader served at once; nil is no limit

	nonce      string // of those who approve that an application gets keys
	deliveries deliveryQueue
	library    library

	mu sync.RWMutex // guards all below
	catalog
	sales
	shop
	counters counters
}

// counters hand out the ids of what is written after the start, from above everything seeded.
type counters struct{ post, term, user, item, meta, note, tax, zone, hook, attribute, fulfillment int }

func take(counter *int) int {
	*counter++
	return *counter
}

// New makes a store. Seeded records cost nothing until they are asked for.
func New(o Options) *Server {
	s := &Server{opts: o.withDefaults(), deliveries: newDeliveryQueue()}
	s.auth, s.nonce = newAuthenticator(s.opts), randomHex(5)
	s.faults.set(o.Faults)
	if o.Readers > 0 {
		s.seats = make(chan struct{}, o.Readers)
	}
	s.counters.meta = 1 << 24
	s.seedShop()
	s.seedCatalog()
	s.seedSales()
	s.routes()
	return s
}

// routes lists what the store serves; literals come before the wildcards that would swallow them.
func (s *Server) routes() {
	s.routeTerms()
	s.routeAttributes()
	s.routeProducts()
	s.routeVariations()
	s.routeOrders()
	s.routeRefunds()
	s.routeNotes()
	s.routeFulfillments()
	s.routeTrackings()
	s.routeCustomers()
	s.routeCoupons()
	s.routeTaxes()
	s.routeShipping()
	s.routeSettings()
	s.routeSystem()
	s.routeWebhooks()
}

// ServeHTTP serves the REST API, the site's images and, below /__sim, the simulator's own controls.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, inside := strings.CutPrefix(r.URL.Path, s.opts.BasePath)
	rest, api := s.restPath(r, path)
	s.faults.date(w.Header())
	switch {
	case strings.HasPrefix(r.URL.Path, "/__sim/"):
		s.control(w, r)
	case !inside:
		http.NotFound(w, r)
	case strings.HasPrefix(path, uploads):
		s.serveMedia(w, r, path)
	case api:
		s.serveREST(w, r, strings.Trim(rest, "/"))
	case s.opts.PlainPermalinks || strings.Trim(path, "/") == "":
		s.front(w, r)
	case strings.HasPrefix(path, grantPath):
		s.grant(w, r, strings.TrimPrefix(path, grantPath))
	default:
		writeHTML(w, http.StatusNotFound, "Page not found")
	}
}

// restPath gives the path within the REST API, and whether a request is for it at all.
func (s *Server) restPath(r *http.Request, path string) (rest string, api bool) {
	if plain := r.URL.Query().Get("rest_route"); plain != "" {
		return plain, true
	}
	if s.opts.PlainPermalinks {
		return "", false
	}
	return strings.CutPrefix(path, "/wp-json")
}

// apiRoot gives the address of the REST API as a site at home writes it.
func (s *Server) apiRoot(home string) string {
	if s.opts.PlainPermalinks {
		return home + "/index.php?rest_route="
	}
	return home + "/wp-json"
}

func (s *Server) serveREST(w http.ResponseWriter, r *http.Request, path string) {
	c, err := s.newCall(r)
	if err != nil {
		return // the client went away while sending
	}
	if path == "" {
		s.send(w, c, s.index(c))
		return
	}
	rest, ours := strings.CutPrefix(path, "wc/v3/")
	ours = ours || slices.ContainsFunc(s.plugins, func(api string) bool { return strings.HasPrefix(path, api+"/") })
	route, handle, vars := s.router.find(r.Method, rest)
	if !ours || handle == nil {
		s.send(w, c, errorReply(errNoRoute))
		return
	}
	c.route, c.vars = route, vars
	s.stats.request(r.Method + " /" + route.pattern)
	if !s.takeSeat(r.Context()) {
		return
	}
	defer s.leaveSeat()
	s.serveFaulty(w, r, c, handle)
}

func (s *Server) newCall(r *http.Request) (*call, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, err
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		query = url.Values{}
	}
	return &call{store: s, method: r.Method, query: query, raw: r.URL.RawQuery, body: body,
		home: homeOf(r, s.opts.BasePath), now: s.now(), budget: -1}, nil
}

// now is the store's clock in Unix seconds.
func (s *Server) now() int64 { return s.opts.Now().Add(s.faults.get().ClockSkew).Unix() }

// takeSeat waits until the store has a reader free, as PHP workers make clients wait.
func (s *Server) takeSeat(ctx context.Context) bool {
	if s.seats == nil {
		return true
	}
	select {
	case s.seats <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Server) leaveSeat() {
	if s.seats != nil {
		<-s.seats
	}
}

// answer checks the key, runs the handler, and pings new webhooks, whose receivers may ask the store something.
func (s *Server) answer(r *http.Request, c *call, handle handler) *reply {
	if err := s.auth.check(r, c); err != nil {
		return errorReply(err)
	}
	answer := s.handle(c, handle)
	for _, webhook := range c.pings {
		s.ping(r.Context(), webhook, true)
	}
	return answer
}

// handle runs the handler under the store's lock.
func (s *Server) handle(c *call, handle handler) *reply {
	if c.method == http.MethodGet {
		s.mu.RLock()
		defer s.mu.RUnlock()
	} else {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	c.faults.blind(c.query)
	answer, err := handle(c)
	if err != nil {
		answer = errorReply(asRestError(err))
	}
	answer.header.Set("Allow", strings.Join(c.route.allow(), ", "))
	s.queueDeliveries(c)
	return answer
}

func (s *Server) send(w http.ResponseWriter, c *call, answer *reply) {
	header := w.Header()
	for name, values := range answer.header {
		header[name] = values
	}
	header.Set("Content-Type", "application/json; charset=UTF-8")
	header["Link"] = append([]string{"<" + s.apiRoot(c.home) + `/>; rel="https://api.w.org/"`}, header["Link"]...)
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body) // a client that went away is its own business
}

// pause waits, or returns false when the client gives up first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func writeHTML(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!DOCTYPE html><html><head><title>"+title+"</title></head><body><h1>"+title+"</h1></body></html>\n")
}
