package odoo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/salecycle"
	"tandem/fault"
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

// leftOut is how many goods go on hand along with a reservation that lands only now, because a stock count showed already what
// the store had set aside, or, negative, given back: see salecycle.LeftOut.
type leftOut struct {
	Product  int64
	Quantity decimal.Decimal
	Counted  time.Time // UTC; a later count needs none of it, because the order has landed by then
	since    time.Time // UTC; counts from then on show the change
}

// opening is what is put on hand for an order. Odoo keeps it with the order until that is known to be done.
type opening struct {
	Origin string // of the stock moves that do it, by which they are found
	Goods  []leftOut
}

// encode writes the opening for Odoo, "" for none.
func (o opening) encode() (string, error) {
	if len(o.Goods) == 0 {
		return "", nil
	}
	content, err := json.Marshal(o)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "what is to be put on hand for an order cannot be written as JSON")
	}
	return string(content), nil
}

// openings compares what an order kept with what it keeps now. Lines of the same product count together, since a
// replaced line is not a line given up and another one set aside.
func (p *orderPlan) openings(refs orderRefs) []leftOut {
	grown := map[int64]kept{}
	delivered := p.orderSnapshot != nil && p.orderSnapshot.delivered()
	add := func(product int64, sign int64, stage erp.OrderStage, quantity, aside decimal.Decimal) {
		by := decimal.NewFromInt(sign)
		k := grown[product]
		k.reserved = k.reserved.Add(reservation(stage, delivered, quantity, aside).Mul(by))
		k.aside = k.aside.Add(aside.Mul(by))
		grown[product] = k
	}
	for _, line := range p.Record.Lines {
		if v, ok := refs.variants[line.Product]; ok && v.tracked() {
			add(v.ID, 1, p.Stage, line.Quantity, line.SetAside)
		}
	}
	from := p.from()
	if p.reopened && from != erp.Confirmed {
		from = erp.Confirmed // it was, until it was reopened and the landing cut off
	}
	for _, line := range p.lines {
		add(line.Product.ID, -1, from, line.Quantity.Decimal, line.Aside.Decimal)
	}
	var list []leftOut
	for product, k := range grown {
		if quantity, since := salecycle.LeftOut(p.Record, k.reserved, k.aside); !quantity.IsZero() {
			list = append(list, leftOut{Product: product, Quantity: quantity, since: since})
		}
	}
	return list
}

// noteOpenings decides what is to be put on hand for orders once they have landed. What is put on hand in one warehouse has
// one origin.
func (w orderWriter) noteOpenings(ctx context.Context, plans []*orderPlan) error {
	found := rpc.Map(plans, func(p *orderPlan) []leftOut { return p.openings(w.refs) })
	counted, err := rpc.SearchByID[soldVariant](ctx, w.rpc, "product.product", productsOf(slices.Concat(found...)), "x_tandem_counted")
	if err != nil {
		return err
	}
	for i, p := range plans {
		if p.opening.Goods, err = w.unopened(ctx, p); err != nil {
			return err
		}
		for _, o := range found[i] {
			at, ok := counted[o.Product].countedAt(rpc.ParseID(p.Record.Warehouse))
			if ok && !at.Before(o.since) {
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

// unopened gives what a landing that was cut off did not come to put on hand; when only the reply was lost, the stock moves
// are there: one of a product for all orders of the same origin.
func (w orderWriter) unopened(ctx context.Context, p *orderPlan) ([]leftOut, error) {
	var noted opening
	if p.orderSnapshot == nil || json.Unmarshal([]byte(p.orderSnapshot.Opening), &noted) != nil {
		return nil, nil //nolint:nilerr // there is no note: what cannot be read was not written by Tandem
	}
	done, err := rpc.Search[moveRow](ctx, w.rpc, "stock.move", []any{rpc.Where("origin", "=", noted.Origin)}, "product_id")
	return slices.DeleteFunc(noted.Goods, func(o leftOut) bool {
		return slices.ContainsFunc(done, func(m moveRow) bool { return m.Product.ID == o.Product })
	}), err
}

func productsOf(goods []leftOut) []int64 {
	return rpc.Map(goods, func(o leftOut) int64 { return o.Product })
}

// open puts goods on hand that were left out of stock counts.
func (w orderWriter) open(ctx context.Context, plans []*orderPlan) error {
	for warehouse, together := range toOpen(plans) {
		if err := w.openIn(ctx, warehouse, together); err != nil {
			return err
		}
	}
	return nil
}

// openIn puts the goods of orders on hand in a warehouse, except those that were counted since.
func (w orderWriter) openIn(ctx context.Context, warehouse string, plans []*orderPlan) error {
	var goods []leftOut
	for _, p := range plans {
		goods = append(goods, p.opening.Goods...)
	}
	products := productsOf(goods)
	release, err := w.lockShelves(ctx, products)
	if err != nil {
		return err
	}
	defer release()
	counted, err := rpc.SearchByID[soldVariant](ctx, w.rpc, "product.product", products, "x_tandem_counted")
	if err != nil {
		return err
	}
	moved := map[int64]decimal.Decimal{}
	for _, good := range goods {
		if at, _ := counted[good.Product].countedAt(rpc.ParseID(warehouse)); at.Equal(good.Counted) {
			moved[good.Product] = moved[good.Product].Add(good.Quantity)
		}
	}
	at, err := w.warehouse(ctx, warehouse)
	if err != nil {
		return err
	}
	return w.recount(ctx, at, moved, plans[0].opening.Origin)
}

// keepOpening gives an order that is held an origin of its own: the others of its batch are opened under theirs, and it would
// seem to be too.
func (w orderWriter) keepOpening(ctx context.Context, p *orderPlan) error {
	if len(p.opening.Goods) == 0 {
		return nil
	}
	p.opening.Origin = originOf([]*orderPlan{p})
	noted, err := p.opening.encode()
	if err != nil {
		return err
	}
	return w.rpc.Write(ctx, "sale.order", []int64{p.ID}, map[string]any{"x_tandem_opening": noted})
}
