package entity

import (
	"slices"
	"time"

	"tandem/entity/mapping"
	"tandem/entity/sales"
	"tandem/entity/stock"
	"tandem/flow"
	"tandem/instance"
)

// Schedule is what schedules of a kind do: they move what changed of some entities.
type Schedule struct {
	Direction flow.Direction
	Entities  []string
	Name      string        // of the entities together, e.g. "catalogue"
	Summary   string        // what a run does; the name of the instance follows
	Every     time.Duration // the interval that suits it
}

// ScheduleOf says what schedules of a kind do.
func ScheduleOf(kind string) Schedule {
	switch kind {
	case instance.CatalogueImport:
		return Schedule{
			Direction: flow.Import, Name: "catalogue", Summary: "Import the changed catalogue of", Every: time.Hour,
			Entities: slices.DeleteFunc(Names(flow.Import), func(name string) bool { return name == mapping.OrderName || name == mapping.RefundName }),
		}
	case instance.OrderStatusPush:
		return Schedule{
			Direction: flow.Export, Name: sales.OrderStatuses.Name(), Summary: "Push the statuses of orders to", Every: 5 * time.Minute,
			Entities: []string{sales.OrderStatuses.Name()},
		}
	case instance.StockPush:
		return Schedule{
			Direction: flow.Export, Name: stock.Pushes.Name(), Summary: "Push the stock that moved to", Every: time.Minute,
			Entities: []string{stock.Pushes.Name()},
		}
	default:
		return Schedule{
			// Orders bring the refunds along that they name.
			Direction: flow.Import, Name: mapping.OrderName, Summary: "Import new orders of", Every: 5 * time.Minute,
			Entities: []string{mapping.OrderName},
		}
	}
}
