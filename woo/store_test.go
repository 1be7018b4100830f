package woo

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// shelf is a store with one list of records that may change at any request.
type shelf struct {
	mu       sync.Mutex
	ids      []int
	hidden   map[int]bool // counted, but not shown
	limit    int          // the most it gives at once
	noTotals bool
	patience time.Duration               // how long an answer waits for another request to be under way with it
	meeting  chan struct{}               // where two requests under way meet
	before   func(s *shelf, request int) // changes the list
	failFrom int                         // the request from which all end with 500
	bad      map[int]bool                // records with which a reply ends with 500
	heavy    int                         // a reply with more records ends with 500; 0 for none
	cached   bool                        // answers with the first page, whatever is asked for
	byPage   bool                        // ignores offset
	claims   int                         // says that it has so many; 0 tells the truth
	busy     int
	traffic
}

// traffic counts what a store was asked.
type traffic struct {
	requests int
	empty    int // answers without a record
	busiest  int // requests under way at once
	together int // requests that met another one
}

func newShelf(t *testing.T, n int, change ...func(*Config)) (*shelf, *Client) {
	t.Helper()
	client, mux := setup(t, change...)
	s := &shelf{limit: MaxPerPage, before: func(*shelf, int) {}, hidden: map[int]bool{}, meeting: make(chan struct{})}
	for id := 1; id <= n; id++ {
		s.ids = append(s.ids, id*10)
	}
	mux.HandleFunc("GET "+api+"/products", s.serve)
	mux.HandleFunc("GET "+api+"/products/{id}", s.serveOne)
	return s, client
}

func (s *shelf) serve(w http.ResponseWriter, r *http.Request) {
	s.enter()
	s.meet()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	if s.failFrom != 0 && s.requests >= s.failFrom {
		answer(w, 500, "")
		return
	}
	if order := r.URL.Query().Get("order"); r.URL.Query().Get("orderby") != "id" || order != "asc" && order != "desc" {
		answer(w, 400, `{"code":"rest_invalid_param","message":"x"}`)
		return
	}
	shown := s.shown(r)
	if s.breaks(shown) {
		answer(w, 500, "")
		return
	}
	if len(shown) == 0 {
		s.empty++
	}
	s.count(w, min(number(r, "per_page"), s.limit))
	answer(w, 200, "["+strings.Join(records(shown), ",")+"]")
}

// serveOne gives one record by its id.
func (s *shelf) serveOne(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.PathValue("id"))
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !slices.Contains(s.ids, id):
		answer(w, 404, `{"code":"woocommerce_rest_product_invalid_id","message":"x","data":{"status":404}}`)
	case s.bad[id]:
		answer(w, 500, "")
	default:
		answer(w, 200, records([]int{id})[0])
	}
}

func (s *shelf) breaks(shown []int) bool {
	return s.heavy > 0 && len(shown) > s.heavy || slices.ContainsFunc(shown, func(id int) bool { return s.bad[id] })
}

// count says how many records there are.
func (s *shelf) count(w http.ResponseWriter, perPage int) {
	total := cmp.Or(s.claims, len(s.ids))
	if !s.noTotals {
		w.Header().Set("X-WP-Total", strconv.Itoa(total))
		w.Header().Set("X-WP-TotalPages", strconv.Itoa((total+perPage-1)/perPage))
	}
}

// shown are the records that a request asks for, as far as the store cares.
func (s *shelf) shown(r *http.Request) []int {
	ids := slices.Clone(s.ids)
	if r.URL.Query().Get("order") == "desc" && !s.cached {
		slices.Reverse(ids)
	}
	size := min(number(r, "per_page"), s.limit)
	from := number(r, "offset")
	if page := number(r, "page"); page > 0 {
		from = (page - 1) * number(r, "per_page")
	} else if s.byPage {
		from = 0
	}
	if s.cached {
		from, size = 0, s.limit
	}
	from = min(from, len(ids))
	return slices.DeleteFunc(ids[from:min(from+size, len(ids))], func(id int) bool { return s.hidden[id] })
}

// seen is the traffic so far. A request that a scan gave up may still be on its way.
func (s *shelf) seen() traffic {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.traffic
}

func (s *shelf) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.before(s, s.requests)
	s.busy++
	s.busiest = max(s.busiest, s.busy)
}

// meet holds an answer until another request is under way as well, for as long as the store is patient.
func (s *shelf) meet() {
	if s.patience == 0 {
		return
	}
	select {
	case s.meeting <- struct{}{}:
	case <-s.meeting:
	case <-time.After(s.patience):
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.together++
}

func records(ids []int) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = fmt.Sprintf(`{"id":%d}`, id)
	}
	return list
}

func (s *shelf) remove(ids ...int) {
	s.ids = slices.DeleteFunc(s.ids, func(id int) bool { return slices.Contains(ids, id) })
}

func (s *shelf) add(ids ...int) {
	s.ids = append(s.ids, ids...)
	slices.Sort(s.ids)
}

func number(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.URL.Query().Get(name))
	return n
}

// serveText answers everything with one JSON text.
func serveText(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, body) }
}
