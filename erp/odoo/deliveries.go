package odoo

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// moveRow is a stock.move: goods of one product that a picking takes.
type moveRow struct {
	row
	Product  link   `json:"product_id"`
	Picking  link   `json:"picking_id"`
	Quantity amount `json:"product_uom_qty"`
	State    text   `json:"state"`
}

// ShipOrder delivers what is left to deliver. It is fault.Parked with code "no_stock" while some of it is not on hand or
// is reserved for others, and with "not_done" when Odoo leaves a picking open all the same.
func (b *Backend) ShipOrder(ctx context.Context, order erp.Key) (erp.OrderState, error) {
	return b.take(ctx, order, salecycle.Ship, func(s standing) error {
		needed, err := b.needed(ctx, s)
		if err != nil {
			return err
		}
		products := slices.Collect(maps.Keys(needed))
		defer b.locks.lock(mapped(products, shelfName))() // two orders must not be promised the same goods
		if err := b.checkStock(ctx, order.Instance, s, needed); err != nil {
			return err
		}
		return b.deliverAll(ctx, s)
	})
}

// steps is how many pickings may follow each other in a delivery: goods are picked, packed and shipped, and a person may
// have added some.
const steps = 6

// deliverAll delivers the open pickings. In a warehouse that ships in several steps they were made from the last step to
// the first, or each is made by the one before it.
func (b *Backend) deliverAll(ctx context.Context, s standing) error {
	for range steps {
		open := s.open()
		for _, picking := range slices.Backward(open) {
			if err := b.deliver(ctx, picking.ID); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(open, func(p pickingRow) bool { return p.Kind != "outgoing" }) {
			return nil // nothing follows what leaves the house
		}
		var err error
		if s, err = b.standing(ctx, s.ID); err != nil {
			return err
		}
	}
	return nil
}

// checkStock parks an order of which too little is on hand after what is reserved for others.
func (b *Backend) checkStock(ctx context.Context, instance string, s standing, needed map[int64]decimal.Decimal) error {
	lines, err := searchBy[lineRow](ctx, b, "sale.order.line", "order_id", []int64{s.ID}, []any{term("x_tandem_aside", ">", 0)}, lineColumns...)
	if err != nil {
		return err
	}
	own := map[int64]decimal.Decimal{} // what is reserved for this order beyond what it is to be delivered
	for _, line := range lines {
		own[line.Product.ID] = own[line.Product.ID].Add(line.beyond())
	}
	shelves, err := b.shelves(ctx, s.Warehouse.ID, slices.Collect(maps.Keys(needed)))
	if err != nil {
		return err
	}
	var short []int64
	for id, quantity := range needed {
		others := shelves[id].reserved().Sub(quantity).Sub(own[id])
		if at := shelves[id]; at.tracked() && at.OnHand.Sub(others).LessThan(quantity) {
			short = append(short, id)
		}
	}
	return b.noStock(ctx, instance, short)
}

// needed sums what an order is to be delivered, by product.
func (b *Backend) needed(ctx context.Context, s standing) (map[int64]decimal.Decimal, error) {
	moves, err := searchBy[moveRow](ctx, b, "stock.move", "picking_id", mapped(s.open(), pickingRow.id),
		[]any{term("state", "not in", []string{"done", "cancel"}), term("picking_id.picking_type_code", "=", "outgoing")},
		"product_id", "product_uom_qty")
	needed := map[int64]decimal.Decimal{}
	for _, m := range moves {
		needed[m.Product.ID] = needed[m.Product.ID].Add(m.Quantity.Decimal)
	}
	return needed, err
}

// noStock names the products by the store's ids, which is how the operator finds them; nil when there are none.
func (b *Backend) noStock(ctx context.Context, instance string, variants []int64) error {
	if len(variants) == 0 {
		return nil
	}
	rows, err := searchBy[bound](ctx, b, "ir.model.data", "res_id", variants,
		[]any{term("module", "=", module), term("model", "=", "product.product")}, "name", "res_id")
	if err != nil {
		return err
	}
	var names []string
	for _, r := range rows {
		if key, ok := keyOf(r.Name); ok && key.Instance == instance {
			names = append(names, key.ID)
		}
	}
	slices.Sort(names)
	held := fault.New(fault.Parked, "not enough stock to ship product %s: correct the count or wait for goods", strings.Join(names, ", "))
	held.Code = "no_stock"
	return held
}

// deliver reserves the goods of a picking, says that all of them were picked, and validates it. Whether that worked is
// for the caller to see: Odoo answers true for pickings it leaves open.
func (b *Backend) deliver(ctx context.Context, picking int64) error {
	if err := b.run(ctx, "stock.picking", "action_assign", []int64{picking}, nil, nil); err != nil && !fault.Is(err, fault.Invalid) {
		return err // it is refused when there is nothing to reserve
	}
	moves, err := search[moveRow](ctx, b, "stock.move", []any{term("picking_id", "=", picking),
		term("state", "not in", []string{"done", "cancel"})}, "product_uom_qty")
	if err != nil {
		return err
	}
	same := map[string][]int64{}
	for _, m := range moves {
		same[m.Quantity.String()] = append(same[m.Quantity.String()], m.ID)
	}
	done := pick(b.release, doneQuantities)
	for quantity, ids := range same {
		vals := values([]cell{figure(done.field, decimal.RequireFromString(quantity))})
		if done.picked {
			vals["picked"] = true
		}
		if err := b.write(ctx, "stock.move", ids, vals); err != nil {
			return err
		}
	}
	env := b.base()
	for _, skip := range []string{"skip_backorder", "skip_immediate", "skip_sms"} {
		env[skip] = true
	}
	return b.api.call(ctx, call{model: "stock.picking", method: "button_validate", ids: []int64{picking}, context: env}, nil)
}
