package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"tandem/api/gen"
	"tandem/fault"
)

// unknownParameters refuses what a list cannot be filtered by: ignored, it would answer with more than was asked for.
func (r *rule) unknownParameters(query url.Values) []gen.FieldError {
	known := r.queryParameters(func(*openapi3.Parameter) bool { return true })
	message := "unknown parameter: this call has none"
	if len(known) > 0 {
		message = "unknown parameter: there are " + strings.Join(known, ", ")
	}
	var unknown []gen.FieldError
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(known, name) {
			unknown = append(unknown, gen.FieldError{Field: name, Message: message})
		}
	}
	return unknown
}

// queryParameters names the query parameters of the contract that satisfy a condition.
func (r *rule) queryParameters(satisfies func(*openapi3.Parameter) bool) []string {
	var names []string
	for _, list := range []openapi3.Parameters{r.item.Parameters, r.operation.Parameters} {
		for _, p := range list {
			if p.Value.In == openapi3.ParameterInQuery && satisfies(p.Value) {
				names = append(names, p.Value.Name)
			}
		}
	}
	return names
}

// brokenParameters refuses what net/url leaves out of a query because it cannot be decoded: ignored, it would filter nothing.
func brokenParameters(query string) []gen.FieldError {
	var broken []gen.FieldError
	for pair := range strings.SplitSeq(query, "&") {
		if _, err := url.ParseQuery(pair); err != nil {
			name, _, _ := strings.Cut(pair, "=")
			if decoded, err := url.QueryUnescape(name); err == nil {
				name = decoded
			}
			broken = append(broken, gen.FieldError{Field: name,
				Message: "must be percent-encoded, e.g. %25 for a percent sign and %3B for a semicolon"})
		}
	}
	return broken
}

// repeatedParameters refuses what is given twice, unless it is a list: one of the two would be ignored.
func (r *rule) repeatedParameters(query url.Values) []gen.FieldError {
	lists := r.queryParameters(func(p *openapi3.Parameter) bool { return p.Schema.Value.Type.Is("array") })
	var repeated []gen.FieldError
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if len(query[name]) > 1 && !slices.Contains(lists, name) {
			repeated = append(repeated, gen.FieldError{Field: name, Message: "must be given once"})
		}
	}
	return repeated
}

// unreadableParameters refuses what no text of the database can hold, naming it: the database names no field.
func unreadableParameters(query url.Values, path map[string]string) []gen.FieldError {
	var unreadable []gen.FieldError
	check := func(name, value string) {
		if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
			unreadable = append(unreadable, gen.FieldError{Field: name, Message: "must be UTF-8 without NUL characters"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		check(name, strings.Join(query[name], ""))
	}
	for _, name := range slices.Sorted(maps.Keys(path)) {
		check(name, path[name])
	}
	return unreadable
}

// checkJSON finds where a body is not valid JSON, which the contract's check does not say. The body can be read again.
func checkJSON(g *gin.Context) error {
	if g.Request.Body == nil || !strings.HasPrefix(g.ContentType(), "application/json") {
		return nil
	}
	text, err := io.ReadAll(g.Request.Body)
	if err != nil {
		return err
	}
	g.Request.Body = io.NopCloser(bytes.NewReader(text))
	var body json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(text, &body); len(text) > 0 && errors.As(err, &syntax) {
		before := text[:min(int(syntax.Offset), len(text))]
		line := bytes.Count(before, []byte("\n")) + 1
		column := len(before) - bytes.LastIndexByte(before, '\n') - 1
		return fault.New(fault.Invalid, "the body is not valid JSON: look at line %d, column %d", line, column)
	}
	if !utf8.Valid(text) || bytes.Contains(text, []byte(`\u0000`)) {
		return fault.New(fault.Invalid, `the body must be UTF-8 without NUL characters (\u0000): they cannot be kept`)
	}
	return nil
}
