package wootest

import "slices"

// cart prices an order the way the block checkout does: from shelf prices, which the shop may enter with the tax of its
// base country. An order saved over REST starts from amounts ex tax instead.
type cart struct {
	table *taxTable // rates of the buyer's place
	base  *taxTable // rates of the shop's base country, which shelf prices include
	rules taxRules
}

// price takes lines whose Subtotal is shelf price times quantity, and sets taxes, discounts and totals.
func (k cart) price(o *order, coupons []*coupon) {
	o.inclusive = k.rules.inclusive
	b := bargain{order: o, table: k.table, rules: k.rules}
	for i := range o.lines {
		l := &o.lines[i]
		l.Taxes = nil
		gross := k.shelf(l)
		b.before = append(b.before, l.Subtotal)
		b.gross = append(b.gross, gross)
		l.Taxes, l.Subtotal = k.apart(l, l.Subtotal, gross, addSubtotal)
	}
	b.left = slices.Clone(b.before)
	for n, c := range coupons {
		b.apply(&o.coupons[n], b.discounts(c))
	}
	for i := range o.lines {
		l := &o.lines[i]
		l.Taxes, l.Total = k.apart(l, b.left[i], b.gross[i], addTotal)
	}
	o.taxShipping(k.table, k.rules)
	o.taxFees(k.table, k.rules)
	o.sum(k.table, k.rules)
}

// shelf takes the shop's own tax out of a price when the buyer's place has other rates; it reports whether the price
// still includes the buyer's tax.
func (k cart) shelf(l *orderLine) bool {
	if !k.rules.inclusive || l.untaxed {
		return false
	}
	rates, own := k.table.of(l.Class), k.base.of(l.Class)
	same := slices.EqualFunc(rates, own, func(a, b taxRate) bool { return a.ID == b.ID })
	if !same {
		_, taken := strip(own, l.Subtotal, nil, addTotal)
		l.Subtotal -= taken
	}
	return same
}

// apart gives a line's taxes and its amount ex tax.
func (k cart) apart(l *orderLine, amount money, gross bool, add func(t *lineTax, part money)) ([]lineTax, money) {
	switch {
	case l.untaxed:
		return nil, amount
	case gross:
		taxes, taken := strip(k.table.of(l.Class), amount, l.Taxes, add)
		return taxes, amount - taken
	}
	return tax(k.table.of(l.Class), amount, l.Taxes, add), amount
}
