package sales

import (
	"context"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// statusUpdate is the status that an order of the store is to have.
type statusUpdate struct {
	id     woo.ID
	status string
}

type statusAttempt = flow.Attempt[orderStatus, statusUpdate]

// settledInStore are the statuses from which an order is not taken by what the ERP says: a person, or the payment, has decided there.
var settledInStore = []string{woo.OrderCancelled, woo.OrderFailed, woo.OrderCompleted}

// further reports whether the store's status says more than the one that it would be given.
func further(status, target string) bool {
	return status == woo.OrderRefunded || status == woo.OrderCompleted && target != woo.OrderCancelled
}

// mapOrderStatus says which status the store is to show of an order.
func mapOrderStatus(ec mapping.Context, o orderStatus) (statusUpdate, error) {
	if o.gone {
		return statusUpdate{}, mapping.Failed("not_in_erp", "the order is not in the ERP any more: the store goes on showing the status it has")
	}
	id := mapping.StoreID(mapping.NamedKey(ec, mapping.OrderName, o.wooID))
	if id < 1 {
		return statusUpdate{}, mapping.Failed("odd_id", "%q is not the number of an order of the store", o.wooID)
	}
	return statusUpdate{id: id, status: o.target}, nil
}

// pushStatuses gives orders of the store their status, and nothing else: an order written back with its lines or addresses has its
// taxes calculated again. What the store says then is compared, and what became of each order is noted, so that it is told again only
// when it comes further.
func pushStatuses(ctx context.Context, ec mapping.Context, _ flow.Page, attempts []*statusAttempt) error {
	for _, a := range attempts {
		a.Outcome.Key = mapping.NamedKey(ec, orderStatusName, a.Record.wooID)
	}
	updates, err := updatesDue(ctx, ec, flow.NotRefused(attempts))
	if err != nil {
		return err
	}
	if err := writeStatuses(ctx, ec, updates); err != nil {
		return err
	}
	told := make([]orderStatus, len(attempts))
	for i, a := range attempts {
		told[i] = a.Record
	}
	return noteStates(ctx, ec, told)
}

// updatesDue gives the attempts for which something has to be written, and settles the others.
func updatesDue(ctx context.Context, ec mapping.Context, attempts []*statusAttempt) ([]*statusAttempt, error) {
	current, err := statusesInStore(ctx, ec, attempts)
	if err != nil {
		return nil, err
	}
	var due []*statusAttempt
	for _, a := range attempts {
		status, known := current[a.Value.id]
		a.Outcome.Before = status
		switch {
		case a.Value.status == "", status == a.Value.status, further(status, a.Value.status):
			a.Settle(settled(a, flow.Unchanged, status))
		case !known:
			a.Refuse(mapping.Failed("not_in_store", "the store does not have the order any more, or has it in the trash"))
		case slices.Contains(settledInStore, status):
			a.Refuse(mapping.Parked("status_conflict",
				"the store says %s, the ERP %s: set the status by hand in the store, or undo it there and process the order again", status, a.Record.state))
		default:
			due = append(due, a)
		}
	}
	return due, refuseUnknownStatuses(ctx, ec, due)
}

// statusesInStore reads the statuses that orders have now.
func statusesInStore(ctx context.Context, ec mapping.Context, attempts []*statusAttempt) (map[woo.ID]string, error) {
	statuses := make(map[woo.ID]string, len(attempts))
	var ids []woo.ID
	for _, a := range attempts {
		ids = append(ids, a.Value.id)
	}
	for part := range slices.Chunk(ids, woo.MaxPerPage) {
		page, err := ec.Store.Orders.List(ctx, woo.ListOptions{
			PerPage: woo.MaxPerPage, Include: part, Fields: []string{"id", "status"},
		})
		if err != nil {
			return nil, err
		}
		for _, o := range page.Records {
			statuses[o.ID] = o.Status
		}
	}
	return statuses, nil
}

// refuseUnknownStatuses refuses updates to statuses that the store does not have. Written in a batch, such a status makes any order
// pending.
func refuseUnknownStatuses(ctx context.Context, ec mapping.Context, due []*statusAttempt) error {
	if len(due) == 0 {
		return nil
	}
	known, err := statusesOfStore(ctx, ec)
	if err != nil {
		return err
	}
	for _, a := range due {
		if !slices.Contains(known, a.Value.status) {
			a.Refuse(mapping.Parked("unknown_status", "the store has no status %q: correct order.status_updates; it has %s",
				a.Value.status, strings.Join(known, ", ")))
		}
	}
	return nil
}

// statusesOfStore gives the statuses that orders of the store can have.
func statusesOfStore(ctx context.Context, ec mapping.Context) ([]string, error) {
	totals, err := ec.Store.Reports.Totals(ctx, "orders")
	known := make([]string, len(totals))
	for i, t := range totals {
		known[i] = t.Slug
	}
	return known, err
}

// writeStatuses writes the status of orders and compares what the store says afterwards.
func writeStatuses(ctx context.Context, ec mapping.Context, due []*statusAttempt) error {
	due = flow.NotRefused(due)
	if len(due) == 0 {
		return nil
	}
	updates := make([]statusUpdate, len(due))
	for i, a := range due {
		updates[i] = a.Value
	}
	outcomes, err := updateStatuses(ctx, ec, updates)
	if err != nil {
		return err
	}
	for i, a := range due {
		switch written := outcomes[i]; {
		case fault.Retryable(fault.From(written.Err)) && written.Err != nil:
			return written.Err
		case written.Err != nil:
			a.Refuse(written.Err)
		case written.Record.Status != a.Value.status:
			a.Refuse(mapping.Parked("status_differs", "the store was given the status %s and shows %s: a plugin of the store may have changed it",
				a.Value.status, written.Record.Status))
		default:
			a.Note("status " + a.Outcome.Before + " → " + a.Value.status)
			a.Settle(settled(a, flow.Updated, a.Value.status))
		}
	}
	return nil
}

// updateStatuses gives orders of the store their status, and nothing else, and gives what the store answers for each.
func updateStatuses(ctx context.Context, ec mapping.Context, updates []statusUpdate) ([]woo.Outcome[woo.Order], error) {
	if err := ec.ConfirmWrite(ctx); err != nil {
		return nil, err
	}
	var batch woo.Batch
	for _, u := range updates {
		batch.Update = append(batch.Update, woo.Fields{"id": u.id, "status": u.status})
	}
	result, err := ec.Store.Orders.Batch(ctx, batch)
	return result.Update, err
}

// settled is the outcome of an order of which the store shows what it is to show.
func settled(a *statusAttempt, status flow.Status, shown string) flow.Outcome {
	return flow.Outcome{Key: a.Outcome.Key, Status: status, ID: a.Record.erpID, Before: a.Outcome.Before, After: shown}
}
