package sales

import (
	"context"
	"maps"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
	"tandem/fault"
)

// Ship delivers what is left to deliver of each order. It is fault.Parked with code "no_stock" while some of it is not on hand or
// is reserved for others, with "needs_lot" when a person has to choose lots or serial numbers, and with "not_done" when a
// picking waits for something else or Odoo leaves it open all the same.
func (b *Book) Ship(ctx context.Context, orders []erp.Ask[erp.ShipRequest]) []erp.StepResult {
	return saleStep[erp.ShipRequest]{name: erp.StepShip, do: b.shipAll}.take(ctx, b, orders)
}

// shipAll delivers the plain orders together and then the rest one after the other, because what one gets is not there for
// the next.
func (b *Book) shipAll(ctx context.Context, orders []*pendingOrder[erp.ShipRequest]) error {
	together, err := b.shipTogether(ctx, orders)
	if err != nil && !blames(err) {
		return err // else the order that is to blame is found one by one
	}
	for _, d := range orders {
		if !slices.Contains(together, d) && len(d.ready()) > 0 {
			d.waiting, d.failure = b.shipOne(ctx, d.Order.Instance, d.Snapshot, d.With.Partial)
		}
	}
	return nil
}

// shipOne delivers the order or, if that is asked for, as much of it as there is: waiting then says what is not.
func (b *Book) shipOne(ctx context.Context, instance string, s Snapshot, partial bool) (waiting, err error) {
	moves, err := b.stock.DueMoves(ctx, rpc.Map(s.open(), stock.Picking.RowID))
	if err != nil {
		return nil, err
	}
	if err := b.stock.CheckLots(ctx, instance, moves); err != nil {
		return nil, err
	}
	needed := stock.GoodsOf(moves)
	release, err := b.stock.LockShelves(ctx, slices.Collect(maps.Keys(needed))) // two orders must not be promised the same goods
	if err != nil {
		return nil, err
	}
	defer release()
	available, err := b.stock.Available(ctx, s.ID, s.Warehouse.ID, needed)
	if err != nil {
		return nil, err
	}
	var short []int64
	some := false
	for id, quantity := range needed {
		some = some || available[id].IsPositive()
		if available[id].LessThan(quantity) {
			short = append(short, id)
		}
	}
	if len(short) == 0 {
		_, err := b.deliverAll(ctx, instance, s, nil)
		return nil, err
	}
	moved := false
	if partial && some {
		moved, err = b.deliverAll(ctx, instance, s, stock.NewPart(available))
		if err != nil {
			return nil, err
		}
	}
	held := b.stock.NoStock(ctx, instance, short, moved)
	if moved && fault.Is(held, fault.Parked) {
		return held, nil
	}
	return nil, held
}

// maxSteps is how many pickings may follow each other in a delivery: goods are picked, packed and shipped, and a person
// may have added some.
const maxSteps = 6

// deliverAll delivers the pickings that are ready, with all of their goods or a part, and reports whether there were any.
// In a warehouse that ships in several steps they were made from the last step to the first, or each is made by the one
// before it.
func (b *Book) deliverAll(ctx context.Context, instance string, s Snapshot, p *stock.Part) (bool, error) {
	some := false
	for range maxSteps {
		moved := false
		for _, picking := range slices.Backward(s.ready()) {
			delivered, err := b.stock.Deliver(ctx, instance, picking.ID, p)
			if err != nil {
				return some, err
			}
			moved = moved || delivered
		}
		some = some || moved
		if !moved || !slices.ContainsFunc(s.open(), func(open stock.Picking) bool { return open.Kind != "outgoing" }) {
			break // nothing follows what leaves the house
		}
		var err error
		if s, err = b.snapshot(ctx, s.ID); err != nil {
			return some, err
		}
	}
	return some, nil
}
