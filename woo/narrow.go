package woo

import (
	"encoding/json"
	"sync"
	"time"

	"tandem/fault"
)

// maxCandidates bounds how many ids are tried to find the record that breaks its page.
const maxCandidates = 100

// narrowTries is how often a part of a page that broke is asked for: that the store is up is known by then.
const narrowTries = 2

// narrowed is a page under way that broke, and is read in smaller and smaller ones.
type narrowed struct {
	from, size int // where it began, and how large it was; size 0 when none is
}

// breaksPages reports whether a page may be at fault itself: it was answered with a server error, a cut reply or none in time. A
// store that is away or tells to wait is another matter.
func breaksPages(err error) bool {
	e, ok := err.(*Error) //nolint:errorlint // the client gives it bare
	if !ok {
		return false
	}
	switch e.Reason {
	case Unavailable:
		return e.Status != 503 && (e.Status != 0 || !e.harmless)
	case NotWooCommerce:
		return e.Status == 200
	default:
		return false
	}
}

// narrow halves a page that broke. When the store shows a single record there, the page was too heavy for it, or one record of it
// breaks it; that one is rejected in the end. The window is empty while that goes on.
func (sc *scanner[T]) narrow(err error) (Window[T], error) {
	if !breaksPages(err) || sc.service.traits.whole || sc.ahead.byNumber {
		return Window[T]{Next: sc.at}, err
	}
	if sc.narrowed.size == 0 {
		if !sc.showsOne() {
			return Window[T]{Next: sc.at}, err
		}
		sc.narrowed = narrowed{sc.at.Offset, sc.size}
		sc.ahead.options.tries = narrowTries
	}
	if sc.size > 2 {
		sc.size = max(2, sc.size/2)
		sc.ahead.resize(sc.size)
		return Window[T]{}, nil
	}
	return sc.single(err)
}

// probes is how many single records are asked for to find out whether the store is up: some of them may be broken.
const probes = 4

// showsOne reports whether the store gives a record at the cursor or shortly after it.
func (sc *scanner[T]) showsOne() bool {
	for place := sc.at.Offset; place < sc.at.Offset+probes; place++ {
		if _, err := sc.one(place, nil); err == nil {
			return true
		}
	}
	return false
}

// one reads the record at a place of the list.
func (sc *scanner[T]) one(place int, fields []string) (listing[T], error) {
	options := sc.ahead.options
	options.Offset, options.PerPage, options.Fields, options.tries = place, 1, fields, narrowTries
	page, err := sc.service.list(sc.ahead.parent, options)
	page.start, page.size = place, 1
	return page, err
}

// single reads the one record that a page of two would have brought, and rejects it when it breaks the page.
func (sc *scanner[T]) single(cause error) (Window[T], error) {
	place := sc.at.Offset
	if sc.at.LastID > 0 && sc.settled != sc.at.LastID {
		place++ // the first of the two is known
	}
	page, err := sc.one(place, nil)
	if err != nil {
		return sc.reject(place, cause)
	}
	window := Window[T]{Records: page.Records, Rejected: page.Rejected, Total: page.Total, Reading: page.Reading}
	for _, id := range page.ids {
		sc.at = Cursor{Offset: place, LastID: max(sc.at.LastID, id)}
	}
	window.Next, window.Done = sc.at, len(page.ids) == 0
	return window, nil
}

// reject sets the record at a place of the list aside and goes on after it with whole pages.
func (sc *scanner[T]) reject(place int, cause error) (Window[T], error) {
	found, record, err := sc.identify(place, cause)
	if err != nil {
		return Window[T]{Next: sc.at}, err
	}
	window := Window[T]{Total: -1}
	if record != nil {
		window.Records = []T{*record}
	} else {
		window.Rejected = []Rejected{sc.service.broken(found, cause)}
	}
	sc.at = Cursor{Offset: place + 1, LastID: found}
	sc.settled = found // the next page cannot begin with it
	sc.size = sc.narrowed.size
	sc.narrowed = narrowed{}
	sc.ahead.options.tries = 0
	sc.ahead.resize(sc.size)
	window.Next = sc.at
	return window, nil
}

// broken rejects a record that no list can hold.
func (s *Service[T]) broken(id ID, cause error) Rejected {
	raw, _ := json.Marshal(map[string]ID{"id": id}) // a number always encodes
	return Rejected{ID: id, Raw: raw, Err: fault.Wrap(fault.Invalid, cause,
		"the store cannot give this record: each list of %s that holds it ends with an error. Open and save it in the store; its error log says why", s.path)}
}

// identify finds the id of a record that breaks its list: by asking for the id alone, or by trying the ids between its neighbours.
// One that can be read alone is included.
func (sc *scanner[T]) identify(place int, cause error) (ID, *T, error) {
	if page, err := sc.one(place, []string{"id"}); err == nil && len(page.ids) == 1 {
		return page.ids[0], nil, nil
	}
	first, last := sc.at.LastID+1, sc.at.LastID+maxCandidates
	if after, err := sc.one(place+1, []string{"id"}); err == nil && len(after.ids) == 1 {
		last = after.ids[0] - 1
		first = max(first, last-maxCandidates+1)
	}
	var readable *T
	for id := first; id <= last; id++ {
		record, err := sc.service.Get(sc.ahead.parent, id)
		switch {
		case err == nil && readable == nil:
			readable = &record
		case err == nil, fault.Is(err, fault.NotFound):
		case breaksPages(err):
			return id, nil, nil
		default:
			return 0, nil, err
		}
	}
	if readable != nil {
		return sc.service.id(readable), readable, nil
	}
	return 0, nil, fault.Wrap(fault.Unsupported, cause, "each page of %s that holds the record after %s ends with an error, and its id "+
		"cannot be found out: look at the store's error log", sc.service.path, sc.at.LastID)
}

// widen remembers the size at which the store gave what it could not give in one page, once all of that page was read.
func (sc *scanner[T]) widen() {
	if sc.narrowed.size == 0 || sc.at.Offset < sc.narrowed.from+sc.narrowed.size-1 {
		return
	}
	sc.service.client.sizes.remember(sc.service.path, sc.size)
	sc.narrowed = narrowed{}
	sc.ahead.options.tries = 0
}

// sizes remembers for a while which lists a store can only give in smaller pages.
type sizes struct {
	mu    sync.Mutex
	known map[string]pageSize
}

type pageSize struct {
	records int
	at      time.Time
}

// sizesLast is how long a size is kept: the store may have been busy at the time.
const sizesLast = time.Hour

func (s *sizes) of(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.known[path]; ok && time.Since(known.at) < sizesLast {
		return known.records
	}
	return MaxPerPage
}

func (s *sizes) remember(path string, records int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]pageSize{}
	}
	s.known[path] = pageSize{records, time.Now()}
}
