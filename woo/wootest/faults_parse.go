package wootest

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"

	"tandem/fault"
)

// ParseFaults reads a fault plan. A field that it does not have, a rate outside 0 to 1 and text after the plan are
// refused as fault.Invalid: a plan with a slip of the pen would otherwise spoil nothing, and the trial prove nothing.
func ParseFaults(r io.Reader) (Faults, error) {
	var plan Faults
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&plan); err != nil {
		return Faults{}, planError(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Faults{}, fault.New(fault.Invalid, "the fault plan is followed by more text: send one JSON object")
	}
	return plan, plan.validate()
}

// planError says which field of the plan is wrong, in the words of the plan.
func planError(err error) error {
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return fault.New(fault.Invalid, "the fault plan has a field %s that does not exist; its fields are %s, and those of routes %s",
			name, fieldNames(Faults{}), fieldNames(RouteFault{}))
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fault.New(fault.Invalid, "the fault plan's field %q cannot be a %s", wrong.Field, wrong.Value)
	}
	return fault.Wrap(fault.Invalid, err, "the fault plan is not valid JSON: %v", err)
}

// fieldNames lists the JSON names of a struct's fields.
func fieldNames(of any) string {
	var names []string
	for field := range reflect.TypeOf(of).Fields() {
		names = append(names, field.Tag.Get("json"))
	}
	return strings.Join(names, ", ")
}

func (f Faults) validate() error {
	sum := 0.0
	for _, rate := range []struct {
		name  string
		value float64
	}{{"rate_429", f.Rate429}, {"rate_500", f.Rate500}, {"rate_timeout", f.RateTimeout}, {"rate_cut", f.RateCut},
		{"rate_html", f.RateHTML}, {"edit_while_paging", f.EditWhilePaging}} {
		if rate.value < 0 || rate.value > 1 {
			return fault.New(fault.Invalid, "the fault plan's %s must be a share of all requests, from 0 to 1", rate.name)
		}
		sum += rate.value
	}
	if sum-f.EditWhilePaging > 1 {
		return fault.New(fault.Invalid, "the fault plan's rates add up to more than 1, but a request has at most one fault")
	}
	return nil
}

// checkRoutes refuses faults of routes that the store does not have.
func (s *Server) checkRoutes(plan Faults) error {
	for i, f := range plan.Routes {
		if f.Route != "" && !s.router.has(f.Route) {
			return fault.New(fault.Invalid, `the fault plan's routes[%d].route %q is not a route of the store; `+
				`write it as below wc/v3 with "#" for an id, e.g. "orders", "orders/#", "products/#/variations"`, i, f.Route)
		}
		if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
			return fault.New(fault.Invalid, "the fault plan's routes[%d].status must be an HTTP status, from 200 to 599", i)
		}
		if f.HTML && f.Status == 0 {
			return fault.New(fault.Invalid, "the fault plan's routes[%d].html needs a status", i)
		}
	}
	return nil
}

func (rt *router) has(pattern string) bool {
	for _, r := range rt.routes {
		if r.pattern == pattern {
			return true
		}
	}
	return false
}
