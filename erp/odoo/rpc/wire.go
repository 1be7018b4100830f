package rpc

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/budget"
	"tandem/fault"
)

const (
	// CallTimeout is a little more than Odoo's own limit of 120 s for a call, so that it is Odoo who gives up first
	// and rolls back.
	CallTimeout = 130 * time.Second
	// maxReply bounds what is read of one reply, in bytes.
	maxReply = 64 << 20
	// maxHold is the longest silence that a call waits out. After a longer one it is its caller who tries again.
	maxHold = 30 * time.Second
	// minHold is how long calls are held back when the server does not say.
	minHold = 500 * time.Millisecond
	// maxTries is how often a call is sent that the server does not take for now.
	maxTries = 3
)

// NewBudget returns the usual budget of one Odoo. A call is up to a hundred records, so it is calls at once that load a
// server: a usual one has fewer workers than these, and queues the rest.
func NewBudget() *budget.Budget {
	return budget.New(budget.Options{Rate: 200, MinRate: 1, MaxRate: 1000, Concurrency: 16, MaxHold: maxHold})
}

// Caller calls methods of Odoo's models, whatever the protocol.
type Caller interface {
	// Call runs a method and decodes its result into the target, which may be nil.
	Call(ctx context.Context, c Call, result any) error
	// User gives the id of the user that methods run as.
	User(ctx context.Context) (int64, error)
	// Close lets go of idle connections.
	Close()
}

// Call is one method call. All arguments are given by name.
type Call struct {
	Model   string
	Method  string
	IDs     []int64        // the records it is called on; nil for a method of the model
	Args    map[string]any // by the names the method's parameters have in Odoo
	Context map[string]any
}

// wire sends JSON over HTTP to one server.
type wire struct {
	base   string
	client *http.Client
	budget *budget.Budget
}

func newWire(s Settings) (*wire, error) {
	base, err := url.Parse(strings.TrimRight(s.URL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fault.Field("url", "the address must begin with https:// or http:// and name a server")
	}
	if s.Secret == "" {
		return nil, fault.Field("secret", "an API key is needed")
	}
	client := http.Client{Timeout: CallTimeout}
	if s.HTTP != nil {
		client = *s.HTTP
	} else {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConnsPerHost = 16
		client.Transport = transport
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // a POST would go on as a GET
	return &wire{base: base.String(), client: &client, budget: cmp.Or(s.Budget, NewBudget())}, nil
}

func (w *wire) Close() { w.client.CloseIdleConnections() }

// reply is an HTTP reply read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
	took   time.Duration
}

// request is one HTTP request.
type request struct {
	method string
	path   string
	kind   string // what the budget learns about it under
	header http.Header
	body   []byte
}

// post sends a JSON document, which is about a call. An error means that nothing is known about what became of it.
func (w *wire) post(ctx context.Context, c Call, path string, header http.Header, document any) (reply, error) {
	body, err := json.Marshal(document)
	if err != nil {
		return reply{}, fault.Wrap(fault.Internal, err, "a call to Odoo cannot be written as JSON")
	}
	return w.send(ctx, request{http.MethodPost, path, c.Model + "." + c.Method, header, body})
}

// send sends a request when its turn comes, and again when the server says that it comes too early: it has done nothing
// then.
func (w *wire) send(ctx context.Context, q request) (reply, error) {
	for try := 1; ; try++ {
		r, err := w.inTurn(ctx, q)
		if err != nil || r.status != http.StatusTooManyRequests || try == maxTries || w.budget.Held() > maxHold {
			return r, err
		}
		w.budget.CountRetry()
	}
}

// inTurn sends a request once, when the server's budget allows it.
func (w *wire) inTurn(ctx context.Context, q request) (reply, error) {
	permit, err := w.budget.Acquire(ctx)
	if held := (*budget.HeldError)(nil); errors.As(err, &held) {
		return reply{}, slowDown(held.Wait)
	}
	if err != nil {
		return reply{}, Unreachable(err, 0)
	}
	r, err := w.exchange(ctx, q)
	if err != nil && ctx.Err() != nil {
		permit.Release() // the caller gave up: that says nothing about the server
		return r, err
	}
	permit.Done(budgetAnswer(q.kind, r, err))
	return r, err
}

// budgetAnswer is what the budget learns from a reply. A status 500 may be Odoo's way to refuse a record; one of a proxy that
// has no answer of Odoo's is not.
func budgetAnswer(kind string, r reply, err error) budget.Answer {
	answer := budget.Answer{Kind: kind, Took: r.took}
	switch r.status {
	case http.StatusTooManyRequests:
		answer.Verdict, answer.After = budget.Throttled, max(retryAfter(r.header), minHold)
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		answer.Verdict = budget.Failing
	}
	if err != nil {
		answer.Verdict = budget.Failing
	}
	return answer
}

// slowDown is the error of a call that would have to wait too long.
func slowDown(after time.Duration) error {
	return &fault.Error{Kind: fault.RateLimited, Message: "Odoo asks to slow down", After: after}
}

// exchange sends a request once and reads the reply to its end.
func (w *wire) exchange(ctx context.Context, q request) (reply, error) {
	call, err := http.NewRequestWithContext(ctx, q.method, w.base+q.path, bytes.NewReader(q.body))
	if err != nil {
		return reply{}, fault.Wrap(fault.Internal, err, "a call to Odoo cannot be made")
	}
	for name, values := range q.header {
		call.Header[name] = values
	}
	if q.body != nil {
		call.Header.Set("Content-Type", "application/json")
	}
	began := time.Now()
	response, err := w.client.Do(call)
	if err != nil {
		return reply{}, Unreachable(err, time.Since(began))
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	if err != nil {
		return reply{}, Unreachable(err, time.Since(began))
	}
	if len(content) > maxReply {
		return reply{}, fault.New(fault.Unsupported, "a reply of Odoo is larger than %d MiB: use smaller batches", maxReply>>20)
	}
	return reply{response.StatusCode, response.Header, content, time.Since(began)}, nil
}

// Decode reads a result. Numbers stay as they were written, because amounts must not pass through float64.
func Decode(raw []byte, result any) error {
	if result == nil {
		result = new(json.RawMessage) // a web page is no answer, even to a call whose answer says nothing
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(result); err != nil {
		return fault.Wrap(fault.Unavailable, err, "a reply of Odoo cannot be understood")
	}
	return nil
}
