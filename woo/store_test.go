package woo

import (
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
	latency  time.Duration
	before   func(s *shelf, request int) // changes the list
	failAt   int                         // the request that ends with 500
	requests int
	empty    int // answers without a record
	busy     int
	busiest  int
}

func newShelf(t *testing.T, n int, change ...func(*Config)) (*shelf, *Client) {
	t.Helper()
	client, mux := setup(t, change...)
	s := &shelf{limit: MaxPerPage, before: func(*shelf, int) {}, hidden: map[int]bool{}}
	for id := 1; id <= n; id++ {
		s.ids = append(s.ids, id*10)
	}
	mux.HandleFunc("GET "+api+"/products", s.serve)
	return s, client
}

func (s *shelf) serve(w http.ResponseWriter, r *http.Request) {
	s.enter()
	time.Sleep(s.latency)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	if s.failAt != 0 && s.requests == s.failAt {
		answer(w, 500, "")
		return
	}
	if r.URL.Query().Get("orderby") != "id" || r.URL.Query().Get("order") != "asc" {
		answer(w, 400, `{"code":"rest_invalid_param","message":"x"}`)
		return
	}
	window := s.window(number(r, "offset"), min(number(r, "per_page"), s.limit))
	if len(window) == 0 {
		s.empty++
	}
	if !s.noTotals {
		per := min(number(r, "per_page"), s.limit)
		w.Header().Set("X-WP-Total", strconv.Itoa(len(s.ids)))
		w.Header().Set("X-WP-TotalPages", strconv.Itoa((len(s.ids)+per-1)/per))
	}
	answer(w, 200, "["+strings.Join(window, ",")+"]")
}

func (s *shelf) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.before(s, s.requests)
	s.busy++
	s.busiest = max(s.busiest, s.busy)
}

func (s *shelf) window(offset, size int) []string {
	from, to := min(offset, len(s.ids)), min(offset+size, len(s.ids))
	var records []string
	for _, id := range s.ids[from:to] {
		if !s.hidden[id] {
			records = append(records, fmt.Sprintf(`{"id":%d}`, id))
		}
	}
	return records
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
