package odoo

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
)

// kept is what an order keeps of the stock of a product.
type kept struct{ reserved, aside decimal.Decimal }

// reservation is how much of a line's goods is kept for the order: what the store has set aside for it and, once it is
// confirmed, at least what is to be delivered. Nothing is kept of what is gone or given up.
func reservation(stage erp.OrderStage, delivered bool, quantity, setAside decimal.Decimal) decimal.Decimal {
	switch {
	case delivered, stage == erp.Cancelled:
		return decimal.Zero
	case stage == erp.Confirmed:
		return decimal.Max(setAside, quantity)
	default:
		return setAside
	}
}

// opening is how many goods a stock count did not contain because the store had set them aside for an order, which lands
// only now: they are put on hand along with their reservation, and the free quantity stays what the store counted.
type opening struct {
	product int64
	leftOut decimal.Decimal
	since   time.Time // when the store set them aside, UTC
}

// openings compares what an order kept with what it keeps now. Lines of the same product count together, since a
// replaced line is not a line given up and another one set aside.
func (p *orderPlan) openings(refs orderRefs) []opening {
	grown := map[int64]kept{}
	delivered := p.standing != nil && p.standing.delivered()
	add := func(product int64, sign int64, stage erp.OrderStage, quantity, aside decimal.Decimal) {
		by := decimal.NewFromInt(sign)
		k := grown[product]
		k.reserved = k.reserved.Add(reservation(stage, delivered, quantity, aside).Mul(by))
		k.aside = k.aside.Add(aside.Mul(by))
		grown[product] = k
	}
	for _, line := range p.record.Lines {
		if v, ok := refs.variants[line.Product]; ok && v.tracked() {
			add(v.ID, 1, p.stage, line.Quantity, line.SetAside)
		}
	}
	for _, line := range p.lines {
		add(line.Product.ID, -1, p.from(), line.Quantity.Decimal, line.Aside.Decimal)
	}
	var list []opening
	for product, k := range grown {
		if leftOut := decimal.Min(k.aside, k.reserved); leftOut.IsPositive() {
			list = append(list, opening{product: product, leftOut: leftOut, since: p.since()})
		}
	}
	return list
}

// open puts goods on hand that were left out of stock counts.
func (w orderWriter) open(ctx context.Context, plans []*orderPlan) error {
	byWarehouse := map[string][]opening{}
	for _, p := range plans {
		byWarehouse[p.record.Warehouse] = append(byWarehouse[p.record.Warehouse], p.openings(w.refs)...)
	}
	for warehouse, list := range byWarehouse {
		if err := w.openIn(ctx, warehouse, list); err != nil {
			return err
		}
	}
	return nil
}

func (w orderWriter) openIn(ctx context.Context, warehouse string, list []opening) error {
	if len(list) == 0 {
		return nil
	}
	defer w.locks.lock(mapped(list, func(o opening) string { return shelfName(o.product) }))()
	products, err := byID[soldVariant](ctx, w.Backend, "product.product",
		mapped(list, func(o opening) int64 { return o.product }), "x_tandem_counted")
	if err != nil {
		return err
	}
	moved := map[int64]decimal.Decimal{}
	for _, o := range list {
		if at, counted := products[o.product].countedAt(parseID(warehouse)); counted && !at.Before(o.since) {
			moved[o.product] = moved[o.product].Add(o.leftOut)
		}
	}
	if len(moved) == 0 {
		return nil
	}
	at, err := w.warehouse(ctx, warehouse)
	if err != nil {
		return err
	}
	return w.recount(ctx, at, moved)
}
