package woo

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Directory is a short list that the store answers whole: it has no pages, and its records often have names instead of numbers.
type Directory[T any] struct {
	client *Client
	path   string
	query  url.Values
	decode func([]byte) (T, error)
}

func newDirectory[T any, P record[T]](c *Client, path string) *Directory[T] {
	return &Directory[T]{client: c, path: path, decode: Decode[T, P]}
}

// NestedDirectory is a directory inside each record of another, such as the methods of a zone.
type NestedDirectory[T any] struct {
	client  *Client
	pattern string
	make    func(*Client, string) *Directory[T]
}

func newNestedDirectory[T any, P record[T]](c *Client, pattern string) *NestedDirectory[T] {
	return &NestedDirectory[T]{client: c, pattern: pattern, make: newDirectory[T, P]}
}

// Of gives the directory inside one record.
func (n *NestedDirectory[T]) Of(parent ID) *Directory[T] {
	return n.make(n.client, fmt.Sprintf(n.pattern, parent))
}

// List reads the whole list. One unreadable entry fails it: half of a store's settings are worse than none.
func (d *Directory[T]) List(ctx context.Context) ([]T, error) {
	page, err := d.Read(ctx)
	if err == nil && len(page.Rejected) > 0 {
		err = page.Rejected[0].Err
	}
	return page.Records, err
}

// Read reads the whole list; what is unreadable of it is rejected and does not hold up the rest.
func (d *Directory[T]) Read(ctx context.Context) (Page[T], error) {
	asked, page := time.Now(), Page[T]{}
	r, err := newCall(http.MethodGet, d.client.resource(d.path), d.query, nil)
	if err != nil {
		return page, err
	}
	answer, err := d.client.do(ctx, r)
	if err != nil {
		return page, err
	}
	items, err := splitList(answer.value)
	if err != nil {
		return page, r.lost(err, true)
	}
	page.Total, page.TotalPages, page.Reading = len(items), 1, answered(asked, answer.header)
	page.Records = make([]T, 0, len(items))
	for _, raw := range items {
		entry, err := d.decode(raw)
		if err != nil {
			err = nameRecord(err, d.path, raw)
			page.Rejected = append(page.Rejected, Rejected{ID: idOf(raw), Name: nameOf(raw), Raw: raw, Err: err})
			continue
		}
		page.Records = append(page.Records, entry)
	}
	return page, nil
}

// get reads a resource that is a single object.
func get[T any, P record[T]](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	var none T
	r, err := newCall(http.MethodGet, path, query, nil)
	if err != nil {
		return none, err
	}
	answer, err := c.do(ctx, r)
	if err != nil {
		return none, err
	}
	return Decode[T, P](answer.value)
}
