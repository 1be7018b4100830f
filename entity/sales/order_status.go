package sales

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

const orderStatusName = "order_status"

// statesPerPage is how many orders are looked at in the ERP at once; the store gives as many in one list.
const statesPerPage = 100

// OrderStatuses is the export of how far orders have come in the ERP, as the status that the store shows.
var OrderStatuses = &flow.Flow[mapping.Context, orderStatus, statusUpdate]{
	Spec: flow.Spec{
		Entity: orderStatusName, Label: "Order statuses",
		Refuses: map[flow.FilterKind]string{flow.Range: "what counts is how far an order has come, not when it was made"},
	},
	Source:   readOrderStates,
	Describe: orderStatus.describe,
	Map:      mapOrderStatus,
	Write:    pushStatuses,
	KeyOf:    func(ec mapping.Context, _ string) flow.Key { return mapping.NamedKey(ec, orderStatusName, "") },
}

// orderStatus is a landed order and how far it has come in the ERP.
type orderStatus struct {
	wooID  string
	erpID  string
	noted  string // what was noted of it when the store was told last
	gone   bool   // the ERP has no such order any more
	state  erp.OrderState
	target string // the status that the store is to show; "" for none
}

func (o orderStatus) describe() flow.Record {
	raw, err := json.Marshal(map[string]string{"woo_id": o.wooID, "state": o.note()})
	if err != nil {
		raw = nil // two texts always encode
	}
	return flow.Record{ID: o.erpID, Raw: raw, Status: string(o.state.Stage)}
}

// note is what is noted of the order: a change of how far it has come, or of what is to be told of that, makes it another.
func (o orderStatus) note() string {
	if o.gone {
		return "not in the ERP"
	}
	return o.state.String() + ": " + o.target
}

// finished reports whether nothing more is going to happen to the order.
func (o orderStatus) finished() bool {
	return o.gone || o.state.Stage == erp.Cancelled || o.state.Stage == erp.Confirmed && o.state.Shipped && o.state.Paid
}

// holds reports whether the order has come so far.
func (o orderStatus) holds(event string) bool {
	s := o.state
	if event == instance.WhenCancelled {
		return s.Stage == erp.Cancelled
	}
	if s.Stage != erp.Confirmed {
		return false
	}
	switch event {
	case instance.WhenShipped:
		return s.Shipped && (s.Deliveries > 0 || s.Paid)
	case instance.WhenPartlyShipped:
		return s.PartlyShipped
	case instance.WhenPaid:
		return s.Paid
	case instance.WhenInvoiced:
		return s.Invoiced
	default:
		return true
	}
}

// statesCursor is a place among the landed orders.
type statesCursor struct {
	After string `json:"after"`
	// First is set while an instance's orders are looked at for the first time: what became of them before somebody asked for
	// their statuses to be pushed is noted and not told.
	First bool `json:"first,omitempty"`
}

// readOrderStates reads how far orders have come. For changes it gives those that have come further since the store was told, and at
// the first time none; otherwise all that are not finished, or those asked for.
func readOrderStates(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[orderStatus], error] {
	return func(yield func(flow.Batch[orderStatus], error) bool) {
		if f.Kind == flow.IDs {
			yield(askedOrderStates(ctx, ec, f.IDs))
			return
		}
		at := statesCursor{First: f.Kind == flow.Changes}
		if from != nil {
			at = statesCursor{}
			if err := json.Unmarshal(from, &at); err != nil {
				yield(flow.Batch[orderStatus]{}, fault.Wrap(fault.Internal, err, "the cursor is not one of order statuses"))
				return
			}
		}
		for {
			b, next, err := openOrderStates(ctx, ec, f, at)
			if !yield(b, err) || err != nil || b.Done {
				return
			}
			at = next
		}
	}
}

// openOrderStates reads a page of the orders that are not finished.
func openOrderStates(ctx context.Context, ec mapping.Context, f flow.Filter, at statesCursor) (flow.Batch[orderStatus], statesCursor, error) {
	var b flow.Batch[orderStatus]
	var orders []orderStatus
	err := ec.States.OpenOrders(ctx, ec.Instance.ID, at.After, statesPerPage, func(wooID, erpID, noted string) {
		orders = append(orders, orderStatus{wooID: wooID, erpID: erpID, noted: noted})
	})
	if err != nil {
		return b, at, err
	}
	if err := lookUpStates(ctx, ec, orders); err != nil {
		return b, at, err
	}
	if at.First {
		if err := noteStates(ctx, ec, orders); err != nil {
			return b, at, err
		}
	} else {
		if b.Records, err = toTell(ctx, ec, f, orders); err != nil {
			return b, at, err
		}
	}
	b.Done = len(orders) < statesPerPage
	next := statesCursor{First: at.First, After: lastOrder(orders)}
	if b.Done {
		next = statesCursor{} // the next scan for changes begins at the front
	}
	b.Next, err = json.Marshal(next)
	return b, next, err
}

func lastOrder(orders []orderStatus) string {
	if len(orders) == 0 {
		return ""
	}
	return orders[len(orders)-1].wooID
}

// toTell picks the orders of which the store is to be told. What became of the others is noted, unless it was.
func toTell(ctx context.Context, ec mapping.Context, f flow.Filter, orders []orderStatus) (tell []orderStatus, err error) {
	var quiet []orderStatus
	for _, o := range orders {
		switch {
		case f.Kind == flow.Changes && o.noted == o.note():
		case o.target == "" && !o.gone:
			quiet = append(quiet, o)
		default:
			tell = append(tell, o)
		}
	}
	return tell, noteStates(ctx, ec, quiet)
}

// askedOrderStates reads how far the orders with these ids of the ERP have come.
func askedOrderStates(ctx context.Context, ec mapping.Context, ids []string) (flow.Batch[orderStatus], error) {
	b := flow.Batch[orderStatus]{Done: true}
	found := map[string]bool{}
	err := ec.States.OrdersInERP(ctx, ec.Instance.ID, ids, func(wooID, erpID, noted string) {
		found[erpID] = true
		b.Records = append(b.Records, orderStatus{wooID: wooID, erpID: erpID, noted: noted})
	})
	if err != nil {
		return b, err
	}
	for _, id := range ids {
		if !found[id] {
			b.Missing = append(b.Missing, flow.Missing{
				ID: id, Code: "no_link", Reason: "the ERP's record is not linked with an order of this store",
			})
		}
	}
	b.Total = len(ids)
	return b, lookUpStates(ctx, ec, b.Records)
}

// lookUpStates reads from the ERP how far orders have come, and sees which status follows.
func lookUpStates(ctx context.Context, ec mapping.Context, orders []orderStatus) error {
	if len(orders) == 0 {
		return nil
	}
	keys := make([]erp.Key, len(orders))
	for i, o := range orders {
		keys[i] = mapping.NamedKey(ec, mapping.OrderName, o.wooID)
	}
	figures, err := ec.Backend.OrderFigures(ctx, keys)
	if err != nil {
		return err
	}
	for i := range orders {
		orders[i].gone = figures[i].ID == ""
		orders[i].state = figures[i].State
		orders[i].target = ec.Instance.Config.Order.StatusFor(orders[i].holds)
		orders[i].erpID = cmp.Or(figures[i].ID, orders[i].erpID)
	}
	return nil
}

// noteStates notes how far orders have come.
func noteStates(ctx context.Context, ec mapping.Context, orders []orderStatus) error {
	if len(orders) == 0 {
		return nil
	}
	ids, states, finished := make([]string, len(orders)), make([]string, len(orders)), make([]bool, len(orders))
	for i, o := range orders {
		ids[i], states[i], finished[i] = o.wooID, o.note(), o.finished()
	}
	return ec.States.NoteOrderStates(ctx, ec.Instance.ID, ids, states, finished)
}
