package woo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"tandem/budget"
	"tandem/fault"
)

// call is one request as a service wants it.
type call struct {
	method string
	path   string // API path, e.g. /wc/v3/orders
	query  url.Values
	body   []byte
	// repeatable: doing it twice is the same as doing it once, so a lost reply may be answered by asking again.
	repeatable bool
	auth       Auth // how the keys are sent, for the advice when they are refused; empty without keys
	tries      int  // the first included; 0 as the client is configured
}

// reply is a good answer.
type reply struct {
	value  []byte // the JSON
	header http.Header
}

// newCall encodes the body, nil for none.
func newCall(method, path string, query url.Values, body any) (call, error) {
	c := call{method: method, path: path, query: query, repeatable: method != http.MethodPost}
	if body == nil {
		return c, nil
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return c, fault.Wrap(fault.Invalid, err, "the fields for %s cannot be written as JSON", path)
	}
	c.body = encoded
	return c, nil
}

// do sends a request, again while that is harmless and promising.
func (c *Client) do(ctx context.Context, r call) (*reply, error) {
	r.auth = c.keys.auth
	return repeat(ctx, c, r, func() (*reply, *Error) { return c.try(ctx, r) })
}

// try sends a request once.
func (c *Client) try(ctx context.Context, r call) (*reply, *Error) {
	return inTurn(ctx, c, r, r.path, func() (*reply, *Error) { return c.send(ctx, r) })
}

// inTurn sends a request once, when the store's budget allows it; the budget learns from the answer under the name of its kind.
func inTurn[T any](ctx context.Context, c *Client, r call, kind string, send func() (T, *Error)) (T, *Error) {
	permit, err := c.cfg.Budget.Acquire(ctx)
	if err != nil {
		var none T
		return none, r.noBudget(err)
	}
	started := time.Now()
	answer, failure := send()
	if failure != nil && ctx.Err() != nil {
		permit.Release() // the caller gave up: that says nothing about the store
		return answer, failure
	}
	permit.Done(budgetAnswer(kind, time.Since(started), failure))
	return answer, failure
}

// budgetAnswer is what the budget learns from an answer.
func budgetAnswer(kind string, took time.Duration, failure *Error) budget.Answer {
	answer := budget.Answer{Kind: kind, Took: took}
	switch {
	case failure == nil:
	case failure.Reason == RateLimited:
		answer.Verdict, answer.After = budget.Throttled, failure.After
	case failure.transient():
		answer.Verdict = budget.Failing
	}
	return answer
}

func (c *Client) send(ctx context.Context, r call) (*reply, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	var sent atomic.Int32 // how often; the transport may still be writing when Do returns
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Add(1) }}
	req, err := c.request(httptrace.WithClientTrace(ctx, trace), r)
	if err != nil {
		return nil, r.lost(err, false)
	}
	c.counted(ctx)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, r.lost(err, sent.Load() > 0)
	}
	defer resp.Body.Close()
	page, err := readAll(resp, c.cfg.MaxReply)
	if errors.Is(err, errTooLarge) {
		return nil, r.failed(TooLarge, resp.StatusCode, err)
	}
	if err != nil {
		return nil, r.lost(err, true)
	}
	value, failure := classify(r, resp.StatusCode, resp.Header, page)
	if failure != nil && c.nonceReused(failure, int(sent.Load())) {
		return nil, r.lost(failure, true)
	}
	if failure != nil {
		return nil, failure
	}
	return &reply{value: value, header: resp.Header}, nil
}

// nonceReused reports whether a refusal is about the nonce rather than the keys. When a kept connection breaks before the
// answer, Go's transport resends a GET automatically, with the same nonce; a store takes a nonce once. A try of ours
// bears a new one.
func (c *Client) nonceReused(failure *Error, sent int) bool {
	return c.keys.auth == AuthOAuth && failure.Reason == Unauthorized && sent > 1
}

func (c *Client) request(ctx context.Context, r call) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.endpoint(r.path, r.query).String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	c.keys.apply(req)
	if c.cfg.RestRoute {
		req.URL.RawQuery = unescapeMark(req.URL.RawQuery)
	}
	return req, nil
}

var errTooLarge = errors.New("the reply passes the limit")

// readAll reads a body up to a limit, counted after decompression so that a small bomb stays small.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, errTooLarge
	}
	var buf bytes.Buffer
	if resp.ContentLength > 0 {
		buf.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if err == nil && n > limit {
		err = errTooLarge
	}
	return buf.Bytes(), err
}
