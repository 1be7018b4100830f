package wootest

import "slices"

// calculate sets taxes and totals the way WooCommerce does when an order is saved: each line's tax is kept unrounded per
// rate, and the rules say what is rounded when the order adds it up.
func (o *order) calculate(table *taxTable, rules taxRules) {
	o.taxLines(table)
	o.taxShipping(table, rules)
	o.taxFees(table, rules)
	o.sum(table, rules)
}

// sum adds up taxes and totals of lines that are taxed.
func (o *order) sum(table *taxTable, rules taxRules) {
	o.sumTaxes(table.rates, rules)
	o.sumUp(rules)
}

func (o *order) taxLines(table *taxTable) {
	for i := range o.lines {
		l := &o.lines[i]
		l.Taxes = nil
		if !l.untaxed {
			rates := table.of(l.Class)
			l.Taxes = tax(rates, l.Total, make([]lineTax, 0, len(rates)), addTotal)
			l.Taxes = tax(rates, l.Subtotal, l.Taxes, addSubtotal)
		}
	}
}

// shippingClass is the tax class of shipping. An inherited one is the standard class if any line has it, else the first
// line's.
func (o *order) shippingClass(rules taxRules) (class string, taxed bool) {
	if rules.shipping != inherit {
		return rules.shipping, true
	}
	for i := range o.lines {
		if o.lines[i].untaxed {
			continue
		}
		if o.lines[i].Class == "" {
			return "", true
		}
		if !taxed {
			class, taxed = o.lines[i].Class, true
		}
	}
	return class, taxed
}

func (o *order) taxShipping(table *taxTable, rules taxRules) {
	class, taxed := o.shippingClass(rules)
	var rates []taxRate
	if taxed {
		rates = slices.DeleteFunc(slices.Clone(table.of(class)), func(r taxRate) bool { return !bool(r.Shipping) })
	}
	for i := range o.shipping {
		l := &o.shipping[i]
		l.Taxes = tax(rates, l.Total, nil, addTotal)
	}
}

// taxFees taxes a fee by its class. A negative one takes off the tax of what the order holds, shared out over its classes, whether or not it
// is taxable itself; one of a checkout takes off none.
func (o *order) taxFees(table *taxTable, rules taxRules) {
	for i := range o.fees {
		f := &o.fees[i]
		f.Taxes = nil
		switch {
		case f.Total < 0 && !f.checkout:
			f.Taxes = o.apportion(table, f.Total, rules)
		case f.untaxed, f.Total < 0:
		default:
			f.Taxes = tax(table.of(f.Class), f.Total, nil, addTotal)
		}
	}
}

// apportion weighs classes by cost before coupons, because WooCommerce reads the lines as they were first saved.
func (o *order) apportion(table *taxTable, fee money, rules taxRules) []lineTax {
	inherited, taxed := o.shippingClass(rules)
	classes := make([]string, 0, 4)
	costs := make([]money, 0, 4)
	var all money
	add := func(class string, cost money, untaxed bool) {
		if cost <= 0 {
			return
		}
		if all += cost; untaxed {
			return
		}
		at := slices.Index(classes, class)
		if at < 0 {
			classes, costs = append(classes, class), append(costs, 0)
			at = len(classes) - 1
		}
		costs[at] += cost
	}
	for i := range o.lines {
		cost := o.lines[i].Total
		if len(o.coupons) > 0 {
			cost = o.lines[i].Subtotal
		}
		add(o.lines[i].Class, cost, o.lines[i].untaxed)
	}
	for i := range o.fees {
		add(o.fees[i].Class, o.fees[i].Total, o.fees[i].untaxed)
	}
	for i := range o.shipping {
		add(inherited, o.shipping[i].Total, !taxed)
	}
	var taxes []lineTax
	for i, class := range classes {
		taxes = tax(table.of(class), share(fee, int64(costs[i]), int64(all)), taxes, addTotal)
	}
	return taxes
}

// sumTaxes makes one tax line per rate that any line has.
func (o *order) sumTaxes(rates []taxRate, rules taxRules) {
	old := o.taxes
	o.taxes = nil
	o.shippingTax, o.cartTax = 0, 0
	each := func(taxes []lineTax, shipping bool) {
		for _, t := range taxes {
			line := o.taxLine(t.rate, rates, old)
			if part := rules.tax(t.total); shipping {
				line.Shipping += part
				o.shippingTax += part
			} else {
				line.Tax += part
				o.cartTax += part
			}
		}
	}
	for i := range o.lines {
		each(o.lines[i].Taxes, false)
	}
	for i := range o.fees {
		each(o.fees[i].Taxes, false)
	}
	for i := range o.shipping {
		each(o.shipping[i].Taxes, true)
	}
}

// taxLine finds or adds the line of a rate; a line the order had before keeps its id.
func (o *order) taxLine(id int, rates []taxRate, old []taxLine) *taxLine {
	for i := range o.taxes {
		if o.taxes[i].Rate == id {
			return &o.taxes[i]
		}
	}
	line := taxLine{Rate: id}
	for i := range old {
		if old[i].Rate == id {
			line.ID, line.Code = old[i].ID, old[i].Code // the code stays when the rate is edited
		}
	}
	for i := range rates {
		if r := &rates[i]; r.ID == id {
			line.Label, line.Percent, line.Compound = string(r.Name), r.percent, bool(r.Compound)
			if line.Code == "" {
				line.Code = r.code()
			}
		}
	}
	o.taxes = append(o.taxes, line)
	return &o.taxes[len(o.taxes)-1]
}

// sumUp adds up the parts, rounded as the rules say. Fees are added as they are, each shipping line rounded.
func (o *order) sumUp(rules taxRules) {
	var subtotal, total, subtotalTax, totalTax, fees money
	for i := range o.lines {
		l := &o.lines[i]
		subtotal += rules.item(l.Subtotal)
		total += rules.item(l.Total)
		for _, t := range l.Taxes {
			subtotalTax += t.subtotal
			totalTax += t.total
		}
	}
	for i := range o.fees {
		fees += o.fees[i].Total
	}
	o.shippingTotal = 0
	for i := range o.shipping {
		o.shippingTotal += rules.whole(o.shipping[i].Total)
	}
	o.discount, o.discountTax = rules.whole(subtotal-total), rules.whole(subtotalTax-totalTax)
	o.total = max(0, rules.whole(total+fees+o.shippingTotal+o.cartTax+o.shippingTax))
}
