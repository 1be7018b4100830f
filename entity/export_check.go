package entity

import (
	"slices"

	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// Check refuses to move entities of an instance in a direction as it is now.
func Check(d flow.Direction, in instance.Instance, names []string) error {
	if d == flow.Export {
		return CheckExport(in, names)
	}
	return CheckImport(in, names)
}

// Movable gives the entities of an instance that go in a direction as it is now.
func Movable(d flow.Direction, in instance.Instance) []string {
	return slices.DeleteFunc(Names(d), func(name string) bool { return Check(d, in, []string{name}) != nil })
}

// ExportSwitch names the setting that allows an entity to be exported; "" for one that cannot be.
func ExportSwitch(name string) string {
	for _, e := range exports {
		if e.Name() == name {
			return "config.export." + e.group
		}
	}
	return ""
}

// CheckExport refuses to write entities into the store of an instance that is not connected, and those whose switch is off. It names
// the setting to change.
func CheckExport(in instance.Instance, names []string) error {
	if in.State != instance.Active && in.State != instance.Connected {
		return fault.New(fault.Conflict, "the instance %q is %s: connect it first", in.ID, in.State)
	}
	for _, e := range exports {
		if !slices.Contains(names, e.Name()) || in.Config.Export.Allows(e.group) {
			continue
		}
		return &fault.Error{
			Kind: fault.Conflict, Code: "export_off", Field: "config.export." + e.group,
			Message: "nothing of " + e.Name() + " is written into the store of " + in.ID + ": set config.export." + e.group +
				" to true to allow it, e.g. echo '{\"export\":{\"" + e.group + "\":true}}' | tandem instance configure " + in.ID + " --file -",
		}
	}
	return nil
}
