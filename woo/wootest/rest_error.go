package wootest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// restError is an error reply of WordPress' REST server: {"code","message","data"}.
type restError struct {
	status  int
	code    string
	message string
	number  *int // the code, where it is a number
	data    any  // nil means {"status": status}
}

// Error gives the message a client sees.
func (e *restError) Error() string { return e.message }

func (e *restError) body() map[string]any {
	data := e.data
	if data == nil {
		data = map[string]any{"status": e.status}
	}
	if e.number != nil {
		return map[string]any{"code": *e.number, "message": e.message, "data": data}
	}
	return map[string]any{"code": e.code, "message": e.message, "data": data}
}

func fail(status int, code, message string) *restError {
	return &restError{status: status, code: code, message: message}
}

func failf(status int, code, format string, args ...any) *restError {
	return fail(status, code, fmt.Sprintf(format, args...))
}

// asRestError turns any error into a reply: a body that is no proper JSON is the only other thing a handler meets.
func asRestError(err error) *restError {
	var e *restError
	if errors.As(err, &e) {
		return e
	}
	return fail(http.StatusBadRequest, "rest_invalid_json", "Invalid JSON body passed.")
}

var errNoRoute = fail(http.StatusNotFound, "rest_no_route", "No route was found matching the URL and request method.")

// invalidParam is the reply of the schema check in front of every handler.
func invalidParam(name, code, message string) *restError {
	e := fail(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s): "+name)
	e.data = map[string]any{
		"status":  e.status,
		"params":  map[string]string{name: message},
		"details": map[string]any{name: map[string]any{"code": code, "message": message, "data": nil}},
	}
	return e
}

// missingParam is the reply when a required field is absent.
func missingParam(name string) *restError {
	e := fail(http.StatusBadRequest, "rest_missing_callback_param", "Missing parameter(s): "+name)
	e.data = map[string]any{"status": e.status, "params": []string{name}}
	return e
}

// oneOf checks a value against the schema's enumeration; label is the parameter as the message names it.
func oneOf(param, label, value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	last := len(allowed) - 1
	message := fmt.Sprintf("%s is not one of %s, and %s.", label, strings.Join(allowed[:last], ", "), allowed[last])
	return invalidParam(param, "rest_not_in_enum", message)
}

// decode reads a request body; an empty one leaves v as it is.
func decode(body []byte, v any) error {
	if len(body) == 0 {
		return nil
	}
	return json.Unmarshal(body, v)
}
