package stock

import (
	"context"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/catalog"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Move is a stock.move: goods of one product that a picking takes.
type Move struct {
	rpc.Row
	Picking  rpc.Link   `json:"picking_id"`
	Product  rpc.Link   `json:"product_id"`
	Type     rpc.Link   `json:"picking_type_id"`
	Quantity rpc.Amount `json:"product_uom_qty"` // in the move's unit, like what is reserved and done
	Pieces   rpc.Amount `json:"product_qty"`     // the same in the unit of the product
	Tracking rpc.Text   `json:"has_tracking"`    // none, lot or serial
	Lines    []int64    `json:"move_line_ids"`   // one for each shelf that it takes from
	reserved
	taken decimal.Decimal // what is to be done of it now
}

// Lotted reports whether somebody has to say which of the goods a move takes.
func (m Move) Lotted() bool { return m.Tracking == "lot" || m.Tracking == "serial" }

// inOtherUnit reports whether the move is of another unit than that of the product.
func (m Move) inOtherUnit() bool {
	return m.Pieces.IsPositive() && m.Quantity.IsPositive() && !m.Pieces.Equal(m.Quantity.Decimal)
}

// pieces gives a part of a move in the unit of its product.
func (m Move) pieces(quantity decimal.Decimal) decimal.Decimal {
	if !m.inOtherUnit() {
		return quantity
	}
	return quantity.Mul(m.Pieces.Decimal).DivRound(m.Quantity.Decimal, quantityDigits)
}

// ofPieces gives what is so much in the unit of the product in the move's unit.
func (m Move) ofPieces(pieces decimal.Decimal) decimal.Decimal {
	if !m.inOtherUnit() {
		return pieces
	}
	return pieces.Mul(m.Quantity.Decimal).DivRound(m.Pieces.Decimal, quantityDigits)
}

// GoodsOf sums up by product what moves take, in the unit of the product.
func GoodsOf(moves []Move) map[int64]decimal.Decimal {
	goods := map[int64]decimal.Decimal{}
	for _, m := range moves {
		goods[m.Product.ID] = goods[m.Product.ID].Add(m.pieces(m.Quantity.Decimal))
	}
	return goods
}

// ByPicking sorts moves by the picking they belong to.
func ByPicking(moves []Move) map[int64][]Move {
	of := map[int64][]Move{}
	for _, m := range moves {
		of[m.Picking.ID] = append(of[m.Picking.ID], m)
	}
	return of
}

// reserved is how much of a move is reserved, under the name it has in a version.
type reserved struct {
	Old *rpc.Amount `json:"reserved_availability"`
	New *rpc.Amount `json:"quantity"`
}

func (r reserved) quantity() decimal.Decimal {
	switch {
	case r.New != nil:
		return r.New.Round(quantityDigits)
	case r.Old != nil:
		return r.Old.Round(quantityDigits)
	default:
		return decimal.Zero
	}
}

// quantityDigits is how many digits of a quantity are not what a float added to it.
const quantityDigits = 6

// DueMoves reads the moves of open pickings of orders that nothing else of their order follows: in a warehouse that ships
// in several steps goods would count more than once otherwise.
func (v *Inventory) DueMoves(ctx context.Context, pickings []int64) ([]Move, error) {
	return rpc.SearchBy[Move](ctx, v.rpc, "stock.move", "picking_id", pickings,
		[]any{rpc.Where("state", "not in", []string{"done", "cancel"}), rpc.In("picking_type_id.code", ownKinds), rpc.Where("move_dest_ids", "=", false)},
		"picking_id", "product_id", "product_uom_qty", "product_qty", "picking_type_id", "has_tracking")
}

// CheckLots parks an order whose goods have lots or serial numbers: which ones are in the box only a person can tell.
func (v *Inventory) CheckLots(ctx context.Context, instance string, moves []Move) error {
	var products, types []int64
	for _, m := range moves {
		if m.Lotted() {
			products, types = append(products, m.Product.ID), append(types, m.Type.ID)
		}
	}
	if len(products) == 0 {
		return nil
	}
	asking, err := rpc.SearchBy[rpc.Row](ctx, v.rpc, "stock.picking.type", "id", rpc.Distinct(types),
		[]any{"|", rpc.Where("use_create_lots", "=", true), rpc.Where("use_existing_lots", "=", true)}, "id")
	if err != nil || len(asking) == 0 {
		return err
	}
	names, err := v.storeIDs(ctx, instance, products)
	if err != nil {
		return err
	}
	held := fault.New(fault.Parked, "the delivery needs the lots or serial numbers of product %s: choose them in Odoo and validate it there", names)
	held.Code = "needs_lot"
	return held
}

// NoStock parks an order that waits for variants, whether all else is shipped or nothing.
func (v *Inventory) NoStock(ctx context.Context, instance string, variants []int64, shipped bool) error {
	names, err := v.storeIDs(ctx, instance, variants)
	if err != nil {
		return err
	}
	rest := ""
	if shipped {
		rest = ", all else was shipped"
	}
	held := fault.New(fault.Parked, "not enough stock to ship product %s%s: correct the count or wait for goods", names, rest)
	held.Code = "no_stock"
	if held.Waits, err = v.countedKeys(ctx, instance, variants); err != nil {
		return err
	}
	return held
}

// storeIDs lists products by the store's ids, which is how the operator finds them.
func (v *Inventory) storeIDs(ctx context.Context, instance string, variants []int64) (string, error) {
	keys, err := v.keysOf(ctx, instance, "product.product", variants)
	ids := rpc.Map(keys, func(k boundKey) string { return k.ID })
	slices.Sort(ids)
	return strings.Join(ids, ", "), err
}

// countedKeys returns the keys under which the counts of variants land: a variation's comes with its product.
func (v *Inventory) countedKeys(ctx context.Context, instance string, variants []int64) ([]string, error) {
	rows, err := rpc.SearchBy[catalog.Variant](ctx, v.rpc, "product.product", "id", rpc.Distinct(variants), nil, "product_tmpl_id")
	if err != nil {
		return nil, err
	}
	own, err := v.keysOf(ctx, instance, "product.product", variants)
	if err != nil {
		return nil, err
	}
	templates := rpc.Map(rows, func(of catalog.Variant) int64 { return of.Template.ID })
	parents, err := v.keysOf(ctx, instance, "product.template", templates)
	keys := rpc.Map(slices.Concat(own, parents), func(k boundKey) string { return k.String() })
	slices.Sort(keys)
	return slices.Compact(keys), err
}

// boundKey is a key and the product it is bound to.
type boundKey struct {
	erp.Key
	product int64
}

// keysOf finds the keys of an instance that products of a model have. That of a template is not a key of the variant that
// stands for it.
func (v *Inventory) keysOf(ctx context.Context, instance, model string, products []int64) ([]boundKey, error) {
	rows, err := rpc.SearchBy[record.Bound](ctx, v.rpc, "ir.model.data", "res_id", rpc.Distinct(products),
		[]any{rpc.Where("module", "=", record.Module), rpc.Where("model", "=", model)}, "name", "res_id")
	var keys []boundKey
	for _, r := range rows {
		if model == "product.product" && strings.HasSuffix(r.Name, record.TemplateSuffix) {
			continue
		}
		if key, ok := record.KeyOf(r.Name); ok && key.Instance == instance {
			keys = append(keys, boundKey{key, r.ResID})
		}
	}
	return keys, err
}
