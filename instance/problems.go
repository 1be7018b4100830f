package instance

import (
	"strings"

	"tandem/fault"
)

// Problems are all that is wrong with an input, found in one go, so that a person corrects a form once. Each names its
// field by the path it has in the API, e.g. "order.statuses[2]".
type Problems []*fault.Error

// Error lists every problem.
func (p Problems) Error() string {
	texts := make([]string, len(p))
	for i, problem := range p {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap lets package fault see the problems as what they are: Invalid.
func (p Problems) Unwrap() []error {
	errs := make([]error, len(p))
	for i, problem := range p {
		errs[i] = problem
	}
	return errs
}

// Err gives nil when there are no problems: an empty Problems in an error would not be nil.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// add notes a problem.
func (p *Problems) add(field, format string, args ...any) {
	*p = append(*p, fault.Field(field, format, args...))
}

// oneOf notes a problem unless value is empty or one of the choices.
func (p *Problems) oneOf(field, value string, choices ...string) {
	if value == "" {
		return
	}
	for _, choice := range choices {
		if value == choice {
			return
		}
	}
	p.add(field, "must be one of %s", strings.Join(choices, ", "))
}
