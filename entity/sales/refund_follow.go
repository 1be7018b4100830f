package sales

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// followRefunds has the refunds read that an order names and that did not land yet, and those that landed and that it does not name any
// more: the store tells nobody when a refund is deleted. An order that is parked has refunds like any other once the ERP has it.
func followRefunds(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	if _, err := erp.Refunds.Of(ec.Backend); err != nil || ec.Progress == nil {
		return nil //nolint:nilerr // of an ERP that books no credit notes no refunds are read
	}
	held := slices.DeleteFunc(slices.Clone(attempts), func(a *orderAttempt) bool { return !a.Outcome.Landed() && a.Outcome.ID == "" })
	var orders []string
	for _, a := range held {
		orders = append(orders, a.Outcome.Key.ID)
	}
	if len(orders) == 0 {
		return nil
	}
	landed, err := ec.Progress.RefundsOf(ctx, ec.Instance.ID, orders)
	if err != nil {
		return err
	}
	var gone []string
	for _, id := range orders {
		gone = append(gone, landed[id]...)
	}
	decided, err := decisions(ctx, ec, mapping.RefundName, gone)
	if err != nil {
		return err
	}
	for _, a := range held {
		for _, id := range refundsToRead(a, landed[a.Outcome.Key.ID], decided) {
			if decided[id] == "" {
				a.Outcome.Follow = append(a.Outcome.Follow, mapping.NamedKey(ec, mapping.RefundName, id))
			}
		}
	}
	return nil
}

// refundsToRead gives the ids of the refunds of which the order and what landed differ.
func refundsToRead(a *orderAttempt, landed []string, decided map[string]string) []string {
	o := a.Record.Order
	var named, ids []string
	for _, r := range o.Refunds {
		named = append(named, refundID(o.ID, r.ID))
	}
	if o.Status == woo.OrderCancelled && a.Value.decided == mapping.CreditNote {
		named = append(named, nextCancellation(o.ID, landed, decided))
	}
	for _, id := range named {
		if !slices.Contains(landed, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range landed {
		stillCancelled := isCancellation(id) && o.Status == woo.OrderCancelled
		if !slices.Contains(named, id) && !stillCancelled {
			ids = append(ids, id)
		}
	}
	return ids
}
