package stock

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// LeftOut is how many goods go on hand along with a reservation that lands only now, because a stock count showed already what
// the store had set aside, or, negative, given back: see salecycle.LeftOut.
type LeftOut struct {
	Product  int64
	Quantity decimal.Decimal
	Counted  time.Time // UTC; a later count needs none of it, because the order has landed by then
	Since    time.Time `json:"-"` // UTC; counts from then on show the change
}

// Opening is what is put on hand for an order. Odoo keeps it with the order until that is known to be done.
type Opening struct {
	Origin string // of the stock moves that do it, by which they are found
	Goods  []LeftOut
}

// Encode writes the opening for Odoo, "" for none.
func (o Opening) Encode() (string, error) {
	if len(o.Goods) == 0 {
		return "", nil
	}
	content, err := json.Marshal(o)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "the goods to put on hand for an order cannot be written as JSON")
	}
	return string(content), nil
}

// ProductsOf lists the products of goods.
func ProductsOf(goods []LeftOut) []int64 {
	return rpc.Map(goods, func(o LeftOut) int64 { return o.Product })
}

// Unopened gives what a landing that was cut off did not come to put on hand, by the note that it left; when only the reply was
// lost, the stock moves are there: one of a product for all orders of the same origin.
func (v *Inventory) Unopened(ctx context.Context, note string) ([]LeftOut, error) {
	var noted Opening
	if json.Unmarshal([]byte(note), &noted) != nil {
		return nil, nil //nolint:nilerr // there is no note: what cannot be read was not written by Tandem
	}
	done, err := rpc.Search[Move](ctx, v.rpc, "stock.move", []any{rpc.Where("origin", "=", noted.Origin)}, "product_id")
	return slices.DeleteFunc(noted.Goods, func(o LeftOut) bool {
		return slices.ContainsFunc(done, func(m Move) bool { return m.Product.ID == o.Product })
	}), err
}

// PutOnHand puts goods on hand in a warehouse, except those that were counted since.
func (v *Inventory) PutOnHand(ctx context.Context, warehouse string, goods []LeftOut, origin string) error {
	products := ProductsOf(goods)
	release, err := v.LockShelves(ctx, products)
	if err != nil {
		return err
	}
	defer release()
	counted, err := v.Counts(ctx, products)
	if err != nil {
		return err
	}
	moved := map[int64]decimal.Decimal{}
	for _, good := range goods {
		if at, _ := counted[good.Product].CountedAt(rpc.ParseID(warehouse)); at.Equal(good.Counted) {
			moved[good.Product] = moved[good.Product].Add(good.Quantity)
		}
	}
	at, err := v.warehouse(ctx, warehouse)
	if err != nil {
		return err
	}
	return v.recount(ctx, at, moved, origin)
}
