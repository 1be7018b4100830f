package entity

import (
	"strings"

	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/instance"
)

// Matcher gives what finds and links records of an entity that both sides have already; fault.Invalid names those there are.
func Matcher(name string) (mapping.Matcher, error) {
	var names []string
	for _, m := range matchers {
		if m.Name() == name {
			return m, nil
		}
		names = append(names, m.Name())
	}
	return nil, fault.Field("entity", "%s cannot be linked: there are %s", name, strings.Join(names, ", "))
}

// Matchers lists what can be matched and linked.
func Matchers() []mapping.Matcher { return append([]mapping.Matcher{}, matchers...) }

// CheckMatch refuses to look for what both sides have of an instance that is not connected.
func CheckMatch(in instance.Instance) error {
	return checkConnected(in)
}

func checkConnected(in instance.Instance) error {
	if in.State != instance.Active && in.State != instance.Connected {
		return fault.New(fault.Conflict, "the instance %q is %s: connect it first", in.ID, in.State)
	}
	return nil
}
