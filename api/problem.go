package api

import (
	"errors"
	"math"
	"net/http"
	"regexp"
	"strconv"

	"github.com/gin-gonic/gin"

	"tandem/api/gen"
	"tandem/db"
	"tandem/erp"
	"tandem/fault"
)

// statuses is the one map from what went wrong to an HTTP status. Unauthorized here means that a store or ERP refuses
// the keys Tandem holds; a caller without a token never gets as far as an error of that kind.
var statuses = map[fault.Kind]int{
	fault.Invalid:      http.StatusUnprocessableEntity,
	fault.NotFound:     http.StatusNotFound,
	fault.Conflict:     http.StatusConflict,
	fault.Unauthorized: http.StatusUnprocessableEntity,
	fault.RateLimited:  http.StatusTooManyRequests,
	fault.Unavailable:  http.StatusServiceUnavailable,
	fault.Unsupported:  http.StatusUnprocessableEntity,
	fault.Parked:       http.StatusConflict,
	fault.Internal:     http.StatusInternalServerError,
}

// titles are the kinds in words.
var titles = map[fault.Kind]string{
	fault.Invalid:      "Invalid",
	fault.NotFound:     "Not found",
	fault.Conflict:     "Conflict",
	fault.Unauthorized: "Unauthorized",
	fault.RateLimited:  "Too many requests",
	fault.Unavailable:  "Unavailable",
	fault.Unsupported:  "Unsupported",
	fault.Parked:       "Waits for a person",
	fault.Internal:     "Internal error",
}

// fail answers a request with what its handler's error says. Only defects of our own are logged with their cause: it
// is never part of an answer.
func (s *server) fail(g *gin.Context, err error) {
	f := fault.From(err)
	if f.Kind == fault.Internal {
		s.Logger.ErrorContext(g.Request.Context(), "request failed", "request", requestIDOf(g), "route", g.FullPath(), "cause", rootOf(f))
	}
	if f.After > 0 {
		g.Header("Retry-After", strconv.Itoa(int(math.Ceil(f.After.Seconds()))))
	}
	status := statuses[f.Kind]
	switch f.Code {
	case erp.ChangedMeanwhile:
		status = http.StatusPreconditionFailed
	case db.SignInRefused:
		status = http.StatusUnauthorized
	}
	respond(g, gen.Problem{Status: status, Code: f.Kind, Reason: reasonOf(f), Detail: detail(f), Errors: fieldErrors(err)})
}

// abort answers with a problem that is told by its kind, and stops.
func abort(g *gin.Context, status int, kind fault.Kind, text string, fields ...gen.FieldError) {
	respond(g, gen.Problem{Status: status, Code: kind, Detail: text, Errors: fields})
}

// respond answers with a problem (RFC 9457) and stops.
func respond(g *gin.Context, p gen.Problem) {
	p.Type, p.Title, p.Instance = "about:blank", titles[p.Code], "urn:request:"+requestIDOf(g)
	g.Header("Content-Type", "application/problem+json")
	g.AbortWithStatusJSON(p.Status, p)
}

// isSQLState matches the codes of PostgreSQL, which say nothing to a caller.
var isSQLState = regexp.MustCompile(`^[0-9A-Z]{5}$`)

// reasonOf is the code of an error, where it tells more than its kind.
func reasonOf(f *fault.Error) string {
	if f.Kind == fault.Internal || f.Code == string(f.Kind) || isSQLState.MatchString(f.Code) {
		return ""
	}
	return f.Code
}

// detail is the text of the problem as a whole; fields speak for themselves beside it.
func detail(f *fault.Error) string {
	if f.Field != "" {
		return "the request was understood, but not everything in it is right"
	}
	return f.Message
}

// fieldErrors collects every field at fault in an error's tree.
func fieldErrors(err error) []gen.FieldError {
	if f, ok := err.(*fault.Error); ok { //nolint:errorlint // the tree is walked by hand: each fault in it counts
		if f.Field == "" {
			return fieldErrors(f.Err)
		}
		return []gen.FieldError{{Field: f.Field, Message: f.Message}}
	}
	switch e := err.(type) { //nolint:errorlint // see above
	case interface{ Unwrap() []error }:
		var all []gen.FieldError
		for _, part := range e.Unwrap() {
			all = append(all, fieldErrors(part)...)
		}
		return all
	case interface{ Unwrap() error }:
		return fieldErrors(e.Unwrap())
	default:
		return nil
	}
}

// rootOf is the cause at the bottom of an error.
func rootOf(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
