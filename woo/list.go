package woo

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Page is one page of a list.
type Page[T any] struct {
	Records    []T
	Rejected   []Rejected
	Total      int // records in the whole list; -1 when the store does not say
	TotalPages int // -1 when the store does not say
	Reading
}

// Rejected is a record that could not be read; the others of its page are not held up by it.
type Rejected struct {
	ID   ID     // 0 when even that is unreadable, and for records known by name
	Name string // of a record known by name, such as a payment gateway
	Raw  json.RawMessage
	Err  error // a fault of kind invalid
}

// Key is what the record is known by.
func (r Rejected) Key() string {
	if r.Name != "" {
		return r.Name
	}
	return r.ID.String()
}

// list reads one page, with the ids in the store's order.
func (s *Service[T]) list(ctx context.Context, options ListOptions) (listing[T], error) {
	r, err := newCall(http.MethodGet, s.client.resource(s.path), s.listQuery(options), nil)
	if err != nil {
		return listing[T]{}, err
	}
	r.tries = options.tries
	asked := time.Now()
	answer, err := s.client.do(ctx, r)
	if err != nil {
		return listing[T]{}, err
	}
	items, err := splitList(answer.value)
	if err != nil {
		return listing[T]{}, r.lost(err, true)
	}
	page := s.decodeList(items)
	page.Total = headerInt(answer.header, "X-Wp-Total")
	page.TotalPages = headerInt(answer.header, "X-Wp-Totalpages")
	page.Reading = answered(asked, answer.header)
	return page, nil
}

func (s *Service[T]) decodeList(items [][]byte) listing[T] {
	page := listing[T]{ids: make([]ID, len(items))}
	page.Records = make([]T, 0, len(items))
	for i, raw := range items {
		v, err := s.decodeOne(raw)
		if err != nil {
			page.ids[i] = idOf(raw)
			page.Rejected = append(page.Rejected, Rejected{ID: page.ids[i], Raw: raw, Err: err})
			continue
		}
		page.ids[i] = s.id(&v)
		page.Records = append(page.Records, v)
	}
	return page
}

func (s *Service[T]) listQuery(options ListOptions) url.Values {
	query := options.values()
	for name, list := range s.traits.query {
		if _, given := query[name]; !given {
			query[name] = list
		}
	}
	if s.traits.dates {
		query.Set("dates_are_gmt", "true")
	}
	return query
}

// idOf reads the id of a record that is otherwise unreadable.
func idOf(raw []byte) ID {
	var known struct {
		ID ID `json:"id"`
	}
	if json.Unmarshal(raw, &known) != nil {
		return 0
	}
	return known.ID
}

// maxTotal is more records than any store has: a number beyond it says nothing.
const maxTotal = 100_000_000

func headerInt(header http.Header, name string) int {
	n, err := strconv.Atoi(header.Get(name))
	if err != nil || n < 0 || n > maxTotal {
		return -1
	}
	return n
}
