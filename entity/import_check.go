package entity

import (
	"slices"

	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// Importable gives the entities that an instance takes now.
func Importable(in instance.Instance) []string {
	return slices.DeleteFunc(Names(flow.Import), func(name string) bool { return CheckImport(in, []string{name}) != nil })
}

// CheckImport refuses to import entities into an instance that is not connected, and orders and refunds into one that is not active:
// only then is its configuration known to be whole, and orders are invoiced and paid by it.
func CheckImport(in instance.Instance, names []string) error {
	switch {
	case in.State == instance.Active:
		return nil
	case in.State != instance.Connected:
		return fault.New(fault.Conflict, "the instance %q is %s: connect it first", in.ID, in.State)
	case slices.Contains(names, mapping.OrderName), slices.Contains(names, mapping.RefundName):
		return fault.New(fault.Conflict, "the instance %q is not active, and orders are landed, invoiced and paid as it is configured: "+
			"fill in what is missing and activate it first, or name what to import besides orders and refunds", in.ID)
	default:
		return nil
	}
}
