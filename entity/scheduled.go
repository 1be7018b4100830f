package entity

import (
	"slices"

	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/instance"
)

// Scheduled gives the entities that a schedule of a kind imports: orders, or everything but them and their refunds. Orders bring the
// refunds along that they name.
func Scheduled(kind string) []string {
	if kind != instance.CatalogueImport {
		return []string{mapping.OrderName}
	}
	return slices.DeleteFunc(Names(flow.Import), func(name string) bool { return name == mapping.OrderName || name == mapping.RefundName })
}
