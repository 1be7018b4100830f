package api_test

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// reply is an answer that was held against the contract.
type reply struct {
	*httptest.ResponseRecorder
	t testing.TB
}

// is requires a status.
func (r reply) is(status int) reply {
	r.t.Helper()
	require.Equal(r.t, status, r.Code, r.Body.String())
	return r
}

// problem requires a problem with a status, and gives it.
func (r reply) problem(status int) gen.Problem {
	r.t.Helper()
	r.is(status)
	require.Equal(r.t, "application/problem+json", r.Header().Get("Content-Type"))
	return decode[gen.Problem](r)
}

// fields requires a problem that names exactly these fields.
func (r reply) fields(status int, names ...string) {
	r.t.Helper()
	found := []string{}
	for _, e := range r.problem(status).Errors {
		found = append(found, e.Field)
	}
	require.ElementsMatch(r.t, names, found, r.Body.String())
}

// decode reads an answer's body.
func decode[T any](r reply) T {
	r.t.Helper()
	var out T
	require.NoError(r.t, json.Unmarshal(r.Body.Bytes(), &out), r.Body.String())
	return out
}

// location gives the path of what was created, as call takes it.
func (r reply) location() string {
	r.t.Helper()
	path, found := strings.CutPrefix(r.Header().Get("Location"), "/api/v1")
	require.True(r.t, found, "no Location")
	return path
}

var nextAddress = regexp.MustCompile(`^</api/v1([^>]+)>; rel="next"$`)

// linkTo gives the next page's path; "" on the last page.
func linkTo(r reply) string {
	r.t.Helper()
	header := r.Header().Get("Link")
	if header == "" {
		return ""
	}
	match := nextAddress.FindStringSubmatch(header)
	require.NotNil(r.t, match, header)
	return match[1]
}
