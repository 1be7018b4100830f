package stock

import (
	"context"

	"github.com/shopspring/decimal"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// quant is a stock.quant: how many goods of one product are in one place.
type quant struct {
	rpc.Row
	Product  rpc.Link   `json:"product_id"`
	Quantity rpc.Amount `json:"quantity"`
}

// recounting moves stock by counting it: Odoo moves the difference to what was there.
type recounting struct {
	*Inventory
	location int64
	env      map[string]any
}

// recount moves stock so that products have other quantities on hand, in the warehouse's own stock location. The stock moves
// are given an origin, which may be empty.
func (v *Inventory) recount(ctx context.Context, at warehouseRow, moved map[int64]decimal.Decimal, origin string) error {
	var products []int64
	for id, by := range moved {
		if !by.IsZero() {
			products = append(products, id)
		}
	}
	if len(products) == 0 {
		return nil
	}
	r := recounting{Inventory: v, location: at.Stock.ID, env: rpc.With(v.rpc.BaseContext(), "inventory_mode", true)}
	if origin != "" {
		r.env["default_origin"] = origin
	}
	there, err := r.quants(ctx, products)
	if err != nil {
		return err
	}
	err = r.count(ctx, products, there, moved)
	if fault.Is(err, fault.Unauthorized) {
		return fault.Wrap(fault.Unauthorized, err, "the user of the key may not adjust stock: make it an administrator of Inventory")
	}
	return err
}

// quants reads what is there of products: several quants of one, until Odoo has joined them.
func (r recounting) quants(ctx context.Context, products []int64) (map[int64][]quant, error) {
	rows, err := rpc.SearchBy[quant](ctx, r.rpc, "stock.quant", "product_id", products, []any{rpc.Where("location_id", "=", r.location),
		rpc.Where("lot_id", "=", false), rpc.Where("package_id", "=", false), rpc.Where("owner_id", "=", false)}, "product_id", "quantity")
	there := map[int64][]quant{}
	for _, q := range rows {
		there[q.Product.ID] = append(there[q.Product.ID], q)
	}
	return there, err
}

// count counts products, those that are in one quant or none with one call: for Odoo that is to make the quants.
func (r recounting) count(ctx context.Context, products []int64, there map[int64][]quant, moved map[int64]decimal.Decimal) error {
	var together []int64
	var counts []map[string]any
	for _, id := range products {
		quants := there[id]
		if len(quants) > 1 {
			if err := r.countOne(ctx, quants[0], moved[id]); err != nil {
				return err
			}
			continue
		}
		total := moved[id]
		if len(quants) == 1 {
			total = total.Add(quants[0].Quantity.Decimal)
		}
		together = append(together, id)
		counts = append(counts, rpc.Values([]rpc.Cell{rpc.LinkCell("product_id", id), rpc.LinkCell("location_id", r.location), rpc.DecimalCell(rpc.CountFields.For(r.rpc.Release), total)}))
	}
	if len(together) == 0 {
		return nil
	}
	made, err := r.create(ctx, counts)
	if fault.Is(err, fault.Unauthorized) {
		made, err = r.create(ctx, counts) // Odoo 14 lets nobody make an empty quant, and refuses what it forgot the count of
	}
	if err != nil {
		return err
	}
	return r.countForgotten(ctx, made, there, moved)
}

func (r recounting) create(ctx context.Context, counts []map[string]any) (made []int64, err error) {
	err = r.rpc.Call(ctx, rpc.Call{Model: "stock.quant", Method: "create", Args: map[string]any{"vals_list": counts}, Context: r.env}, &made)
	return made, err
}

// countForgotten counts again what Odoo forgot to: when it loses a race in the middle of making a quant it tries again by
// itself, but has taken the count out of the values by then. It answers as if all were well, with a new quant that is empty.
func (r recounting) countForgotten(ctx context.Context, made []int64, there map[int64][]quant, moved map[int64]decimal.Decimal) error {
	rows, err := rpc.SearchByID[quant](ctx, r.rpc, "stock.quant", made, "product_id", "quantity")
	if err != nil {
		return err
	}
	for _, q := range rows {
		known := there[q.Product.ID]
		switch {
		case !q.Quantity.IsZero(), len(known) == 1 && known[0].ID == q.ID:
			continue
		case len(known) == 1:
			q = known[0]
		}
		if err := r.countOne(ctx, q, moved[q.Product.ID]); err != nil {
			return err
		}
	}
	return nil
}

// countOne counts more or fewer goods in one quant.
func (r recounting) countOne(ctx context.Context, q quant, by decimal.Decimal) error {
	vals := rpc.Values([]rpc.Cell{rpc.DecimalCell(rpc.CountFields.For(r.rpc.Release), q.Quantity.Add(by))})
	return r.rpc.Call(ctx, rpc.Call{Model: "stock.quant", Method: "write", IDs: []int64{q.ID}, Args: map[string]any{"vals": vals}, Context: r.env}, nil)
}
