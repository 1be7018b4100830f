package sales

import (
	"context"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// shippable is what one picking takes out of the house, and all that is left to deliver of an order.
type shippable struct {
	*pendingOrder[erp.ShipRequest]
	picking int64
	needed  map[int64]decimal.Decimal // by product
}

func (x shippable) where() int64 { return x.picking }

func (x shippable) whose() *pendingOrder[erp.ShipRequest] { return x.pendingOrder }

// shipTogether delivers the plain orders of a round with a few calls for all of them: those of which one picking without
// lots is left, and all goods are there. It gives the orders it delivered and those that Odoo refused to deliver.
func (b *Book) shipTogether(ctx context.Context, orders []*pendingOrder[erp.ShipRequest]) ([]*pendingOrder[erp.ShipRequest], error) {
	shipments, err := b.shippables(ctx, orders)
	if err != nil || len(shipments) == 0 {
		return nil, err
	}
	release, err := b.stock.LockShelves(ctx, goodsIn(shipments)) // two orders must not be promised the same goods
	if err != nil {
		return nil, err
	}
	defer release()
	if shipments, err = b.fullyStocked(ctx, shipments); err != nil || len(shipments) == 0 {
		return nil, err
	}
	if shipments, err = b.reserveAndPick(ctx, shipments); err != nil {
		return nil, err
	}
	return b.validatePickings(ctx, shipments)
}

// shippables reads what goes out with each of the orders that may be plain.
func (b *Book) shippables(ctx context.Context, orders []*pendingOrder[erp.ShipRequest]) ([]shippable, error) {
	var shipments []shippable
	var pickings []int64
	for _, d := range orders {
		if open := d.open(); len(open) == 1 && len(d.ready()) == 1 && open[0].Kind == "outgoing" {
			shipments = append(shipments, shippable{pendingOrder: d, picking: open[0].ID})
			pickings = append(pickings, open[0].ID)
		}
	}
	moves, err := b.stock.DueMoves(ctx, pickings)
	if err != nil {
		return nil, err
	}
	of := stock.ByPicking(moves)
	for i := range shipments {
		shipments[i].needed = stock.GoodsOf(of[shipments[i].picking])
	}
	return slices.DeleteFunc(shipments, func(x shippable) bool {
		return len(x.needed) == 0 || slices.ContainsFunc(of[x.picking], stock.Move.Lotted)
	}), nil
}

func goodsIn(shipments []shippable) []int64 {
	var products []int64
	for _, x := range shipments {
		products = slices.AppendSeq(products, maps.Keys(x.needed))
	}
	return products
}

// fullyStocked leaves out the orders of which something is not there, before any is delivered. That is on the safe side: an
// order takes off the shelves what was reserved for it and no more, so those after it find as much as before.
func (b *Book) fullyStocked(ctx context.Context, shipments []shippable) ([]shippable, error) {
	at := map[int64][]shippable{} // by warehouse
	for _, x := range shipments {
		at[x.Warehouse.ID] = append(at[x.Warehouse.ID], x)
	}
	var full []shippable
	for warehouse, shipments := range at {
		shelves, err := b.stock.Shelves(ctx, warehouse, goodsIn(shipments))
		if err != nil {
			return nil, err
		}
		aside, err := b.stock.AsideFor(ctx, rpc.Map(shipments, shippable.RowID), shelves)
		if err != nil {
			return nil, err
		}
		full = append(full, slices.DeleteFunc(shipments, func(x shippable) bool { return !x.full(shelves, aside) })...)
	}
	return full, nil
}

// full reports whether all that an order needs is there without putting goods on hand that the store does not count.
func (x shippable) full(shelves map[int64]stock.Shelf, aside map[stock.Claim]decimal.Decimal) bool {
	for product, quantity := range x.needed {
		at := shelves[product]
		if !at.Lasts(at.LeftFor(quantity.Add(aside[stock.Claim{Order: x.ID, Product: product}])), quantity) {
			return false
		}
	}
	return true
}

// reserveAndPick reserves the goods of orders and says that they were picked. It leaves out the orders that Odoo does not reserve all
// goods for, because it keeps them for others.
func (b *Book) reserveAndPick(ctx context.Context, shipments []shippable) ([]shippable, error) {
	moves, err := b.stock.Reserve(ctx, rpc.Map(shipments, shippable.where))
	if err != nil {
		return nil, err
	}
	var all *stock.Part
	var packed []shippable
	var picked []stock.Move
	of := stock.ByPicking(moves)
	for _, x := range shipments {
		if short, some := all.TakeAll(of[x.picking]); some && len(short) == 0 {
			packed, picked = append(packed, x), append(picked, of[x.picking]...)
		}
	}
	return packed, b.stock.SetDone(ctx, picked)
}

// validatePickings validates the pickings of orders, and gives the orders for which that is settled: it was done, or Odoo refuses it.
func (b *Book) validatePickings(ctx context.Context, shipments []shippable) ([]*pendingOrder[erp.ShipRequest], error) {
	pickings := map[int64]int64{} // by order
	for _, x := range shipments {
		pickings[x.ID] = x.picking
	}
	asked := false
	together := rpc.Map(shipments, shippable.whose)
	err := asOne(together, func(ids []int64) error {
		shows, err := b.stock.Validate(ctx, rpc.Map(ids, func(order int64) int64 { return pickings[order] }))
		asked = asked || err == nil && shows
		return err
	})
	if err != nil || !asked {
		return together, err
	}
	after, err := b.stock.Pickings(ctx, rpc.Map(shipments, shippable.where))
	return slices.DeleteFunc(together, func(d *pendingOrder[erp.ShipRequest]) bool {
		return d.failure == nil && after[pickings[d.ID]].State != "done" // a question about one of them held all up
	}), err
}
