package stock

import (
	"context"
	"fmt"

	"tandem/erp/odoo/rpc"
)

// shelfName is what calls about the stock of a product take turns on.
func shelfName(product int64) string { return fmt.Sprintf("stock/%d", product) }

// LockShelves makes calls about the stock of products take turns, in this process and with the processes that its turns are taken with.
// They are not nested: a call that holds shelves asks for no others.
func (v *Inventory) LockShelves(ctx context.Context, products []int64) (release func(), err error) {
	names := rpc.Map(rpc.Distinct(products), shelfName)
	leave := v.records.Lock(names)
	if v.turns == nil || len(names) == 0 {
		return leave, nil
	}
	yield, err := v.turns.Take(ctx, names)
	if err != nil {
		leave()
		return nil, err
	}
	return func() { yield(); leave() }, nil
}
