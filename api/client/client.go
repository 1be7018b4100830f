// Package client speaks to a running Tandem API, for the command line.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tandem/api/gen"
	"tandem/fault"
)

// Bounds of one call.
const (
	timeout  = 2 * time.Minute // connecting an instance asks the store several questions
	maxReply = 32 << 20
	tries    = 3 // of a request that bears a key, while its answer is lost
	pause    = time.Second
)

// Client calls the API under a base address such as "http://127.0.0.1:8080". Token may be empty for a development server.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// New gives a client.
func New(base, token string) *Client {
	base = strings.TrimSuffix(strings.TrimRight(base, "/"), "/api/v1") // pasted along from the documentation
	return &Client{base: base + "/api/v1", token: token, http: &http.Client{Timeout: timeout}}
}

// Get reads path into out.
func (c *Client) Get(ctx context.Context, path string, query url.Values, out any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.do(ctx, http.MethodGet, path, nil, out)
}

// Post sends in to path and reads the answer into out; either may be nil.
func (c *Client) Post(ctx context.Context, path string, in, out any) error {
	return c.do(ctx, http.MethodPost, path, in, out)
}

// PostOnce is Post for what must not be made twice: the request bears an idempotency key, and is sent again while its answer is lost.
func (c *Client) PostOnce(ctx context.Context, key, path string, in, out any) error {
	for try := 1; ; try++ {
		answered, err := c.postOnce(ctx, key, path, in, out)
		if answered || try == tries || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// postOnce sends a request with a key once, and says whether it was answered.
func (c *Client) postOnce(ctx context.Context, key, path string, in, out any) (answered bool, err error) {
	reply, err := c.ask(ctx, http.MethodPost, path, in, key)
	if err != nil {
		return false, err
	}
	defer reply.Body.Close()
	data, err := readAll(reply)
	if err != nil {
		return false, err
	}
	return true, decode(reply, data, out)
}

// Put replaces what stands at path.
func (c *Client) Put(ctx context.Context, path string, in, out any) error {
	return c.do(ctx, http.MethodPut, path, in, out)
}

// Upload puts bytes at path and reads the answer into out.
func (c *Client) Upload(ctx context.Context, path string, query url.Values, content []byte, out any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	reply, err := c.send(ctx, http.MethodPut, path, "application/octet-stream", bytes.NewReader(content), "")
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	return read(reply, out)
}

// Patch changes what stands at path.
func (c *Client) Patch(ctx context.Context, path string, in, out any) error {
	return c.do(ctx, http.MethodPatch, path, in, out)
}

// Delete removes what stands at path, and reads the answer into out unless that is nil.
func (c *Client) Delete(ctx context.Context, path string, out any) error {
	return c.do(ctx, http.MethodDelete, path, nil, out)
}

// Download copies what path gives, whatever it is, into out.
func (c *Client) Download(ctx context.Context, path string, query url.Values, out io.Writer) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	reply, err := c.ask(ctx, http.MethodGet, path, nil, "")
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode >= http.StatusBadRequest {
		return read(reply, nil)
	}
	if _, err := io.Copy(out, io.LimitReader(reply.Body, maxReply)); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the answer broke off")
	}
	return nil
}

func (c *Client) do(ctx context.Context, method, path string, in, out any) error {
	reply, err := c.ask(ctx, method, path, in, "")
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	return read(reply, out)
}

// ask sends a request, with an idempotency key unless that is empty. Its answer is to be closed.
func (c *Client) ask(ctx context.Context, method, path string, in any, key string) (*http.Response, error) {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(data)
	}
	return c.send(ctx, method, path, "application/json", body, key)
}

func (c *Client) send(ctx context.Context, method, path, mediaType string, body io.Reader, key string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the API's address is not valid: check TANDEM_URL")
	}
	if body != nil {
		request.Header.Set("Content-Type", mediaType)
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	reply, err := c.http.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault.Wrap(fault.Unavailable, err, "no answer from %s: is Tandem running there? Set TANDEM_URL to where it is", c.base)
	}
	return reply, nil
}

func read(reply *http.Response, out any) error {
	data, err := readAll(reply)
	if err != nil {
		return err
	}
	return decode(reply, data, out)
}

func readAll(reply *http.Response) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(reply.Body, maxReply))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the answer broke off")
	}
	return data, nil
}

// decode reads what was answered into out.
func decode(reply *http.Response, data []byte, out any) error {
	if reply.StatusCode >= http.StatusBadRequest {
		return problem(reply, data)
	}
	if out == nil || len(data) == 0 {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fault.Wrap(fault.Unsupported, err, "the answer is not what this version of the API says: is TANDEM_URL right?")
	}
	return nil
}

// problem turns a problem+json reply into the error it stands for, with each field at fault on a line of its own.
func problem(reply *http.Response, data []byte) error {
	var p gen.Problem
	if json.Unmarshal(data, &p) != nil || p.Code == "" {
		return fault.New(fault.Unavailable, "the API answers %s", reply.Status)
	}
	message := p.Detail
	for _, field := range p.Errors {
		message += "\n  " + field.Field + ": " + field.Message
	}
	err := fault.New(p.Code, "%s", message)
	if seconds, parseErr := strconv.Atoi(reply.Header.Get("Retry-After")); parseErr == nil {
		err.After = time.Duration(seconds) * time.Second
	}
	return err
}
