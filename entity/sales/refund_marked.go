package sales

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
)

// unsentNotes reads the credit notes that people made in the ERP for the orders of refunds, and that no store has. An ERP that cannot give
// them has none exported.
func unsentNotes(ctx context.Context, ec mapping.Context, attempts []*refundAttempt) ([]erp.HeldRefund, error) {
	reader, err := erp.RefundRecords.Of(ec.Backend)
	if err != nil {
		return nil, nil //nolint:nilerr // see above
	}
	return reader.UnsentOf(ctx, ordersOfRefunds(attempts))
}

// ordersOfRefunds gives the keys of the orders that refunds are of, each once.
func ordersOfRefunds(attempts []*refundAttempt) []erp.Key {
	var orders []erp.Key
	for _, a := range attempts {
		if order := a.Value.refund.Order; !slices.Contains(orders, order) {
			orders = append(orders, order)
		}
	}
	return orders
}

// holdOwnRefunds parks refunds that were made from credit notes of the ERP and are not tied to them yet: they are being exported. Booked now, the
// money would be given back twice.
func holdOwnRefunds(ec mapping.Context, attempts []*refundAttempt, unsent []erp.HeldRefund) {
	for _, a := range attempts {
		at := slices.IndexFunc(unsent, func(note erp.HeldRefund) bool { return madeFrom(ec, a.Record.Refund, note) })
		if at < 0 {
			continue
		}
		err := mapping.Parked("export_unfinished", "it was made from credit note %s of the ERP, whose export is not over: it goes on once the two are linked. When "+
			"nothing exports it, export that credit note again", unsent[at].ID)
		err.Waits = []string{erp.PendingKey(ec.Instance.ID, mapping.RefundName, unsent[at].ID).String()}
		a.Refuse(err)
	}
}
