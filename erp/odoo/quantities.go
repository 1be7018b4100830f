package odoo

import (
	"context"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// shelf is the stock of one product in one warehouse.
type shelf struct {
	soldVariant
	aside decimal.Decimal // what the store has set aside and Odoo has no move for
}

// reserved is what is kept for orders: those Odoo is to deliver, and what the store has set aside beyond that.
func (s shelf) reserved() decimal.Decimal { return s.Outgoing.Add(s.aside) }

func (s shelf) free() decimal.Decimal { return s.OnHand.Sub(s.reserved()) }

// leftFor is what is on hand for an order after what is reserved for others; own is what is reserved for itself.
func (s shelf) leftFor(own decimal.Decimal) decimal.Decimal {
	return s.OnHand.Sub(s.reserved().Sub(own))
}

// lasts reports whether what is left of the product is enough: always, where Odoo keeps no stock of it.
func (s shelf) lasts(left, quantity decimal.Decimal) bool {
	return !s.tracked() || left.GreaterThanOrEqual(quantity)
}

// countedAt is when the store counted the product in a warehouse, UTC.
func (v soldVariant) countedAt(warehouse int64) (time.Time, bool) {
	var at map[string]time.Time
	if json.Unmarshal([]byte(v.Counted), &at) != nil {
		return time.Time{}, false
	}
	t, ok := at[rpc.FormatID(warehouse)]
	return t, ok
}

// Quantities reads the stock of products in one warehouse. What the store has set aside for quotations counts as
// reserved and outgoing. An unknown warehouse is fault.Invalid.
func (b *Backend) Quantities(ctx context.Context, warehouse string, products []erp.Key) ([]erp.Quantities, error) {
	if _, err := b.records.Prepared(ctx); err != nil {
		return nil, err
	}
	at, err := b.warehouse(ctx, warehouse)
	if err != nil {
		return nil, err
	}
	ids, err := b.records.IDsOf(ctx, "product.product", products, record.ExternalName)
	if err != nil {
		return nil, err
	}
	var list []int64
	for _, id := range ids {
		list = append(list, id)
	}
	shelves, err := b.shelves(ctx, at.ID, list)
	if err != nil {
		return nil, err
	}
	quantities := make([]erp.Quantities, len(products))
	for i, key := range products {
		quantities[i].Product = key
		if s, ok := shelves[ids[key]]; ok && s.tracked() {
			quantities[i].OnHand, quantities[i].Incoming = s.OnHand.Decimal, s.Incoming.Decimal
			quantities[i].Reserved, quantities[i].Outgoing = s.reserved(), s.reserved()
		}
	}
	return quantities, nil
}

// warehouseRow is a stock.warehouse.
type warehouseRow struct {
	rpc.Row
	Stock rpc.Link `json:"lot_stock_id"`
	View  rpc.Link `json:"view_location_id"` // all that belongs to it
}

func (b *Backend) warehouse(ctx context.Context, id string) (warehouseRow, error) {
	rows, err := rpc.Search[warehouseRow](ctx, b.rpc, "stock.warehouse", []any{rpc.Where("id", "=", rpc.ParseID(id))}, "lot_stock_id", "view_location_id")
	if err != nil || len(rows) == 0 {
		return warehouseRow{}, record.OrMissing(err, "warehouse", "there is no warehouse %q: choose one of the ERP's", id)
	}
	return rows[0], nil
}

// shelves reads the stock of products by their ids: the figures are computed and cannot be searched by.
func (b *Backend) shelves(ctx context.Context, warehouse int64, products []int64) (map[int64]shelf, error) {
	found := make(map[int64]shelf, len(products))
	env := rpc.With(rpc.With(b.rpc.ArchivedContext(), "warehouse", warehouse), "warehouse_id", warehouse) // the key's name changed
	fields := b.soldFields("qty_available", "incoming_qty", "outgoing_qty")
	err := rpc.Chunks(rpc.Distinct(products), rpc.PageSize, func(part []int64) error {
		rows, err := rpc.SearchIn[soldVariant](ctx, b.rpc, env, "product.product", []any{rpc.In("id", part)}, fields...)
		for _, r := range rows {
			found[r.ID] = shelf{soldVariant: r}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	lines, err := rpc.SearchBy[asideLine](ctx, b.rpc, "sale.order.line", "product_id", rpc.Distinct(products), []any{
		rpc.Where(asideField, ">", 0), rpc.Where("order_id.warehouse_id", "=", warehouse), rpc.Where("state", "!=", "cancel")}, asideColumns...)
	for _, line := range lines {
		s := found[line.Product.ID]
		s.aside = s.aside.Add(line.beyond())
		found[line.Product.ID] = s
	}
	return found, err
}
