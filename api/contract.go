package api

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/gin-gonic/gin"
)

//go:embed openapi.yaml
var contractText []byte

// scope is what a caller is allowed to do; each includes the ones before it.
type scope int

// The scopes, from none to all.
const (
	public scope = iota
	viewer
	operator
	admin
)

// scopeNames are the scopes as the contract and API tokens name them.
var scopeNames = map[string]scope{"public": public, "viewer": viewer, "operator": operator, "admin": admin}

// String gives the scope's name.
func (s scope) String() string {
	for name, of := range scopeNames {
		if of == s {
			return name
		}
	}
	return strconv.Itoa(int(s))
}

// rule is what the contract says about one operation.
type rule struct {
	path       string // as in the contract, e.g. "/jobs/{job}"
	item       *openapi3.PathItem
	operation  *openapi3.Operation
	scope      scope
	stream     bool  // answers with server-sent events
	idempotent bool  // takes an Idempotency-Key
	maxBody    int64 // bytes; 0 for as many as usual
}

// contract is openapi.yaml, found by method and route.
type contract struct {
	doc   *openapi3.T
	rules map[string]*rule // by "GET /api/v1/jobs/:job"
}

// loadContract reads the embedded contract, once per process: nothing changes it, and reading takes a tenth of a second. A
// contract that contradicts itself fails the start.
var loadContract = sync.OnceValues(readContract)

func readContract() (*contract, error) {
	// It is read line by line by whoever takes it.
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.PlainBodyDecoder)
	doc, err := openapi3.NewLoader().LoadFromData(contractText)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	c := &contract{doc: doc, rules: map[string]*rule{}}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			r, err := newRule(path, item, operation)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			base := basePath
			if len(item.Servers) > 0 {
				base = strings.TrimSuffix(item.Servers[0].URL, "/")
			}
			c.rules[method+" "+base+route(path)] = r
		}
	}
	return c, nil
}

func newRule(path string, item *openapi3.PathItem, operation *openapi3.Operation) (*rule, error) {
	name, _ := operation.Extensions["x-scope"].(string)
	needed, ok := scopeNames[name]
	if !ok {
		return nil, fmt.Errorf("x-scope %q is not a scope", name)
	}
	r := &rule{path: path, item: item, operation: operation, scope: needed}
	if reply := operation.Responses.Status(200); reply != nil {
		r.stream = reply.Value.Content["text/event-stream"] != nil
	}
	if limit, ok := operation.Extensions["x-max-bytes"].(float64); ok {
		r.maxBody = int64(limit)
	}
	r.idempotent = operation.Parameters.GetByInAndName("header", idempotencyHeader) != nil
	return r, nil
}

// route writes a contract's path as gin does: "/jobs/{job}" is "/jobs/:job".
func route(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// rule gives what the contract says about a request; nil for a route that is not in it.
func (c *contract) rule(g *gin.Context) *rule {
	return c.rules[g.Request.Method+" "+g.FullPath()]
}
