package stock

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// Shelf is the stock of one product in one warehouse.
type Shelf struct {
	Variant
	aside decimal.Decimal // what the store has set aside and Odoo has no move for
}

// reserved is what is kept for orders: those Odoo is to deliver, and what the store has set aside beyond that.
func (s Shelf) reserved() decimal.Decimal { return s.Outgoing.Add(s.aside) }

func (s Shelf) free() decimal.Decimal { return s.OnHand.Sub(s.reserved()) }

// LeftFor is what is on hand for an order after what is reserved for others; own is what is reserved for itself.
func (s Shelf) LeftFor(own decimal.Decimal) decimal.Decimal {
	return s.OnHand.Sub(s.reserved().Sub(own))
}

// Lasts reports whether what is left of the product is enough: always, where Odoo keeps no stock of it.
func (s Shelf) Lasts(left, quantity decimal.Decimal) bool {
	return !s.Tracked() || left.GreaterThanOrEqual(quantity)
}

// CountedAt is when the store counted the product in a warehouse, UTC.
func (v Variant) CountedAt(warehouse int64) (time.Time, bool) {
	var at map[string]time.Time
	if json.Unmarshal([]byte(v.Counted), &at) != nil {
		return time.Time{}, false
	}
	t, ok := at[rpc.FormatID(warehouse)]
	return t, ok
}

// Quantities reads the stock of products in one warehouse. What the store has set aside for quotations counts as
// reserved and outgoing. Of a kit there are as many as the least of its parts is enough for. An unknown warehouse is fault.Invalid.
func (v *Inventory) Quantities(ctx context.Context, warehouse string, products []erp.Key) ([]erp.Quantities, error) {
	if _, err := v.records.Prepared(ctx); err != nil {
		return nil, err
	}
	at, err := v.warehouse(ctx, warehouse)
	if err != nil {
		return nil, err
	}
	ids, err := v.records.IDsOf(ctx, "product.product", products, record.ExternalName)
	if err != nil {
		return nil, err
	}
	var list []int64
	for _, id := range ids {
		list = append(list, id)
	}
	kits, err := v.kits(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, k := range kits {
		list = slices.AppendSeq(list, maps.Keys(k.parts))
	}
	shelves, err := v.Shelves(ctx, at.ID, list)
	if err != nil {
		return nil, err
	}
	quantities := make([]erp.Quantities, len(products))
	for i, key := range products {
		if k, ok := kits[ids[key]]; ok {
			quantities[i] = k.figures(shelves, shelves[ids[key]].aside)
			quantities[i].Product = key
			continue
		}
		quantities[i].Product = key
		if s, ok := shelves[ids[key]]; ok && s.Tracked() {
			quantities[i].OnHand, quantities[i].Incoming = s.OnHand.Decimal, s.Incoming.Decimal
			quantities[i].Reserved, quantities[i].Outgoing = s.reserved(), s.reserved()
			quantities[i].Tracked = true
			quantities[i].CountedAt, _ = s.CountedAt(at.ID)
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

func (v *Inventory) warehouse(ctx context.Context, id string) (warehouseRow, error) {
	rows, err := rpc.Search[warehouseRow](ctx, v.rpc, "stock.warehouse", []any{rpc.Where("id", "=", rpc.ParseID(id))}, "lot_stock_id", "view_location_id")
	if err != nil || len(rows) == 0 {
		return warehouseRow{}, record.OrMissing(err, "warehouse", "there is no warehouse %q: choose one of the ERP's", id)
	}
	return rows[0], nil
}

// Shelves reads the stock of products by their ids: the figures are computed and cannot be searched by.
func (v *Inventory) Shelves(ctx context.Context, warehouse int64, products []int64) (map[int64]Shelf, error) {
	found := make(map[int64]Shelf, len(products))
	env := rpc.With(rpc.With(v.rpc.ArchivedContext(), "warehouse", warehouse), "warehouse_id", warehouse) // the key's name changed
	fields := v.soldFields("qty_available", "incoming_qty", "outgoing_qty")
	err := rpc.Chunks(rpc.Distinct(products), rpc.PageSize, func(part []int64) error {
		rows, err := rpc.SearchIn[Variant](ctx, v.rpc, env, "product.product", []any{rpc.In("id", part)}, fields...)
		for _, r := range rows {
			found[r.ID] = Shelf{Variant: r}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	aside, err := v.aside(ctx, "product_id", rpc.Distinct(products), found, rpc.Where("order_id.warehouse_id", "=", warehouse), rpc.Where("state", "!=", "cancel"))
	for of, quantity := range aside {
		s := found[of.Product]
		s.aside = s.aside.Add(quantity)
		found[of.Product] = s
	}
	return found, err
}
