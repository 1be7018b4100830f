package sales

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
	"tandem/erp/salecycle"
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

// openings compares what an order kept with what it keeps now. Lines of the same product count together, since a
// replaced line is not a line given up and another one set aside.
func (p *orderPlan) openings(refs orderRefs) []stock.LeftOut {
	if p.KeepLines {
		return nil
	}
	grown := map[int64]kept{}
	delivered := p.snapshot != nil && p.snapshot.delivered()
	add := func(product int64, sign int64, stage erp.OrderStage, quantity, aside decimal.Decimal) {
		by := decimal.NewFromInt(sign)
		k := grown[product]
		k.reserved = k.reserved.Add(reservation(stage, delivered, quantity, aside).Mul(by))
		k.aside = k.aside.Add(aside.Mul(by))
		grown[product] = k
	}
	for _, line := range p.Record.Lines {
		if v, ok := refs.variants[line.Product]; ok && v.Tracked() {
			add(v.ID, 1, p.Stage, line.Quantity, line.SetAside)
		}
	}
	from := p.from()
	if p.reopened && from != erp.Confirmed {
		from = erp.Confirmed // it was, until it was reopened and the landing cut off
	}
	for _, line := range p.lines {
		add(line.Product.ID, -1, from, p.units.pieces(line), line.Aside.Decimal)
	}
	var list []stock.LeftOut
	for product, k := range grown {
		if quantity, since := salecycle.LeftOut(p.Record, k.reserved, k.aside); !quantity.IsZero() {
			list = append(list, stock.LeftOut{Product: product, Quantity: quantity, Since: since})
		}
	}
	return list
}

// noteOpenings decides which goods are put on hand for orders once they have landed. What is put on hand in one warehouse has
// one origin.
func (w orderWriter) noteOpenings(ctx context.Context, plans []*orderPlan) error {
	found := rpc.Map(plans, func(p *orderPlan) []stock.LeftOut { return p.openings(w.refs) })
	counted, err := w.stock.Counts(ctx, stock.ProductsOf(slices.Concat(found...)))
	if err != nil {
		return err
	}
	for i, p := range plans {
		if p.snapshot != nil {
			if p.opening.Goods, err = w.stock.Unopened(ctx, string(p.snapshot.Opening)); err != nil {
				return err
			}
		}
		for _, o := range found[i] {
			at, ok := counted[o.Product].CountedAt(rpc.ParseID(p.Record.Warehouse))
			if ok && !at.Before(o.Since) {
				o.Counted = at
				p.opening.Goods = append(p.opening.Goods, o)
			}
		}
	}
	for _, together := range toOpen(plans) {
		origin := originOf(together)
		for _, p := range together {
			p.opening.Origin = origin
		}
	}
	return nil
}

// toOpen gives the orders of each warehouse that goods are to be put on hand for.
func toOpen(plans []*orderPlan) map[string][]*orderPlan {
	byWarehouse := map[string][]*orderPlan{}
	for _, p := range plans {
		if len(p.opening.Goods) > 0 {
			byWarehouse[p.Record.Warehouse] = append(byWarehouse[p.Record.Warehouse], p)
		}
	}
	return byWarehouse
}

// originDigits is how much of an origin is by chance, so that no two openings have the same.
const originDigits = 12

// originOf names the stock moves that put goods on hand for some orders.
func originOf(plans []*orderPlan) string {
	origin := plans[0].Record.Number
	if more := len(plans) - 1; more > 0 {
		origin = fmt.Sprintf("%s and %d more", origin, more)
	}
	return origin + " " + strings.ToLower(rand.Text()[:originDigits])
}

// open puts goods on hand that were left out of stock counts.
func (w orderWriter) open(ctx context.Context, plans []*orderPlan) error {
	for warehouse, together := range toOpen(plans) {
		var goods []stock.LeftOut
		for _, p := range together {
			goods = append(goods, p.opening.Goods...)
		}
		if err := w.stock.PutOnHand(ctx, warehouse, goods, together[0].opening.Origin); err != nil {
			return err
		}
	}
	return nil
}

// keepOpening gives an order that is held an origin of its own: the others of its batch are opened under theirs, and it would
// seem to be too.
func (w orderWriter) keepOpening(ctx context.Context, p *orderPlan) error {
	if len(p.opening.Goods) == 0 {
		return nil
	}
	p.opening.Origin = originOf([]*orderPlan{p})
	noted, err := p.opening.Encode()
	if err != nil {
		return err
	}
	return w.rpc.Write(ctx, "sale.order", []int64{p.ID}, map[string]any{"x_tandem_opening": noted})
}
