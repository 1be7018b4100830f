package woo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"tandem/fault"
)

// Fields are the fields to write, by their API name, and no others: a whole record sent back would overwrite what somebody else changed
// meanwhile, and an order sent back with its lines has its taxes calculated again. Values may be anything that encodes to JSON, such as
// [Decimal], [Time] or [Meta].
type Fields map[string]any

// Service is one resource with numbered records. Every method gives a [*Error] or a fault.
type Service[T any] struct {
	client *Client
	path   string
	traits traits
	decode func([]byte) (T, error)
	id     func(*T) ID
	raw    func(*T) json.RawMessage
}

// traits are what tells resources apart.
type traits struct {
	query url.Values // goes with every request
	dates bool       // knows dates_are_gmt
	whole bool       // answers its whole list at once, whatever page is asked for
	key   string     // a field that is unique and also a filter: finds a record again whose create got no answer
}

func newService[T any, P record[T]](c *Client, path string, t traits) *Service[T] {
	return &Service[T]{
		client: c,
		path:   path,
		traits: t,
		decode: Decode[T, P],
		id: func(v *T) ID {
			id, _ := P(v).record()
			return id
		},
		raw: func(v *T) json.RawMessage {
			_, raw := P(v).record()
			return *raw
		},
	}
}

// Nested is a resource that lives inside records of another.
type Nested[T any] struct {
	client  *Client
	pattern string
	traits  traits
	make    func(*Client, string, traits) *Service[T]
}

func newNested[T any, P record[T]](c *Client, pattern string, t traits) *Nested[T] {
	return &Nested[T]{client: c, pattern: pattern, traits: t, make: newService[T, P]}
}

// Of gives the resource inside one record.
func (n *Nested[T]) Of(parent ID) *Service[T] {
	return n.make(n.client, fmt.Sprintf(n.pattern, parent), n.traits)
}

// Get reads one record.
func (s *Service[T]) Get(ctx context.Context, id ID) (T, error) {
	return s.get(ctx, id, 0)
}

// get is Get with a number of tries; 0 is the usual one.
func (s *Service[T]) get(ctx context.Context, id ID, tries int) (T, error) {
	if id < 1 {
		var none T
		return none, fault.New(fault.NotFound, "no record has the id %s", id)
	}
	return s.one(ctx, http.MethodGet, id.String(), s.traits.query, nil, tries)
}

// Create makes a record. When its answer is lost the error's reason is [Uncertain] and the record may exist.
func (s *Service[T]) Create(ctx context.Context, fields Fields) (T, error) {
	return s.one(ctx, http.MethodPost, "", s.traits.query, fields, 0)
}

// Update writes some fields of a record and gives the whole record back.
func (s *Service[T]) Update(ctx context.Context, id ID, fields Fields) (T, error) {
	return s.one(ctx, http.MethodPut, id.String(), s.traits.query, fields, 0)
}

// UpdateOnce is Update for fields that the store must not be told twice, such as images that it is to fetch: each time it makes new ones
// of them. When its answer is lost the error's reason is [Uncertain] and they may have been written.
func (s *Service[T]) UpdateOnce(ctx context.Context, id ID, fields Fields) (T, error) {
	var none T
	r, err := newCall(http.MethodPut, s.client.resource(s.path)+"/"+id.String(), s.traits.query, fields)
	if err != nil {
		return none, err
	}
	r.repeatable = false
	answer, err := s.client.do(ctx, r)
	if err != nil {
		return none, err
	}
	return s.decodeOne(answer.value)
}

// Delete moves a record to the trash; with force, which resources without a trash need, it is gone for good. It gives the record as it
// was. A delete whose answer is lost is asked again, and a store that had done it says [NotFound].
func (s *Service[T]) Delete(ctx context.Context, id ID, force bool) (T, error) {
	return s.one(ctx, http.MethodDelete, id.String(), url.Values{"force": {strconv.FormatBool(force)}}, nil, 0)
}

// List reads one page.
func (s *Service[T]) List(ctx context.Context, options ListOptions) (Page[T], error) {
	listed, err := s.list(ctx, options)
	return listed.Page, err
}

func (s *Service[T]) one(ctx context.Context, method, id string, query url.Values, fields any, tries int) (T, error) {
	var none T
	path := s.client.resource(s.path)
	if id != "" {
		path += "/" + id
	}
	r, err := newCall(method, path, query, fields)
	if err != nil {
		return none, err
	}
	r.tries = tries
	answer, err := s.client.do(ctx, r)
	if err != nil {
		return none, err
	}
	return s.decodeOne(answer.value)
}

// decodeOne refuses what has no id: JSON that is no record at all would pass for an empty one.
func (s *Service[T]) decodeOne(raw []byte) (T, error) {
	v, err := s.decode(raw)
	if err == nil && s.id(&v) == 0 {
		err = fault.New(fault.Invalid, "the record cannot be read: it has no id")
	}
	if err != nil {
		err = nameRecord(err, s.path, raw)
	}
	return v, err
}
