package sales

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// FindOrder asks the store for an order by its id, and says what keeps it from being imported. It gives none when the store has none.
func FindOrder(ctx context.Context, ec mapping.Context, id woo.ID) ([]mapping.StoreRecord, error) {
	o, err := ec.Store.Orders.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := ruleFor(ec, o)
	if err != nil {
		return nil, err
	}
	found.Entity, found.ID = mapping.OrderName, o.ID.String()
	return []mapping.StoreRecord{found}, nil
}

// ruleFor says which rule of the import of orders keeps one out. Those that look at status and date do not count for orders that are asked
// for by id.
func ruleFor(ec mapping.Context, o woo.Order) (mapping.StoreRecord, error) {
	config := ec.Instance.Config.Order
	since, err := config.ImportSince()
	if err != nil {
		return mapping.StoreRecord{}, err
	}
	statuses := slices.DeleteFunc(slices.Clone(config.Statuses), isNever)
	switch {
	case o.Status == woo.OrderTrash:
		return leftOut(mapping.MissingInTrash(o.ID.String())), nil
	case isNever(o.Status):
		return leftOut(neverAnOrder(o)), nil
	case isPayment(o):
		return leftOut(paymentOf(o)), nil
	case config.SubOrders != "" && isLeftOut(ec, o):
		why := fault.From(checkPart(ec, o))
		return mapping.StoreRecord{State: mapping.Filtered, Code: why.Code, Reason: why.Message, Field: "config.order.sub_orders"}, nil
	case len(statuses) > 0 && !slices.Contains(statuses, o.Status):
		return mapping.StoreRecord{State: mapping.Filtered, Code: "order_status", Field: "config.order.statuses", Reason: fmt.Sprintf(
			"its status is %s, and imported are orders that are %s: add the status to config.order.statuses, wait until the order has one of them, or import it by its id",
			o.Status, strings.Join(statuses, ", "))}, nil
	case orderDate(o).Before(since):
		return mapping.StoreRecord{State: mapping.BeforeCutOff, Code: "cut_off", Field: "config.order.cut_off", Reason: fmt.Sprintf(
			"it was placed on %s, before the cut-off %s: set config.order.cut_off to an earlier date, or import it by its id",
			orderDate(o).Format(time.DateOnly), config.CutOff)}, nil
	default:
		return mapping.Takes(mapping.OrderName, o.ID.String()), nil
	}
}

// leftOut is a record that no import takes as it is now.
func leftOut(m flow.Missing) mapping.StoreRecord {
	return mapping.StoreRecord{State: mapping.Filtered, Code: m.Code, Reason: m.Reason}
}
