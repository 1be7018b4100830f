package sales

import (
	"context"

	"tandem/entity/mapping"
	"tandem/erp"
)

// heedMarks sees to orders that say they were made from one of the ERP. One that is not tied to it yet is being exported: landed now, it
// would be sold twice. One that is goes through no sale workflow. A copy of one, which plugins make with all its fields, is an order like
// any other.
func heedMarks(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	var marked []*orderAttempt
	var keys []erp.Key
	var ids []string
	for _, a := range attempts {
		if id, ok := mapping.MarkedID(ec, a.Record.MetaData); ok {
			marked, keys, ids = append(marked, a), append(keys, a.Value.order.Key), append(ids, id)
		}
	}
	if len(marked) == 0 {
		return nil
	}
	held, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return err
	}
	var unknown []string
	for i, id := range ids {
		if held[i] == "" {
			unknown = append(unknown, id)
		}
	}
	exporting, err := notExportedYet(ctx, ec, unknown)
	if err != nil {
		return err
	}
	for i, a := range marked {
		switch {
		case held[i] == ids[i]:
			a.Value.run = nil
			a.Value.steps = append(a.Value.steps, "made in the ERP, where its steps are taken")
		case held[i] == "" && exporting[ids[i]]:
			err := mapping.Parked("export_unfinished", "it was made from order %s of the ERP, whose export is not over: it goes on once the two are linked. "+
				"When nothing exports it, export that order again, or link the two", ids[i])
			err.Waits = []string{erp.PendingKey(ec.Instance.ID, mapping.OrderName, ids[i]).String()}
			a.Refuse(err)
		}
	}
	return nil
}

// notExportedYet tells which orders of the ERP exist and are tied to none of the store.
func notExportedYet(ctx context.Context, ec mapping.Context, ids []string) (map[string]bool, error) {
	reader, err := erp.OrderRecords.Of(ec.Backend)
	if err != nil || len(ids) == 0 {
		return nil, nil //nolint:nilerr // no orders are exported from an ERP that cannot give them
	}
	orders, err := reader.ReadOrders(ctx, ec.Instance.ID, ids)
	exporting := map[string]bool{}
	for _, o := range orders {
		_, exporting[o.ID] = erp.PendingID(o.Record.Key)
	}
	return exporting, err
}
