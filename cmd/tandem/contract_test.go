package main

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// Ids as the API has them.
const (
	firstID  = "00000000-0000-0000-0000-000000000001"
	secondID = "00000000-0000-0000-0000-000000000002"
	thirdID  = "00000000-0000-0000-0000-000000000003"
)

// contract is what the API says of its requests.
var contract = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("../../api/openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: "/api/v1"}}
	return legacy.NewRouter(doc)
})

// checkRequest fails the test when a command asks for what the API does not have: a path, a method, a parameter or a body
// that openapi.yaml does not know.
func checkRequest(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	router, err := contract()
	if err != nil {
		t.Errorf("openapi.yaml cannot be read: %v", err)
		return
	}
	request := r.Clone(r.Context())
	request.URL.Scheme, request.URL.Host = "", ""
	request.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := router.FindRoute(request)
	if err != nil {
		t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		return
	}
	for name := range request.URL.Query() {
		if !takesQuery(route, name) {
			t.Errorf("%s %s has no parameter %q", r.Method, route.Path, name)
		}
	}
	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: request, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	if err != nil {
		t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
}

func takesQuery(route *routers.Route, name string) bool {
	return slices.ContainsFunc(slices.Concat(route.PathItem.Parameters, route.Operation.Parameters), func(p *openapi3.ParameterRef) bool {
		return p.Value.In == openapi3.ParameterInQuery && p.Value.Name == name
	})
}
