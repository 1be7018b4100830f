package api

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"

	"tandem/api/gen"
	"tandem/fault"
)

// validationOptions: callers were let in before, all faults are told at once, and what was left out stays left out, so
// that a patch changes nothing it does not name.
var validationOptions = &openapi3filter.Options{
	AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
	MultiError:          true,
	SkipSettingDefaults: true,
}

// validate checks a request against the contract and names each field at fault.
func (c *contract) validate(g *gin.Context) {
	r := c.rule(g)
	err := openapi3filter.ValidateRequest(g.Request.Context(), &openapi3filter.RequestValidationInput{
		Request:    g.Request,
		PathParams: pathParams(g),
		Route:      &routers.Route{Spec: c.doc, Path: r.path, PathItem: r.item, Method: g.Request.Method, Operation: r.operation},
		Options:    validationOptions,
	})
	if err != nil {
		refuse(g, err)
	}
}

func pathParams(g *gin.Context) map[string]string {
	params := make(map[string]string, len(g.Params))
	for _, p := range g.Params {
		params[p.Key] = p.Value
	}
	return params
}

// refuse answers a request that breaks the contract.
func refuse(g *gin.Context, err error) {
	var tooLarge *http.MaxBytesError
	fields := contractErrors("", err)
	switch {
	case errors.As(err, &tooLarge):
		abort(g, http.StatusRequestEntityTooLarge, fault.Invalid, "the body is larger than 1 MiB")
	case strings.Contains(err.Error(), `header Content-Type has unexpected value`):
		abort(g, http.StatusUnsupportedMediaType, fault.Invalid, "send the body as Content-Type: application/json")
	case len(fields) == 0:
		abort(g, http.StatusBadRequest, fault.Invalid, "the body is missing or is not valid JSON")
	default:
		abort(g, http.StatusUnprocessableEntity, fault.Invalid, "the request does not follow the contract", fields...)
	}
}

// contractErrors lists what the validator found. Its reasons never quote a value.
func contractErrors(prefix string, err error) []gen.FieldError {
	var many openapi3.MultiError
	var request *openapi3filter.RequestError
	var schema *openapi3.SchemaError
	switch {
	case asDirect(err, &many):
		return manyErrors(prefix, many)
	case asDirect(err, &request):
		return requestErrors(request)
	case errors.As(err, &schema):
		return schemaErrors(prefix, schema)
	}
	return nil
}

// asDirect is errors.As for err itself: errors.As would skip the siblings of the first match.
func asDirect[T error](err error, target *T) bool {
	found, ok := err.(T) //nolint:errorlint // see above
	if ok {
		*target = found
	}
	return ok
}

func manyErrors(prefix string, many openapi3.MultiError) []gen.FieldError {
	var all []gen.FieldError
	for _, one := range many {
		all = append(all, contractErrors(prefix, one)...)
	}
	return all
}

func requestErrors(e *openapi3filter.RequestError) []gen.FieldError {
	if e.Parameter == nil {
		return contractErrors("", e.Err)
	}
	if found := contractErrors(e.Parameter.Name, e.Err); len(found) > 0 {
		return found
	}
	return []gen.FieldError{{Field: e.Parameter.Name, Message: "cannot be read as what the contract says"}}
}

// schemaErrors looks behind allOf, whose own message says only that some part did not match.
func schemaErrors(prefix string, e *openapi3.SchemaError) []gen.FieldError {
	if e.Origin != nil {
		if found := contractErrors(prefix, e.Origin); len(found) > 0 {
			return found
		}
	}
	pointer := e.JSONPointer()
	if match := unsupported.FindStringSubmatch(e.Reason); match != nil {
		return []gen.FieldError{{Field: fieldPath(prefix, append(pointer, match[1])), Message: "there is no such field"}}
	}
	return []gen.FieldError{{Field: fieldPath(prefix, pointer), Message: e.Reason}}
}

// unsupported is how the validator refuses a field: it names it in words only.
var unsupported = regexp.MustCompile(`^property "(.*)" is unsupported$`)

// fieldPath writes a JSON pointer as people do: "config.order.statuses[2]".
func fieldPath(prefix string, pointer []string) string {
	var path strings.Builder
	path.WriteString(prefix)
	for _, part := range pointer {
		if _, err := strconv.Atoi(part); err == nil {
			path.WriteString("[" + part + "]")
			continue
		}
		if path.Len() > 0 {
			path.WriteByte('.')
		}
		path.WriteString(part)
	}
	return path.String()
}
