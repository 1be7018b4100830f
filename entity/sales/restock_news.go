package sales

import (
	"context"
	"slices"
	"time"

	"tandem/entity/mapping"
	"tandem/erp"
)

// restockNews gives the orders whose products have to be counted, where that may be news to the ERP. A refund, or its end, makes the
// order another one there. One that the ERP has already is news when no import has noted it so: the products were perhaps not counted. One that
// is new there is news when it changed after the products were read.
func restockNews(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) ([]*orderAttempt, error) {
	refunded := slices.DeleteFunc(slices.Clone(attempts), func(a *orderAttempt) bool { return len(recounted(a)) == 0 })
	if ec.Noted == nil {
		return slices.DeleteFunc(refunded, func(a *orderAttempt) bool {
			return a.Outcome.Status == erp.Unchanged || a.Outcome.Status == erp.Created
		}), nil
	}
	known, err := notedOrders(ctx, ec, refunded)
	if err != nil {
		return nil, err
	}
	counted, err := countedUntil(ctx, ec, refunded)
	return slices.DeleteFunc(refunded, func(a *orderAttempt) bool {
		switch a.Outcome.Status {
		case erp.Unchanged:
			return known[a.Outcome.Key.ID] == a.Outcome.After
		case erp.Created:
			return !a.Record.DateModified.After(counted)
		default:
			return false
		}
	}), err
}

// notedOrders reads the noted digests of those orders that the ERP had already.
func notedOrders(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) (map[string]string, error) {
	var ids []string
	for _, a := range attempts {
		if a.Outcome.Status == erp.Unchanged {
			ids = append(ids, a.Outcome.Key.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return ec.Noted.LinkDigests(ctx, ec.Instance.ID, mapping.OrderName, ids)
}

// countedUntil reads up to when products were read, if there are orders that are new.
func countedUntil(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) (time.Time, error) {
	isNew := func(a *orderAttempt) bool { return a.Outcome.Status == erp.Created }
	if !slices.ContainsFunc(attempts, isNew) {
		return time.Time{}, nil
	}
	return ec.Noted.Watermark(ctx, ec.Instance.ID, mapping.ProductName)
}
