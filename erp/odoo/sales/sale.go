package sales

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// findAll reads where orders stand; those that are not in Odoo are not in the map.
func (b *Book) findAll(ctx context.Context, orders []erp.Key) (map[erp.Key]Snapshot, error) {
	ids, err := b.records.IDsOf(ctx, "sale.order", orders, record.ExternalName)
	if err != nil {
		return nil, err
	}
	snapshots, err := b.Snapshots(ctx, rpc.Map(orders, func(key erp.Key) int64 { return ids[key] }))
	found := make(map[erp.Key]Snapshot, len(orders))
	for _, key := range orders {
		if s, ok := snapshots[ids[key]]; ok {
			found[key] = s
		}
	}
	return found, err
}

// snapshot reads where one order stands.
func (b *Book) snapshot(ctx context.Context, id int64) (Snapshot, error) {
	found, err := b.Snapshots(ctx, []int64{id})
	if err != nil {
		return Snapshot{}, err
	}
	s, ok := found[id]
	if !ok {
		return Snapshot{}, fault.New(fault.NotFound, "the order is not in Odoo any more: import it again")
	}
	return s, nil
}

func notLanded(order erp.Key) error {
	return fault.New(fault.NotFound, "order %s is not in Odoo: import it first", order)
}

// unfinished parks an order of which Odoo took a step without a complaint and without getting there.
func unfinished(s erp.Step, after Snapshot) error {
	held := fault.New(fault.Parked, "Odoo did not %s the order, and gave no reason: open the order in Odoo", s)
	if open := after.open(); s == erp.StepShip && len(open) > 0 {
		held = fault.New(fault.Parked, "Odoo did not ship the order: a picking of the kind %q is in the state %q: open the picking in Odoo to see what it waits for",
			open[0].Kind, open[0].State)
	}
	held.Code = "not_done"
	return held
}

// Cancel gives orders up along with their open deliveries. What is invoiced or shipped is not cancelled but taken back.
func (b *Book) Cancel(ctx context.Context, orders []erp.Ask[erp.CancelRequest]) []erp.StepResult {
	do := func(ctx context.Context, orders []*pendingOrder[erp.CancelRequest]) error {
		return asOne(orders, func(ids []int64) error { return b.cancelOrders(ctx, ids) })
	}
	return saleStep[erp.CancelRequest]{name: erp.StepCancel, do: do}.take(ctx, b, orders)
}
