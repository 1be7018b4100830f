// Package fault is the error vocabulary that every layer of Tandem speaks.
//
// A store client, an ERP backend and the database each classify what went wrong once, at the place where they know it;
// activities turn the kind into "retry" or "give up", the API turns it into an HTTP status. Messages are written for an
// operator and never hold personal data, secrets or a vendor's traceback.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what sort of failure an error is, and so what may be done about it.
type Kind string

// The kinds. Only RateLimited, Unavailable and Internal are worth trying again unchanged.
const (
	Invalid      Kind = "invalid"      // the input is wrong; Field names where
	NotFound     Kind = "not_found"    // the thing asked for does not exist
	Conflict     Kind = "conflict"     // its present state does not allow it: it exists already, was changed meanwhile, is not confirmed yet
	Unauthorized Kind = "unauthorized" // credentials missing, wrong or without the permission
	RateLimited  Kind = "rate_limited" // slow down; After says how long when it is known
	Unavailable  Kind = "unavailable"  // the other side does not answer properly right now; lost races for a lock too
	Unsupported  Kind = "unsupported"  // the other side cannot do this at all
	Parked       Kind = "parked"       // waits for a person or for another record; Waits says for what
	Internal     Kind = "internal"     // a defect on our side
)

// Error is a classified error.
type Error struct {
	Kind    Kind
	Code    string        // machine-readable detail, e.g. the vendor's own code; may be empty
	Message string        // for the operator: what happened and what to do
	Field   string        // the input field at fault, for Invalid
	After   time.Duration // wait at least this long before trying again; 0 when unknown
	Waits   []string      // for Parked: the external keys whose landing solves it, e.g. "demo/product/42"
	Err     error         // the cause, never shown to users
}

// Error gives the operator's message; the cause stays in Unwrap.
func (e *Error) Error() string {
	if e.Field != "" {
		return e.Field + ": " + e.Message
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes a classified error with a formatted message.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Wrap classifies a cause. The cause's own text is not part of the message.
func Wrap(kind Kind, cause error, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...), Err: cause}
}

// Field makes an Invalid error that names the field at fault.
func Field(field, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// From gives the classified error in err's chain, or wraps err as Internal. It gives nil for nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Message: "internal error", Err: err}
}

// KindOf gives the kind of err; Internal when nobody classified it, "" for nil.
func KindOf(err error) Kind {
	if e := From(err); e != nil {
		return e.Kind
	}
	return ""
}

// Is reports whether err is of the given kind.
func Is(err error, kind Kind) bool { return KindOf(err) == kind }

// Retryable reports whether the same call may succeed later without anybody doing something.
func Retryable(err error) bool {
	switch KindOf(err) {
	case RateLimited, Unavailable, Internal:
		return true
	default:
		return false
	}
}
