package sales

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
)

// holdOwnRefunds parks refunds that were made from credit notes of the ERP and are not tied to them yet: they are being exported. Booked now, the
// money would be given back twice.
func holdOwnRefunds(ctx context.Context, ec mapping.Context, attempts []*refundAttempt) error {
	reader, err := erp.RefundRecords.Of(ec.Backend)
	if err != nil {
		return nil //nolint:nilerr // no credit notes are exported from an ERP that cannot give them
	}
	var keys, orders []erp.Key
	for _, a := range attempts {
		keys = append(keys, a.Outcome.Key)
	}
	held, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return err
	}
	for i, a := range attempts {
		if order := a.Value.refund.Order; held[i] == "" && !order.IsZero() && !slices.Contains(orders, order) {
			orders = append(orders, order)
		}
	}
	unsent, err := reader.UnsentOf(ctx, orders)
	if err != nil {
		return err
	}
	for i, a := range attempts {
		at := slices.IndexFunc(unsent, func(note erp.HeldRefund) bool { return madeFrom(ec, a.Record.Refund, note) })
		if held[i] != "" || at < 0 {
			continue
		}
		err := mapping.Parked("export_unfinished", "it was made from credit note %s of the ERP, whose export is not over: it goes on once the two are linked. When "+
			"nothing exports it, export that credit note again", unsent[at].ID)
		err.Waits = []string{erp.PendingKey(ec.Instance.ID, mapping.RefundName, unsent[at].ID).String()}
		a.Refuse(err)
	}
	return nil
}
