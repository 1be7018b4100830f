package stock

import (
	"context"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp/odoo/rpc"
)

// Available is how much of each product an order may be delivered: what is on hand after what is reserved for others. Goods
// that the store does not count are there when they are sold: what is missing of them is put on hand.
func (v *Inventory) Available(ctx context.Context, order, warehouse int64, needed map[int64]decimal.Decimal) (map[int64]decimal.Decimal, error) {
	shelves, err := v.Shelves(ctx, warehouse, slices.Collect(maps.Keys(needed)))
	if err != nil {
		return nil, err
	}
	aside, err := v.AsideFor(ctx, []int64{order}, shelves)
	if err != nil {
		return nil, err
	}
	available, found := map[int64]decimal.Decimal{}, map[int64]decimal.Decimal{}
	for id, quantity := range needed {
		available[id] = quantity
		at := shelves[id]
		left := at.LeftFor(quantity.Add(aside[Claim{order, id}]))
		switch {
		case at.Lasts(left, quantity):
		case at.Free:
			found[id] = quantity.Sub(left)
		default:
			available[id] = decimal.Max(decimal.Zero, left)
		}
	}
	if len(found) == 0 {
		return available, nil
	}
	at, err := v.warehouse(ctx, rpc.FormatID(warehouse))
	if err != nil {
		return nil, err
	}
	return available, v.recount(ctx, at, found, "")
}
