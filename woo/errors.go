package woo

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"tandem/fault"
)

// Error is a request that failed. Its text is for operators and safe to log; Unwrap gives the *fault.Error that classifies it.
type Error struct {
	Reason Reason
	Status int    // HTTP status; 0 when nothing was answered
	Code   string // the store's own code, e.g. "product_invalid_sku"
	// Message is the store's own text: translated, and it may hold personal data. Never log it.
	Message string
	// ResourceID is the record the store names: for a duplicate the one that is in the way. It may be in the trash, or 0.
	ResourceID ID
	// Params are the request parameters the store refused, by name.
	Params []string
	Method string
	Path   string        // without the query, which may hold keys
	After  time.Duration // how long the store asks to wait; 0 when it does not say

	auth     Auth // how the keys were sent; empty for a request without keys
	harmless bool // the request cannot have had an effect
	fault    *fault.Error
}

// Error gives the operator's message.
func (e *Error) Error() string { return e.fault.Error() }

// Unwrap gives the classified fault; the cause, such as a network error, is behind it.
func (e *Error) Unwrap() error { return e.fault }

// ReasonOf gives the reason of a failed request, "" when err is no [Error].
func ReasonOf(err error) Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// seal writes the fault once everything else of e is known.
func (e *Error) seal(cause error) *Error {
	e.fault = fault.Wrap(kinds[e.Reason], cause, "%s", e.advice(cause))
	e.fault.Code = e.Code
	e.fault.After = e.After
	if e.Reason == Redirected {
		e.fault.Field = "url"
	}
	return e
}

// transient reports whether the same request may succeed in a moment. A page instead of JSON is counted in: a firewall, maintenance or
// a PHP fatal error that ends with status 200 looks like that.
func (e *Error) transient() bool {
	switch e.Reason {
	case RateLimited, Unavailable, Blocked:
		return true
	case NotWooCommerce:
		return e.Status == 200
	default:
		return false
	}
}

// errorBody is the store's error object. Data is usually an object, but a number after a failed refund.
type errorBody struct {
	Code    String          `json:"code"`
	Message String          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

type errorData struct {
	ResourceID ID                         `json:"resource_id"`
	Params     map[string]json.RawMessage `json:"params"`
}

// parseErrorBody reads an error object. Some security plugins send one under a good status; there only what has all three fields counts,
// as a currency has a code too.
func parseErrorBody(status int, value []byte) (body errorBody, data errorData, ok bool) {
	good := status < 300
	if len(value) == 0 || value[0] != '{' || good && !bytes.HasPrefix(value, []byte(`{"code":`)) {
		return errorBody{}, errorData{}, false
	}
	if json.Unmarshal(value, &body) != nil || body.Code == "" || good && (body.Message == "" || body.Data == nil) {
		return errorBody{}, errorData{}, false
	}
	if json.Unmarshal(body.Data, &data) != nil {
		data = errorData{} // not an object: the code is enough
	}
	return body, data, true
}
