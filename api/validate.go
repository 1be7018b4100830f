package api

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
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
	query := g.Request.URL.Query()
	wrong := slices.Concat(brokenParameters(g.Request.URL.RawQuery), r.repeatedParameters(query), r.unknownParameters(query),
		unreadableParameters(query, pathParams(g)))
	if len(wrong) > 0 {
		abort(g, http.StatusUnprocessableEntity, fault.Invalid, "the request does not follow the contract", wrong...)
		return
	}
	if err := checkJSON(g); err != nil {
		refuse(g, err)
		return
	}
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
	var unreadable *fault.Error
	fields := contractErrors("", err)
	switch {
	case errors.As(err, &tooLarge):
		refuseSize(g, tooLarge.Limit)
	case errors.As(err, &unreadable):
		abort(g, http.StatusBadRequest, fault.Invalid, unreadable.Message)
	case strings.Contains(err.Error(), `header Content-Type has unexpected value`):
		abort(g, http.StatusUnsupportedMediaType, fault.Invalid, "send the body as Content-Type: application/json")
	case len(fields) == 0:
		abort(g, http.StatusBadRequest, fault.Invalid, "the body is missing or is not valid JSON")
	default:
		abort(g, http.StatusUnprocessableEntity, fault.Invalid, "the request does not follow the contract", fields...)
	}
}

// contractErrors lists everything the validator found: its errors are a tree, and errors.As would see the first of each
// branch only. Its reasons never quote a value.
func contractErrors(prefix string, err error) []gen.FieldError {
	switch e := err.(type) { //nolint:errorlint // see above
	case nil:
		return nil
	case openapi3.MultiError:
		var all []gen.FieldError
		for _, one := range e {
			all = append(all, contractErrors(prefix, one)...)
		}
		return all
	case *openapi3filter.RequestError:
		return requestErrors(e)
	case *openapi3.SchemaError:
		return schemaErrors(prefix, e)
	default:
		return contractErrors(prefix, errors.Unwrap(err))
	}
}

func requestErrors(e *openapi3filter.RequestError) []gen.FieldError {
	if e.Parameter == nil {
		return contractErrors("", e.Err)
	}
	if found := contractErrors(e.Parameter.Name, e.Err); len(found) > 0 {
		return found
	}
	if errors.Is(e.Err, openapi3filter.ErrInvalidRequired) {
		return []gen.FieldError{{Field: e.Parameter.Name, Message: "is missing"}}
	}
	return []gen.FieldError{{Field: e.Parameter.Name, Message: wrongType(e.Parameter.Schema.Value)}}
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
		return []gen.FieldError{{Field: fieldPath(prefix, append(pointer, match[1])), Message: "unknown field"}}
	}
	return []gen.FieldError{{Field: fieldPath(prefix, pointer), Message: friendly(e)}}
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
