package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/fault"
)

const (
	// CallTimeout is a little more than Odoo's own limit of 120 s for a call, so that it is Odoo who gives up first
	// and rolls back.
	CallTimeout = 130 * time.Second
	// maxReply bounds what is read of one reply, in bytes.
	maxReply = 64 << 20
)

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
	pace   pace
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
	return &wire{base: base.String(), client: &client}, nil
}

func (w *wire) Close() { w.client.CloseIdleConnections() }

// reply is an HTTP reply read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
	took   time.Duration
}

// post sends a JSON document. An error means that nothing is known about what became of it.
func (w *wire) post(ctx context.Context, path string, header http.Header, document any) (reply, error) {
	body, err := json.Marshal(document)
	if err != nil {
		return reply{}, fault.Wrap(fault.Internal, err, "a call to Odoo cannot be written as JSON")
	}
	return w.send(ctx, http.MethodPost, path, header, body)
}

// send sends a request when its turn comes, and again when the server says that it comes too early: it has done nothing
// then.
func (w *wire) send(ctx context.Context, method, path string, header http.Header, body []byte) (reply, error) {
	for try := 1; ; try++ {
		if err := w.pace.enter(ctx); err != nil {
			return reply{}, err
		}
		r, err := w.exchange(ctx, method, path, header, body)
		w.pace.leave(r)
		if err != nil || r.status != http.StatusTooManyRequests || try == mostTries || w.pace.wait() > longestHold {
			return r, err
		}
	}
}

// exchange sends a request once and reads the reply to its end.
func (w *wire) exchange(ctx context.Context, method, path string, header http.Header, body []byte) (reply, error) {
	request, err := http.NewRequestWithContext(ctx, method, w.base+path, bytes.NewReader(body))
	if err != nil {
		return reply{}, fault.Wrap(fault.Internal, err, "a call to Odoo cannot be made")
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	began := time.Now()
	response, err := w.client.Do(request)
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
