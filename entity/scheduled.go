package entity

import (
	"slices"
	"strings"
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
	Parts     []string      // what of the records is moved; none stands for all of it
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
	case instance.CatalogueExport:
		return Schedule{
			Direction: flow.Export, Name: "catalogue", Summary: "Export the changed catalogue to", Every: 5 * time.Minute, Entities: catalogueExports(),
		}
	case instance.OrderStatusPush:
		return Schedule{
			Direction: flow.Export, Name: sales.OrderStatuses.Name(), Summary: "Push the statuses of orders to", Every: 5 * time.Minute,
			Entities: []string{sales.OrderStatuses.Name()},
		}
	case instance.PricePush:
		return Schedule{
			Direction: flow.Export, Name: "prices", Summary: "Push the prices that changed to", Every: 5 * time.Minute,
			Entities: []string{mapping.ProductName}, Parts: []string{mapping.PricePart},
		}
	case instance.StockPush:
		return Schedule{
			Direction: flow.Export, Name: stock.Pushes.Name(), Summary: "Push the stock that moved to", Every: time.Minute,
			Entities: []string{stock.Pushes.Name()},
		}
	case instance.TrackingPush:
		return Schedule{
			Direction: flow.Export, Name: sales.Shipments.Name(), Summary: "Push what was shipped to", Every: time.Minute,
			Entities: []string{sales.Shipments.Name()},
		}
	case instance.DailyReport, instance.WeeklyReport, instance.MonthlyReport:
		return Schedule{Name: "report", Summary: "Send the " + strings.TrimSuffix(kind, "_report") + " sales report of"} // moves nothing, and runs at times of days
	default:
		return Schedule{
			// Orders bring the refunds along that they name.
			Direction: flow.Import, Name: mapping.OrderName, Summary: "Import new orders of", Every: 5 * time.Minute,
			Entities: []string{mapping.OrderName},
		}
	}
}

// catalogueExports are the exports of records that are told by what changed, of which each group has a switch, and that have no schedule of
// their own.
func catalogueExports() []string {
	var names []string
	for _, e := range exports {
		if strings.HasPrefix(e.setting, "export.") && e.Name() != sales.Shipments.Name() && e.Accepts(flow.Filter{Kind: flow.Changes}) == nil {
			names = append(names, e.Name())
		}
	}
	return names
}

// Allowed gives those of a schedule's entities that go in a direction of an instance as it is now: a group that is switched off is left
// out. When all are, it gives them all, so that Check says what to change.
func Allowed(d flow.Direction, in instance.Instance, names []string) []string {
	movable := Movable(d, in)
	allowed := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(movable, name) })
	if len(allowed) == 0 {
		return names
	}
	return allowed
}
